"""Which engine is found, and what is said when none is."""

import stat
from pathlib import Path

import pytest

from chess_analytics.engine.discovery import (
    EngineCommand,
    EngineKind,
    EngineNotFound,
    Places,
    find_engine,
    find_native,
    find_node,
)


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def node(path: Path, version: str) -> Path:
    """Write a program that answers as Node does when it is asked who it is."""
    return program(path, f'#!/bin/sh\necho \'["{version}","{path}"]\'\n')


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(
        path=f"{tmp_path / 'bin'}:{tmp_path / 'sbin'}",
        folders=(tmp_path / "games", tmp_path / "brew"),
        data=tmp_path / "data",
    )


def test_a_setting_goes_before_everything(tmp_path: Path, places: Places) -> None:
    program(tmp_path / "bin" / "stockfish")
    mine = program(tmp_path / "mine" / "my-engine")
    assert find_engine(str(mine), places) == EngineCommand(
        (str(mine),), EngineKind.NATIVE, "as set"
    )


def test_a_setting_may_be_a_name_on_path(tmp_path: Path, places: Places) -> None:
    berserk = program(tmp_path / "sbin" / "berserk")
    assert find_engine("berserk", places).argv == (str(berserk),)


def test_a_setting_that_names_nothing_is_never_replaced(tmp_path: Path, places: Places) -> None:
    program(tmp_path / "bin" / "stockfish")
    with pytest.raises(EngineNotFound, match="does not exist"):
        find_engine(str(tmp_path / "missing"), places)
    with pytest.raises(EngineNotFound, match="'stockfisch', does not exist"):
        find_engine("stockfisch", places)


def test_a_setting_that_cannot_be_executed_says_so(tmp_path: Path, places: Places) -> None:
    plain = tmp_path / "plain"
    plain.write_text("no program", encoding="utf-8")
    with pytest.raises(EngineNotFound, match="cannot be executed"):
        find_engine(str(plain), places)
    with pytest.raises(EngineNotFound, match="cannot be executed"):
        find_engine(str(tmp_path), places)


def test_a_script_that_is_set_runs_under_node(tmp_path: Path, places: Places) -> None:
    script = tmp_path / "stockfish.js"
    script.write_text("", encoding="utf-8")
    with pytest.raises(EngineNotFound, match="needs Node 18"):
        find_engine(str(script), places)
    runner = node(tmp_path / "bin" / "node", "20.1.0")
    assert find_engine(str(script), places) == EngineCommand(
        (str(runner), str(script)), EngineKind.WASM, "as set"
    )


def test_path_goes_before_the_usual_places(tmp_path: Path, places: Places) -> None:
    brew = program(tmp_path / "brew" / "stockfish")
    assert find_engine(None, places).argv == (str(brew),)
    games = program(tmp_path / "games" / "stockfish")
    assert find_engine(None, places).argv == (str(games),)
    on_path = program(tmp_path / "sbin" / "stockfish")
    assert find_engine(None, places).argv == (str(on_path),)
    assert "on PATH" in find_engine("", places).describe()


@pytest.mark.parametrize("first_line", ["#!/usr/bin/env node\n", "#!/opt/node/bin/node\n"])
def test_a_wrapper_that_runs_the_engine_as_its_child_is_passed_over(
    tmp_path: Path, places: Places, first_line: str
) -> None:
    program(tmp_path / "bin" / "stockfish", first_line)
    assert find_native(places) is None
    games = program(tmp_path / "games" / "stockfish")
    assert find_engine(None, places).argv == (str(games),)


def test_a_snap_is_passed_over(tmp_path: Path, places: Places) -> None:
    snap = program(tmp_path / "snapd" / "snap")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "stockfish").symlink_to(snap)
    assert find_native(places) is None


def test_what_we_installed_comes_last(tmp_path: Path, places: Places) -> None:
    program(places.wasm_script)
    node(places.installed_node, "24.19.0")
    assert find_engine(None, places) == EngineCommand(
        (str(places.installed_node), str(places.wasm_script)), EngineKind.WASM, "installed by us"
    )
    games = program(tmp_path / "games" / "stockfish")
    assert find_engine(None, places).argv == (str(games),)


def test_a_node_on_path_is_taken_if_it_is_new_enough(tmp_path: Path, places: Places) -> None:
    node(places.installed_node, "24.19.0")
    on_path = node(tmp_path / "bin" / "node", "18.0.0")
    assert find_node(places) == str(on_path)
    node(tmp_path / "bin" / "node", "16.20.2")
    assert find_node(places) == str(places.installed_node)


@pytest.mark.parametrize(
    "text", ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho hello\n", "not a program"]
)
def test_a_node_that_does_not_work_is_none(tmp_path: Path, places: Places, text: str) -> None:
    program(tmp_path / "bin" / "node", text)
    assert find_node(places) is None


def test_when_there_is_none_the_error_tells_how_to_get_one(places: Places) -> None:
    with pytest.raises(EngineNotFound) as caught:
        find_engine(None, places)
    for way in (
        "apt install stockfish",
        "brew install stockfish",
        "chess-analytics engine install",
    ):
        assert way in str(caught.value)


def test_the_places_of_this_machine_know_debian_and_homebrew() -> None:
    folders = {str(folder) for folder in Places.here().folders}
    assert {"/usr/games", "/opt/homebrew/bin", "/usr/local/bin"} <= folders


def test_what_we_installed_lies_in_the_folder_of_the_platform(tmp_path: Path) -> None:
    assert Places.here().data.parent.name == "chess-analytics"
    assert Places.here(tmp_path).wasm_script.is_relative_to(tmp_path / "engine")
