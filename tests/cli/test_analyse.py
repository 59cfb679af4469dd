"""``chess-analytics analyse`` as a user meets it: files, counts, outputs, errors."""

import io
import json
import re
from pathlib import Path
from typing import Any

import chess.pgn
import pytest

from chess_analytics.games.model import Game
from chess_analytics.games.pgn import read_pgn
from tests.cli.commands import Home

ROOT = Path(__file__).resolve().parents[2]
TWO_GAMES = """[Event "One"]
[White "Anna"]
[Black "Bert"]
[Date "2024.01.02"]
[Result "1-0"]
[TimeControl "300+3"]

1. e4 { [%clk 0:05:00] } e5 { [%clk 0:05:00] } 2. Qh5 { my idea [%clk 0:04:50] } Nc6
3. Bc4 Nf6 4. Qxf7# 1-0

[Event "Two"]
[White "Carl"]
[Black "Anna"]
[Date "2024.02.03"]
[Result "1/2-1/2"]

1. d4 d5 2. c4 e6 3. Nc3 Nf6 1/2-1/2
"""
MIXED = (
    TWO_GAMES
    + '\n[White "X"]\n[Black "Y"]\n[Variant "Atomic"]\n\n1. e4 *\n'
    + '\n[White "X"]\n[Black "Y"]\n\n1. e4 e5 2. Nf9 *\n'
    + "\n"
    + TWO_GAMES
)


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_every_output_is_written_and_data_goes_to_standard_output(home: Home) -> None:
    ended = home.run(
        "analyse", home.write("games.pgn", TWO_GAMES), "--engine", home.engine(), "--json", "-",
        "--pgn", "out/annotated.pgn", "--report", "out/report.html",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    first, second = _lines(ended.out)
    assert first["headers"]["White"] == "Anna"
    assert first["engine"]["name"] == "Simulated 1"
    assert [move["san"] for move in first["moves"]] == [
        "e4",
        "e5",
        "Qh5",
        "Nc6",
        "Bc4",
        "Nf6",
        "Qxf7#",
    ]
    assert first["moves"][-1]["eval"] == {"mate": 0}
    assert first["moves"][2]["spent"] == 13
    assert second["opening"]["eco"].startswith("D")
    assert "2 games in the input: 2 analysed" in ended.err

    annotated = (home.folder / "out/annotated.pgn").read_text()
    assert "my idea" in annotated
    assert all(isinstance(entry, Game) for entry in read_pgn(io.StringIO(annotated), "x"))
    parsed = chess.pgn.read_game(io.StringIO(annotated))
    assert parsed
    assert next(iter(parsed.mainline())).eval()

    page = (home.folder / "out/report.html").read_text()
    assert "Anna" in page
    assert "<svg" in page
    assert not re.search(r"(?:src|href)=.?https?://(?!lichess\.org)", page)


def test_what_one_line_carries_is_what_the_reference_page_says(home: Home) -> None:
    ended = home.run(
        "analyse", home.write("g.pgn", TWO_GAMES), "--engine", home.engine(), "--json", "-"
    )
    game = _lines(ended.out)[0]
    page = (ROOT / "docs/reference/json-lines.md").read_text()
    tables = page.split("| field of a move |")
    assert set(game) == _documented(tables[0])
    assert set(game["moves"][0]) == _documented(tables[1])


def _documented(table: str) -> set[str]:
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_nothing_is_dropped_silently(home: Home) -> None:
    ended = home.run(
        "analyse", home.write("g.pgn", MIXED), "--engine", home.engine(), "--problems", "left.jsonl"
    )
    assert ended.code == 0, ended.err
    assert "6 games in the input: 2 analysed" in ended.err
    assert "2 set aside (the same game as an earlier one)" in ended.err
    assert "1 set aside (variant: Atomic)" in ended.err
    assert "1 broken" in ended.err
    assert "broken: " in ended.err
    assert '"Nf9" is not a legal move here' in ended.err
    left = _lines((home.folder / "left.jsonl").read_text())
    assert sorted(entry["problem"] for entry in left) == ["broken"] + ["set aside"] * 3
    (broken,) = (entry for entry in left if entry["problem"] == "broken")
    assert broken["game"] == 4
    assert MIXED.splitlines()[broken["line"] - 1] == "1. e4 e5 2. Nf9 *"


def test_one_players_games_are_chosen_and_the_others_counted(home: Home) -> None:
    ended = home.run(
        "analyse", home.write("g.pgn", TWO_GAMES), "--engine", home.engine(), "--player", "bert",
        "--json", "-",
    )  # fmt: skip
    assert [game["headers"]["Black"] for game in _lines(ended.out)] == ["Bert"]
    assert "1 set aside (not a game of the named player)" in ended.err


def test_games_come_from_standard_input(home: Home) -> None:
    ended = home.run("analyse", "-", "--engine", home.engine(), "--json", "-", feed=TWO_GAMES)
    assert len(_lines(ended.out)) == 2


def test_a_second_start_asks_no_engine(home: Home) -> None:
    words = ("analyse", home.write("g.pgn", TWO_GAMES), "--json", "-", "--engine")
    first = home.run(*words, home.engine())
    assert first.code == 0, first.err
    # This engine dies at the first search: the runs must come from before.
    again = home.run(*words, home.engine(0, 0))
    assert again.code == 0, again.err
    assert again.out == first.out


def test_other_thresholds_judge_kept_runs_anew_without_an_engine(home: Home) -> None:
    words = ("analyse", home.write("g.pgn", TWO_GAMES), "--json", "-", "--engine")
    lenient = _lines(home.run(*words, home.engine()).out)
    strict = _lines(home.run(*words, home.engine(0, 0), "--thresholds", "strict").out)
    assert strict[0]["thresholds"] == "strict"
    for side in ("white", "black"):
        assert strict[1][side]["blunders"] >= lenient[1][side]["blunders"]
        assert strict[1][side]["accuracy"] == lenient[1][side]["accuracy"]


def test_more_workers_change_no_byte(home: Home) -> None:
    games = home.write("g.pgn", TWO_GAMES)
    outs = {
        home.run(
            "analyse", games, "--engine", home.engine(5), "--json", "-", "--workers", str(workers),
            "--data-dir", f"data-{workers}",
        ).out
        for workers in (1, 2, 4)
    }  # fmt: skip
    assert len(outs) == 1


def test_evaluations_of_the_input_are_judged_without_any_engine(home: Home) -> None:
    text = "1. e4 { [%eval 0.3] } f6 { [%eval 1.9] } 2. Nf3 { [%eval 1.8] } *\n\n\n1. e4 e5 *\n"
    ended = home.run(
        "analyse",
        home.write("g.pgn", text),
        "--evals-from-input",
        "--json",
        "-",
    )
    (game,) = _lines(ended.out)
    assert game["engine"] == {"name": "input", "profile": None, "nodes": 0}
    assert game["moves"][1]["judgment"] == "mistake"
    assert "1 set aside (no evaluations come with the game)" in ended.err


def test_an_engine_that_always_dies_fails_the_game_and_the_command(home: Home) -> None:
    ended = home.run("analyse", home.write("g.pgn", TWO_GAMES), "--engine", home.engine(0, 0))
    assert ended.code == 1
    assert "2 failed" in ended.err
    assert "exit code 3" in ended.err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("analyse",), 2, "name files or folders"),
        (("analyse", "missing.pgn"), 1, "cannot open missing.pgn"),
        (("analyse", "games.pgn", "--profile", "slow"), 2, "fast, standard, deep"),
        (("analyse", "games.pgn", "--engine", "/no/such/engine"), 1, "/no/such/engine"),
        (("analyse", "games.pgn", "--json", "games.pgn/x.jsonl"), 1, "cannot write"),
        (("analyse", "games.pgn", "--nodes", "0"), 2, "--nodes"),
        (("analyse", "--sample", "games.pgn"), 2, "--sample"),
    ],
)
def test_a_mistake_of_the_user_is_told_in_a_sentence(
    home: Home, words: tuple[str, ...], code: int, says: str
) -> None:
    home.write("games.pgn", TWO_GAMES)
    ended = home.run(*words)
    assert ended.code == code, ended.err
    assert says in re.sub(r"\s*│\s*", " ", ended.err)
    assert "Traceback" not in ended.err


def test_an_empty_input_says_so(home: Home) -> None:
    ended = home.run("analyse", home.write("g.pgn", "\n\n"), "--engine", home.engine())
    assert ended.code == 1
    assert "no games in " in ended.err
    assert "0 games in the input" in ended.err


def test_markup_in_names_is_escaped_on_the_page(home: Home) -> None:
    text = '[White "<script>alert(1)</script>"]\n[Black "a & b"]\n\n1. e4 e5 *\n'
    home.run("analyse", home.write("g.pgn", text), "--engine", home.engine(), "--report", "r.html")
    page = (home.folder / "r.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "a &amp; b" in page
