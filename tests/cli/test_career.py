"""``trend``, ``openings``, ``clock`` and ``opponent``: reports, on the command line."""

import csv
import io
import json
import shlex
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
import typer
from typer.testing import CliRunner, Result

from chess_analytics.actions.load_facts import load_facts
from chess_analytics.actions.spell_moves import spell_moves
from chess_analytics.cli.career import OnlyOption, ZoneOption, read_span, span_words
from chess_analytics.cli.game_options import SinceOption, UntilOption
from chess_analytics.cli.insight_words import as_words, drills_line
from chess_analytics.cli.main import build_app
from chess_analytics.cli.opening_words import REPEATED
from chess_analytics.cli.opponent import OpponentUnknown
from chess_analytics.games.model import Side, Site
from chess_analytics.insights.clock_use import clock_use
from chess_analytics.insights.comparing import LevelComparison
from chess_analytics.insights.evidence import MoveRef
from chess_analytics.insights.findings import Asked, find
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.opening_costs import opening_costs
from chess_analytics.insights.openings_tree import opening_tree
from chess_analytics.insights.question import QuestionRefused, read_filter
from chess_analytics.insights.repeated_mistakes import RepeatedMistake, repeated_mistakes
from chess_analytics.insights.theory_exits import theory_exits
from chess_analytics.insights.trends import TrendAsked, trend
from chess_analytics.samples import SAMPLE, SAMPLE_PLAYERS
from chess_analytics.store.session import open_store
from tests.accounts import signed_up
from tests.library import keep_game, link_player

Run = Callable[..., Result]
_Found = TypeVar("_Found")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep the sample archive in a library of ada's, who plays under all four names."""
    folder = tmp_path_factory.mktemp("career")
    with open_store(folder) as store:
        ada = signed_up(store, "ada").id
        for name in SAMPLE_PLAYERS:
            link_player(store, ada, name, Site.LICHESS)
    words = ["import", str(SAMPLE), "--data-dir", str(folder)]
    ended = CliRunner().invoke(build_app("import"), words)
    assert ended.exit_code == 0, ended.stderr
    return folder


@pytest.fixture(scope="module")
def facts(folder: Path) -> Facts:
    with open_store(folder) as store:
        return load_facts(store, 1)


@pytest.fixture
def run(folder: Path) -> Run:
    def run(command: str, *words: str) -> Result:
        app = build_app(command)
        return CliRunner().invoke(app, [command, *words, "--data-dir", str(folder)])

    return run


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _spelled(folder: Path, found: _Found) -> _Found:
    with open_store(folder) as store:
        return spell_moves(store, found)


def _as_json(values: object) -> Any:
    """Give what values look like when they were written as JSON and read again."""
    return json.loads(json.dumps(values))


def test_a_trend_is_that_of_the_insights(run: Run, facts: Facts) -> None:
    found = trend(facts, TrendAsked(metric="acpl", points=24))
    points = [asdict(each) for each in found.points]
    ended = run("trend", "acpl", "--json")
    assert json.loads(ended.stdout)["points"] == _as_json(points)
    rows = _rows(run("trend", "acpl", "--csv").stdout)
    assert [float(row["value"]) for row in rows] == [each["value"] for each in points]
    title, *lines = run("trend", "acpl").stdout.splitlines()
    assert title == "Centipawn loss (centipawns)"
    assert len(lines) == len(points) + len(found.changes) == 24
    assert ended.stderr.startswith("64 games, 40 behind each point; no change")


def test_days_and_filters_choose_the_games_of_a_report(run: Run, facts: Facts) -> None:
    day = "2021-06-01"
    early, late = (
        json.loads(run("trend", "score", f"--{word}", day, "--json").stdout)["games"]
        for word in ("until", "since")
    )
    played = facts.games["played_ms"]
    assert early == (played < 1_622_592_000_000).sum() > 0
    assert late == (played >= 1_622_505_600_000).sum() > 0
    white = run("trend", "score", "--only", "color=white", "--json").stdout
    assert json.loads(white)["games"] == (facts.games["color"] == "white").sum()


@pytest.mark.parametrize(
    ("report", "find"),
    [("costs", opening_costs), ("exits", theory_exits), ("repeated", repeated_mistakes)],
)
def test_a_report_on_openings_is_that_of_the_insights(
    run: Run, folder: Path, facts: Facts, report: str, find: Callable[[Facts], tuple[Any, ...]]
) -> None:
    expected = [asdict(each) for each in _spelled(folder, find(facts))]
    assert json.loads(run("openings", report, "--json").stdout) == _as_json(expected)
    rows = _rows(run("openings", report, "--csv").stdout)
    assert [row["color"] for row in rows] == [each["color"] for each in expected]
    lines = run("openings", report).stdout.splitlines()
    assert sum(not line.startswith(" ") for line in lines) == len(expected)


def test_a_mistake_made_again_is_told_with_its_places() -> None:
    seen = tuple(MoveRef(game_id, 4, "c7c5", "c5", 5.0, 50.0) for game_id in range(7))
    made = RepeatedMistake("0" * 16, "c7c5", Side.BLACK, 7, 9, None, 5.0, 35.0, None, seen)
    told = "\n".join(REPEATED.lines([made]))
    assert "no named opening (black): c5, 7 of 9 times, 35 points lost" in told
    assert "2…c5 (/games/4?ply=4)" in told
    assert "/games/5?" not in told
    [row] = REPEATED.rows([made])
    assert tuple(row) == REPEATED.columns


