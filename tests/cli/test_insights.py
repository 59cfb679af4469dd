"""``insights`` and ``findings``: what a career says, on the command line."""

import csv
import io
import json
import re
import shlex

import polars as pl
import pytest
from typer.testing import CliRunner

from chess_analytics.cli.main import build_app
from chess_analytics.games.model import Site
from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.presets import PRESETS
from tests.accounts import signed_up
from tests.builders import game
from tests.cli.commands import Home
from tests.cli.libraries import Desk
from tests.library import keep_game, keep_run, link_player
from tests.shared_data import shared_data

PLAYED = "1. e4 e5 2. Nf3 Nc6 3. Ba6 bxa6 4. O-O Nf6 *"


@pytest.fixture
def desk(home: Home, database_url: str | None) -> Desk:
    """Give a machine with two analysed games of ada's: a blunder in one, and in the other too."""
    desk = Desk(home, database_url)
    with desk.library() as store:
        ada = signed_up(store, "ada").id
        link_player(store, ada, "ada_plays")
        for black in ("bob_plays", "eve_plays"):
            played = game(PLAYED, white="ada_plays", black=black)
            keep_run(store, keep_game(store, ada, played), played)
    return desk


def test_a_question_is_answered_with_what_it_rests_on(desk: Desk) -> None:
    ended = desk.run("insights", "--metric", "blunder_rate", "--player", "Ada_Plays", "--json")
    assert ended.code == 0, ended.err
    [row] = json.loads(ended.out)["rows"]
    assert (row["moves"], row["games"], row["too_few"]) == (8, 2, True)
    assert row["value"] == pytest.approx(25.0)
    assert ended.err == "2 games, 8 moves\n"


def test_a_table_says_what_was_measured_and_how_sure_it_is(desk: Desk) -> None:
    ended = desk.run("insights", "phases", "--player", "ada_plays")
    title, first, *_ = ended.out.splitlines()
    assert title.endswith("by Phase")
    assert "opening" in first
    assert "8 moves, 2 games" in first


def test_filters_leave_only_what_they_name(desk: Desk) -> None:
    words = ("--metric", "loss", "--by", "color", "--only", "opponent=eve_plays", "--csv")
    ended = desk.run("insights", *words, "--player", "ada_plays")
    [row] = csv.DictReader(io.StringIO(ended.out))
    assert (row["metric"], row["bucket"], row["games"]) == ("loss", "white", "1")


def test_a_library_without_analysis_says_what_to_do(desk: Desk) -> None:
    ended = desk.run("insights", "--player", "nobody")
    assert ended.code == 1
    assert "no game of nobody's was analysed yet" in ended.err
    assert "--wait" in ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--metric", "luck", "phases"), "give one"),
        (("--by", "phase"), "name a metric"),
        (("no_such_question",), "there is no question"),
        (("--only", "speed"), "DIMENSION=BUCKET"),
        (("--json", "--csv"), "give one"),
    ],
)
def test_wrong_words_are_told(words: tuple[str, ...], said: str) -> None:
    ended = CliRunner().invoke(build_app("insights"), ["insights", *words])
    assert ended.exit_code == 2
    assert said in " ".join(ended.stderr.split())


def test_everything_that_can_be_asked_is_listed() -> None:
    listed = CliRunner().invoke(build_app("insights"), ["insights", "--list"]).stdout
    assert [key for key in (*PRESETS, *METRICS, *DIMENSIONS) if f"  {key} " not in listed] == []


def test_too_few_games_yield_no_finding_and_say_so(desk: Desk) -> None:
    ended = desk.run("findings", "--player", "ada_plays", "--json")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["findings"] == []
    assert "nothing costs surely more" in ended.err


@pytest.mark.shared
def test_a_real_career_has_findings_with_places_to_look(home: Home) -> None:
    archive = shared_data("archives/lichess_Lance5500_evals.pgn")
    with Desk(home, None).library() as store:
        link_player(store, signed_up(store, "ada").id, "Lance5500", Site.LICHESS)
    assert home.run("import", str(archive)).code == 0
    ended = home.run("findings", "--player", "Lance5500")
    assert "197 cuts of 5076 moves in 108 games were compared" in ended.err
    first, _, _, past, step, places = ended.out.splitlines()[:6]
    assert "points of winning chance a month" in first
    assert past.startswith("  since 20")
    assert step.startswith("  next: ")
    assert re.match(r"  see: \d+[.…][^ ]+ \(/games/\d+\?ply=\d+\), ", places)
    # One's own mistakes can be trained with, those of the games in which they were found.
    mine = ("--user", "ada", "--since", "2000-01-01", "--only", "color=white|black")
    found = home.run("findings", *mine)
    (train, *_) = re.findall(r"  train: chess-analytics (drills solve .+)", found.out)
    words = shlex.split(train)
    assert words[2 : 2 + len(mine)] == [
        "--user",
        "ada",
        "--only",
        "color=white|black",
        "--since",
        "2000-01-01",
    ]
    solved = home.run(*words)
    # Evaluations that came with the games name no better moves, so that there is nothing to ask.
    assert (solved.code, "no drill comes from such moves" in solved.err) == (0, True)


def test_answers_are_drawn_into_a_picture(desk: Desk) -> None:
    picture = desk.home.folder / "drawn" / "phases.svg"
    ended = desk.run("insights", "phases", "--player", "ada_plays", "--plot", str(picture))
    assert ended.code == 0, ended.err
    drawn = picture.read_text()
    assert drawn.startswith("<svg ")
    assert "Blunders (%), by Phase" in drawn
    assert "8 moves, too few to say" in drawn


def test_of_many_opponents_some_are_shown_and_the_others_counted(desk: Desk) -> None:
    words = ("--metric", "loss", "--by", "opponent", "--most", "1", "--player", "ada_plays")
    ended = desk.run("insights", *words)
    assert "and 1 with fewer games" in ended.out


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_facts_are_written_with_what_explains_them(desk: Desk, form: str) -> None:
    folder = desk.home.folder / "facts"
    ended = desk.run("facts", str(folder), "--format", form, "--player", "ada_plays")
    assert ended.code == 0, ended.err
    assert sorted(path.name for path in folder.iterdir()) == [
        "facts.md",
        f"games.{form}",
        f"moves.{form}",
    ]
    read = pl.read_csv if form == "csv" else pl.read_parquet
    assert len(read(folder / f"moves.{form}")) == 16
    assert "| `loss` |" in (folder / "facts.md").read_text()
