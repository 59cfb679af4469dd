"""How much script the built pages load: who comes by a slow line waits for all of it."""

import gzip
import json
import re
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from chess_analytics.api.pages import BUILD, PAGES

ROOT = Path(__file__).resolve().parents[1]
BUDGETS_KB = {"game": 90, "shared": 90}
OTHERS_KB = 50
LATER_KB = 25
"""What comes after a page shows something: a board and the rules of chess are 21 of them."""
ENGINE_KB = 1400

_NAMED = re.compile(r"[\w.-]+-[\w-]{8}\.js")
# Not by `import(…)`, which is for what comes later.
_NEEDED = re.compile(r'(?:from|import)"\./([\w.-]+-[\w-]{8}\.js)"')
_LANGUAGE = re.compile(r"(?:\w+\.)?(en|de)-[\w-]{8}\.js")
_LOCK = "wasm/package-lock.json"
_ENGINE = "stockfish-"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("page", PAGES.values())
def test_a_page_loads_little_script(page: str, language: str) -> None:
    if not (BUILD / "index.html").is_file():
        pytest.skip("the web app is not built; `just web` builds it")
    at_first, in_all = script_kilobytes(page, language)
    budget = BUDGETS_KB.get(page, OTHERS_KB)
    assert 1 < at_first <= budget
    assert at_first <= in_all <= budget + LATER_KB


def test_the_engine_of_the_browser_is_there_whole_and_small() -> None:
    """Its script finds the program by the name that the page gives it, and its licence is there."""
    if not (BUILD / "index.html").is_file():
        pytest.skip("the web app is not built; `just web` builds it")
    kinds = {file.suffix: file for file in (BUILD / "assets" / "engine").iterdir()}
    assert set(kinds) == {".js", ".wasm", ".txt"}
    packed = sum(len(gzip.compress(file.read_bytes())) for file in kinds.values())
    assert packed / 1024 <= ENGINE_KB


def test_browser_and_server_take_the_same_stockfish() -> None:
    web = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    shipped = json.loads(resources.files("chess_analytics.engine").joinpath(_LOCK).read_text())
    name = "node_modules/stockfish"
    for field in ("version", "integrity"):
        assert web[name][field] == shipped["packages"][name][field]


def script_kilobytes(page: str, language: str) -> tuple[float, float]:
    """Add up, packed by gzip, what a page needs to show anything, and all that it ever loads."""
    everything = _loaded(page, language, _NAMED)
    at_first = _loaded(page, language, _NEEDED) | {it for it in everything if language_of(it)}
    return _packed_kilobytes(at_first), _packed_kilobytes(everything)


def _loaded(page: str, language: str, named: re.Pattern[str]) -> set[str]:
    """Follow the names from a page's own files on, but for words of other languages."""
    html = (BUILD / f"{page}.html").read_text(encoding="utf-8")
    wanted, found = set(_NAMED.findall(html)), set[str]()
    while wanted:
        name = wanted.pop()
        found.add(name)
        wanted |= {it for it in named.findall(_text(name)) if not it.startswith(_ENGINE)} - found
    # A user reads one language. The engine is no script of a page: it lies apart, is loaded on
    # demand, and has a budget of its own.
    return {it for it in found if language_of(it) in (None, language)}


def _packed_kilobytes(names: set[str]) -> float:
    return sum(len(gzip.compress(_text(name).encode())) for name in names) / 1024


def language_of(name: str) -> str | None:
    words = _LANGUAGE.fullmatch(name)
    return words and words[1]


@cache
def _text(name: str) -> str:
    return (BUILD / "assets" / name).read_text(encoding="utf-8")
