"""How much script the built pages load: who comes by a slow line waits for all of it."""

import gzip
import re
from functools import cache

import pytest

from chess_analytics.api.pages import BUILD, PAGES

BUDGETS_KB = {"game": 90}
OTHERS_KB = 50

_NAMED = re.compile(r"[\w-]+-[\w-]{8}\.js")
_LANGUAGE = re.compile(r"(?:en|de)-[\w-]{8}\.js")
_ONE_LANGUAGE = "en-"


@pytest.mark.parametrize("page", PAGES.values())
def test_a_page_loads_little_script(page: str) -> None:
    if not (BUILD / "index.html").is_file():
        pytest.skip("the web app is not built; `just web` builds it")
    assert 1 < script_kilobytes(page) <= BUDGETS_KB.get(page, OTHERS_KB)


def script_kilobytes(page: str) -> float:
    """Add up, packed by gzip, all files that a page names and those name in turn."""
    html = (BUILD / f"{page}.html").read_text(encoding="utf-8")
    wanted, found = set(_NAMED.findall(html)), set[str]()
    while wanted:
        name = wanted.pop()
        found.add(name)
        wanted |= set(_NAMED.findall(_text(name))) - found
    # A user reads one language.
    loaded = [it for it in found if not _LANGUAGE.fullmatch(it) or it.startswith(_ONE_LANGUAGE)]
    return sum(len(gzip.compress(_text(name).encode())) for name in loaded) / 1024


@cache
def _text(name: str) -> str:
    return (BUILD / "assets" / name).read_text(encoding="utf-8")
