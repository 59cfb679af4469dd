"""Outputs destroy nothing, and what cannot be written is told in a sentence."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.commands import LONG_ENOUGH_S, Home

GAME = '[White "Anna"]\n[Black "Bert"]\n\n1. e4 { [%eval 0.3] } e5 { [%eval 0.2] } *\n'


@pytest.mark.parametrize("option", ["--json", "--pgn", "--report", "--problems"])
def test_an_input_is_never_overwritten(home: Home, option: str) -> None:
    games = home.write("games.pgn", GAME)
    (home.folder / "link.pgn").symlink_to(games)
    for name in ("./games.pgn", "link.pgn"):
        ended = home.run("analyse", "games.pgn", "--evals-from-input", option, name)
        assert ended.code == 2, ended.err
        assert "is one of the inputs" in " ".join(ended.err.replace("│", " ").split())
        assert Path(games).read_text() == GAME


def test_an_input_of_a_folder_is_never_overwritten(home: Home) -> None:
    games = home.write("folder/games.pgn", GAME)
    ended = home.run("analyse", "folder", "--evals-from-input", "--pgn", "folder/games.pgn")
    assert ended.code == 2
    assert Path(games).read_text() == GAME


@pytest.mark.parametrize("name", ["out", "-"])
def test_two_outputs_are_never_one_file(home: Home, name: str) -> None:
    home.write("games.pgn", GAME)
    ended = home.run("analyse", "games.pgn", "--evals-from-input", "--json", name, "--pgn", name)
    assert ended.code == 2
    assert "both want" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("missing.pgn",),
        ("games.pgn", "--engine", "/no/such/engine"),
        ("games.pgn", "--data-dir", "games.pgn/data"),
    ],
)
def test_an_output_from_before_stays_when_nothing_can_be_done(
    home: Home, words: tuple[str, ...]
) -> None:
    home.write("games.pgn", GAME)
    kept = home.write("kept.jsonl", "precious")
    assert home.run("analyse", *words, "--json", kept).code == 1
    assert Path(kept).read_text() == "precious"


@pytest.mark.parametrize("option", ["--json", "--pgn", "--report", "--problems"])
def test_a_full_disk_is_told_in_a_sentence(home: Home, option: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    home.write("games.pgn", GAME + "\n1. e4 Ke3 *\n")
    ended = home.run("analyse", "games.pgn", "--evals-from-input", option, "/dev/full")
    assert ended.code == 1
    assert "cannot write /dev/full: No space left on device" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("option", ["--json", "--pgn", "--report", "--problems"])
def test_a_dash_is_standard_output_for_every_option(home: Home, option: str) -> None:
    home.write("games.pgn", GAME + "\n1. e4 Ke3 *\n")
    ended = home.run("analyse", "games.pgn", "--evals-from-input", option, "-")
    assert ended.code == 0, ended.err
    assert len(ended.out) > 50
    assert not (home.folder / "-").exists()
    assert "written" not in ended.err


def test_output_is_utf_8_whatever_the_locale(home: Home) -> None:
    home.write("games.pgn", GAME.replace("Anna", "Łukasz Ćwik"))
    # Fed, though with nothing: only Python's own start heeds such an environment.
    ended = home.run(
        "analyse", "games.pgn", "--evals-from-input", "--json", "out.jsonl", "--pgn", "-", feed="",
        settings={"PYTHONIOENCODING": "ascii:backslashreplace", "LC_ALL": "C", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert "Łukasz Ćwik" in ended.out
    line = (home.folder / "out.jsonl").read_text(encoding="utf-8")
    assert json.loads(line)["headers"]["White"] == "Łukasz Ćwik"


def test_a_reader_that_has_had_enough_ends_the_command_quietly(home: Home) -> None:
    home.write("games.pgn", GAME * 2)
    process = home.start_anew("analyse", "games.pgn", "--evals-from-input", "--json", "-")
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    with process.stderr as errors:
        told = errors.read()
    process.wait(LONG_ENOUGH_S)
    assert "Traceback" not in told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_waiting_for_more_input_can_be_stopped_at_once(home: Home, number: signal.Signals) -> None:
    process = home.start_anew(
        "analyse", "-", "--evals-from-input", "--json", "out.jsonl", stdin=subprocess.PIPE
    )
    assert process.stdin
    process.stdin.write(GAME + "\n" + GAME.replace("Anna", "Carl"))
    process.stdin.flush()
    deadline = time.monotonic() + LONG_ENOUGH_S
    while not (home.folder / "out.jsonl").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.3)
    os.kill(process.pid, number)
    process.wait(LONG_ENOUGH_S)
    process.stdin.close()
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    with process.stderr as errors:
        assert "stopped before the input was read to its end" in errors.read()
    assert process.returncode == 130


@pytest.mark.parametrize(
    "words",
    [
        ("--evals-from-input", "--nodes", "1000"),
        ("--evals-from-input", "--profile", "fast"),
        ("--evals-from-input", "--workers", "2"),
        ("--profile", "fast", "--nodes", "1000"),
    ],
)
def test_options_that_contradict_each_other_are_refused(home: Home, words: tuple[str, ...]) -> None:
    home.write("games.pgn", GAME)
    assert home.run("analyse", "games.pgn", *words).code == 2


def test_a_name_that_nobody_has_brings_the_names_that_are_there(home: Home) -> None:
    home.write("games.pgn", GAME)
    ended = home.run("analyse", "games.pgn", "--evals-from-input", "--player", "nobody")
    assert ended.code == 1
    assert "names that are in the games: Anna, Bert" in ended.err


def test_a_narrow_terminal_gets_lines_instead_of_a_table(home: Home) -> None:
    home.write("games.pgn", GAME)
    ended = home.run("analyse", "games.pgn", "--evals-from-input", settings={"COLUMNS": "40"})
    assert "White: games 1, accuracy" in " ".join(ended.err.split())


def test_the_sample_is_called_by_its_name_and_not_by_its_path(home: Home) -> None:
    ended = home.run("analyse", "--sample", "--evals-from-input", "--json", "-")
    files = {json.loads(line)["source"]["file"] for line in ended.out.splitlines()}
    assert files == {"sample"}