def test_the_tree_of_one_colour_is_read_move_by_move(run: Run, facts: Facts) -> None:
    tree = opening_tree(facts, Side.BLACK, Span(), most_plies=3)
    words = ("openings", "tree", "--color", "black", "--plies", "3")
    [written] = json.loads(run(*words, "--json").stdout)
    assert written == _as_json(asdict(tree))
    ways = sum(len(position.moves) for position in tree.positions.values())
    assert len(_rows(run(*words, "--csv").stdout)) == ways > 0
    head, first, *more = run(*words).stdout.splitlines()
    assert head == f"with black, {tree.games} games"
    assert first.startswith("  1. e4  ")
    assert len(more) == ways - 1


def test_the_clock_is_that_of_the_insights(run: Run, folder: Path, facts: Facts) -> None:
    found = _spelled(folder, clock_use(facts, Span(filters=(read_filter("speed=rapid"),))))
    only = ("--only", "speed=rapid")
    assert json.loads(run("clock", *only, "--json").stdout) == _as_json(asdict(found))
    rows = _rows(run("clock", *only, "--csv").stdout)
    assert [int(row["moves"]) for row in rows] == [cell.moves for cell in found.cells]
    ended = run("clock", *only)
    assert f"flags: {found.games.flags}, in won positions" in ended.stdout
    assert ended.stderr.startswith(f"{found.moves} moves whose time is known")


def test_a_sheet_tells_what_to_expect_of_somebody(run: Run) -> None:
    ended = run("opponent", "iryna")
    assert ended.exit_code == 0
    assert ended.stdout.startswith("iryna, rated ")
    headings = ("What costs them most", "Their openings", "with white, ", "Their clock")
    assert [each for each in headings if each not in ended.stdout] == []
    sheet = json.loads(run("opponent", "iryna", "--json").stdout)
    assert (sheet["games"], sheet["analysed"]) == (17, 17)
    assert ended.stderr == "17 games, 17 of them analysed\n"


def test_a_sheet_tells_of_openings_where_nothing_was_analysed(run: Run, folder: Path) -> None:
    with open_store(folder) as store:
        keep_game(store, 1, "1. e4 c5 1-0", white="Newcomer", opening="Sicilian Defense")
    ended = run("opponent", "newcomer")
    head, *_ = ended.stdout.splitlines()
    assert head.startswith("newcomer: 1 games")
    assert ended.stdout.endswith("Sicilian Defense (white): 1 games, score 100.0 %\n")
    assert "jobs start --wait" in ended.stderr


def test_a_sheet_about_nobody_says_where_games_come_from(run: Run) -> None:
    ended = run("opponent", "nobody")
    assert isinstance(ended.exception, OpponentUnknown)
    assert "chess-analytics import" in str(ended.exception)


def test_a_finding_names_those_it_was_compared_with(facts: Facts) -> None:
    [finding, *_] = find(facts, Asked(rate=0.9)).findings
    level = LevelComparison("others of the club", 12, theirs=0.5, more=1.0, low=0.2, high=1.8)
    told = as_words(replace(finding, level=level))
    assert (
        "  surely more than 12 others of the club, who lose 0.50 points a move beyond the others\n"
    ) in told
    unsure = replace(level, low=-0.2)
    assert "  not surely more than 12 others" in as_words(replace(finding, level=unsure))


def test_a_finding_names_the_command_that_trains_with_it(facts: Facts) -> None:
    [finding, *_] = find(facts, Asked(rate=0.9)).findings
    line = drills_line(finding, ["--since", "2020-01-01"]).removeprefix("  train: ")
    command, *words = shlex.split(line)
    assert [command, *words[:4]] == ["chess-analytics", "drills", "solve", "--since", "2020-01-01"]
    assert words[4::2] == ["--only"] * len(finding.cut.filters)
    assert tuple(map(read_filter, words[5::2])) == finding.cut.filters


def test_what_was_asked_can_be_typed_again() -> None:
    only = ["color=white", "speed=blitz|rapid"]
    days = datetime(2020, 1, 31, tzinfo=UTC), datetime(2024, 12, 1, tzinfo=UTC)
    given: dict[str, Span] = {}

    def again(
        only: OnlyOption = None,
        zone: ZoneOption = "UTC",
        since: SinceOption = None,
        until: UntilOption = None,
    ) -> None:
        given["span"] = read_span(only, zone, since, until)

    app = typer.Typer()
    app.command()(again)
    result = CliRunner().invoke(app, span_words(only, "Europe/Vienna", *days))
    assert result.exit_code == 0, result.output
    assert given["span"] == read_span(only, "Europe/Vienna", *days)
    assert span_words(None, "UTC") == []


def test_alone_on_a_server_nobody_is_compared(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = run("findings", "--json").stdout
    monkeypatch.setenv("CHESS_ANALYTICS_COMPARE_LEVELS", "true")
    assert run("findings", "--json").stdout == alone


def test_what_has_no_trend_is_refused(run: Run) -> None:
    assert isinstance(run("trend", "results").exception, QuestionRefused)


@pytest.mark.parametrize("command", ["trend", "openings", "clock"])
def test_two_ways_to_write_are_refused(run: Run, command: str) -> None:
    ended = run(command, "--json", "--csv")
    assert ended.exit_code == 2
    assert "give one" in " ".join(ended.stderr.split())
