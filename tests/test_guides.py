"""What the pages tell people to type exists: commands, their options, addresses of the API."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from chess_analytics.cli.main import build_app

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_PROGRAM = "chess-analytics"
_ENDS = {"|", ";", "&&", "||", ">", ")", "&"}
_COMMANDS: dict[str, Any] = get_command(build_app()).commands  # type: ignore[attr-defined]


def _typed(page: Path) -> Iterator[list[str]]:
    """Give the words of every call of the program, in blocks and within sentences."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    prose = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    for said in [*lines, *re.findall(r"`([^`]+)`", prose)]:
        for call in re.findall(rf"(?:^|(?<=[ (`]))(?:\.venv/bin/)?{_PROGRAM} .*", said):
            words = shlex.split(call.partition(_PROGRAM)[2].replace("'", ""), comments=True)
            yield _until_the_end(words)
    for said in re.findall(r"`([a-z]+ --[^`]+)`", prose):
        words = said.split()
        if words[0] in _COMMANDS:
            yield words


def _until_the_end(words: list[str]) -> list[str]:
    ends = [number for number, word in enumerate(words) if word in _ENDS or word.endswith(";")]
    return words[: ends[0]] if ends else words


def _unknown(words: list[str]) -> str | None:
    """Name the first word that the program would not know."""
    place: Any = get_command(build_app())
    known = {"--help"}
    for word in words:
        if word.startswith("--"):
            if word.partition("=")[0] not in known:
                return word
        elif hasattr(place, "commands") and word not in ("…", "..."):
            if word not in place.commands:
                return word
            place = place.commands[word]
            known |= {name for it in place.params for name in (*it.opts, *it.secondary_opts)}
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_that_a_page_names_exist(page: Path) -> None:
    assert [words for words in _typed(page) if _unknown(words)] == []


def test_the_guides_do_name_commands() -> None:
    alerts = list(_typed(ROOT / "docs" / "guides" / "alerts.md"))
    assert ["worker", "--broker", "--hear", "interactive"] in alerts
    assert ["doctor"] in alerts
    assert _unknown(["db", "backup", "--fast"]) == "--fast"
    assert _unknown(["db", "rewind"]) == "rewind"


def test_addresses_of_the_api_that_the_pages_name_exist() -> None:
    described = json.loads((ROOT / "docs/reference/openapi.json").read_text())["paths"]
    shapes = {
        (method.upper(), re.sub(r"\{[^}]*\}", "*", path))
        for path, item in described.items()
        for method in item
    }
    named = {
        (method, _shape(path))
        for page in PAGES
        if page.parent.name != "decisions"
        for method, path in re.findall(
            r"`(GET|POST|PUT|PATCH|DELETE) (?:/api/v1)?(/[^\s`?]+)", page.read_text()
        )
    }
    assert named
    assert named <= shapes


def _shape(path: str) -> str:
    """Give an address as the description has it, with a star for what stands for something."""
    return "/api/v1" + re.sub(r"\{[^}]*\}|(?<=/)\d+", "*", path)
