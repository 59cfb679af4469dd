"""``doctor``, ``engine`` and the errors of the command itself."""

import json
from pathlib import Path

from chess_analytics import __version__
from chess_analytics.store.session import open_store
from tests.cli.commands import Home


def test_a_sound_machine_is_said_to_be_sound(home: Home) -> None:
    process = home.run("doctor", "--json", "--engine", home.engine())
    assert process.code == 0, process.out + process.err
    found = {row["subject"]: row for row in json.loads(process.out)}
    assert found["chess-analytics"]["found"] == __version__
    assert "Simulated 1" in found["engine"]["found"]
    assert {"cores", "memory", "data folder", "Python"} <= set(found)
    assert not [row for row in found.values() if row["problem"]]


def test_a_missing_engine_is_a_problem_with_a_way_out(home: Home) -> None:
    ended = home.run("doctor", "--engine", "/no/engine/here")
    assert ended.code == 1
    assert "PROBLEM" in ended.out
    assert "/no/engine/here" in ended.out


def test_an_engine_that_does_not_work_is_a_problem(home: Home) -> None:
    ended = home.run("doctor", "--engine", home.engine(0, 0))
    assert ended.code == 1
    assert "it does not work" in ended.out


def test_a_folder_in_use_is_a_fact_and_no_problem(home: Home, tmp_path: Path) -> None:
    with open_store(tmp_path / "data"):
        ended = home.run("doctor", "--engine", home.engine())
    assert ended.code == 0
    assert "in use by another chess-analytics" in ended.out


def test_looking_creates_nothing(home: Home) -> None:
    ended = home.run("doctor", "--engine", home.engine(), "--data-dir", "elsewhere")
    assert "elsewhere; not there yet" in ended.out
    assert not (home.folder / "elsewhere").exists()


def test_the_version_is_told(home: Home) -> None:
    ended = home.run("--version")
    assert (ended.code, ended.out) == (0, f"chess-analytics {__version__}\n")


def test_without_words_the_command_shows_its_help(home: Home) -> None:
    ended = home.run()
    assert "analyse" in ended.out + ended.err


def test_a_wrong_setting_is_told_in_words(home: Home) -> None:
    process = home.run("doctor", settings={"CHESS_ANALYTICS_HASH_MB": "many"})
    assert process.code == 1
    assert "CHESS_ANALYTICS_HASH_MB" in process.err
    assert "Traceback" not in process.err
