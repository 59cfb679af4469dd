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
# A board and the rules of chess are 21 of them.
BUDGETS_KB = {"game": 90, "shared": 90, "training": 55, "openings": 55}
OTHERS_KB = 50
ENGINE_KB = 1400

_NAMED = re.compile(r"[\w-]+-[\w-]{8}\.js")
_LANGUAGE = re.compile(r"(?:en|de)-[\w-]{8}\.js")
_ONE_LANGUAGE = "en-"
_LOCK = "wasm/package-lock.json"
_ENGINE = "stockfish-"


@pytest.mark.parametrize("page", PAGES.values())
def test_a_page_loads_little_script(page: str) -> None:
    if not (BUILD / "index.html").is_file():
        pytest.skip("the web app is not built; `just web` builds it")
    assert 1 < script_kilobytes(page) <= BUDGETS_KB.get(page, OTHERS_KB)


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


def script_kilobytes(page: str) -> float:
    """Add up, packed by gzip, all files that a page names and those name in turn."""
    html = (BUILD / f"{page}.html").read_text(encoding="utf-8")
    wanted, found = set(_NAMED.findall(html)), set[str]()
    while wanted:
        name = wanted.pop()
        found.add(name)
        wanted |= {it for it in _NAMED.findall(_text(name)) if not it.startswith(_ENGINE)} - found
    # A user reads one language. The engine is no script of a page: it lies apart, is loaded on
    # demand, and has a budget of its own.
    loaded = [it for it in found if not _LANGUAGE.fullmatch(it) or it.startswith(_ONE_LANGUAGE)]
    return sum(len(gzip.compress(_text(name).encode())) for name in loaded) / 1024


@cache
def _text(name: str) -> str:
    return (BUILD / "assets" / name).read_text(encoding="utf-8")
