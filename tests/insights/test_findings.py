"""Planted weaknesses come out on top, and players who have none are told of none.

With CHESS_ANALYTICS_SIMULATED_PLAYERS (``just findings-simulation``) as many players are drawn.
"""

import logging
import os
from functools import cache

import numpy as np
import pytest

from chess_analytics.insights.comparing import LEAST_PEERS, make_reference, with_level
from chess_analytics.insights.cuts import Cut
from chess_analytics.insights.findings import Finding, Findings, at_level, find
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span, loss_table
from chess_analytics.insights.next_step import StepKind
from chess_analytics.insights.question import Filter
from tests.insights.synthetic import OPENINGS, Weakness, synthetic_player

_LOG = logging.getLogger(__name__)
PLAYERS = int(os.environ.get("CHESS_ANALYTICS_SIMULATED_PLAYERS", "8"))
# Planted players are drawn once for four that have nothing.
PLANTED = max(2, PLAYERS // 4)
_SHORT_OF_TIME = Filter("clock_left", ("under 5 s", "5 to 10 s", "10 to 20 s"))
_BAD_OPENING = (Filter("opening", (OPENINGS[0],)), Filter("color", ("black",)))

PLANTS = {
    "clock": (Weakness(below_20_s=2.0), Cut((_SHORT_OF_TIME,))),
    "opening": (Weakness(bad_opening=2.0), Cut(_BAD_OPENING)),
    "endgame": (Weakness(endgame=2.0), Cut((Filter("phase", ("endgame",)),))),
}


def test_players_without_a_weakness_are_told_of_none_at_the_stated_rate() -> None:
    found = [find(synthetic_player(seed)) for seed in range(PLAYERS)]
    told = sum(bool(each.findings) for each in found)
    _LOG.info("%d of %d players without a weakness were told of one", told, PLAYERS)
    assert all(each.cuts > 100 for each in found)
    # Where there is nothing to find, every finding is false: a tenth of the players at most, and
    # what chance adds to that in a sample.
    rate = found[0].rate
    assert told <= PLAYERS * rate + 2.33 * np.sqrt(PLAYERS * rate * (1 - rate))


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_weakness_comes_out_on_top(plant: str) -> None:
    weakness, cut = PLANTS[plant]
    seeds = range(1000, 1000 + PLANTED)
    likeness = [
        _likeness(synthetic_player(seed, games=400, weakness=weakness), cut) for seed in seeds
    ]
    first = sum(each >= 0.5 for each in likeness)
    exact = sum(each == 1 for each in likeness)
    _LOG.info("%s: %d of %d on top, %d exactly", plant, first, len(likeness), exact)
    assert first >= 0.9 * len(likeness)


def test_two_planted_weaknesses_are_both_found_and_nothing_else_is_ahead_of_them() -> None:
    facts = synthetic_player(77, games=400, weakness=Weakness(below_20_s=2.2, bad_opening=1.8))
    report = find(facts)
    table = loss_table(facts, Span())
    planted = [table.holds(PLANTS[plant][1]) for plant in ("clock", "opening")]
    top = [table.holds(finding.cut) for finding in report.findings[:2]]
    for held in planted:
        best = max(float((held & each).sum() / (held | each).sum()) for each in top)
        assert best > 0.5
    _check_told(report)


def _check_told(report: Findings) -> None:
    for finding in report.findings:
        assert finding.adjusted_p <= report.rate
        assert finding.excess.points > 0
        assert finding.points_a_month == pytest.approx(finding.excess.points / report.months)
        assert finding.excess.low < finding.excess.points < finding.excess.high
    points = [finding.excess.points for finding in report.findings]
    assert points == sorted(points, reverse=True)


def _likeness(facts: Facts, cut: Cut) -> float:
    """Tell which share of what was planted or found first is both."""
    report = find(facts)
    if not report.findings:
        return 0.0
    table = loss_table(facts, Span())
    planted, found = table.holds(cut), table.holds(report.findings[0].cut)
    return float((planted & found).sum() / (planted | found).sum())


@cache
def _short_of_time() -> tuple[Facts, Finding]:
    """Give a player with one weakness, and what is found of it."""
    facts = synthetic_player(1001, games=400, weakness=Weakness(below_20_s=2.5))
    return facts, find(facts).findings[0]


def test_a_finding_shows_its_worst_moves_and_games_and_says_what_to_do() -> None:
    facts, finding = _short_of_time()
    assert finding.step.kind is StepKind.MANAGE_CLOCK
    assert finding.cut.words in finding.step.words
    own = facts.own_moves.join(
        facts.games.select("game_id").with_row_index("game"), on="game", how="left"
    )
    table = loss_table(facts, Span())
    held = own[table.rows[table.holds(finding.cut)]]
    worst = finding.evidence.moves
    assert [move.loss for move in worst] == sorted((m.loss for m in worst), reverse=True)
    assert worst[0].loss == held["loss"].max()
    known = set(zip(held["game_id"].to_list(), held["ply"].to_list(), strict=True))
    assert {(move.game_id, move.ply) for move in worst} <= known
    by_game = held.group_by("game_id").agg(loss=held["loss"].sum())
    assert finding.evidence.games[0].game_id in by_game["game_id"].to_list()


def test_opponents_who_have_no_such_weakness_make_it_the_players_own() -> None:
    _, finding = _short_of_time()
    assert finding.opponents is not None
    assert finding.is_own
    assert finding.opponents.theirs < finding.excess.difference


def test_a_finding_is_compared_with_the_games_before() -> None:
    _, finding = _short_of_time()
    assert finding.past is not None
    assert finding.past.low < finding.past.change < finding.past.high
    assert finding.past.before.games + finding.past.after.games == finding.excess.games


def test_a_level_is_compared_with_only_where_there_are_enough_players() -> None:
    facts, finding = _short_of_time()
    cut = finding.cut
    peers = [synthetic_player(seed, games=120) for seed in range(LEAST_PEERS)]
    enough = make_reference("ten made-up players", peers, [cut], Span())
    few = make_reference("nine made-up players", peers[1:], [cut], Span())
    assert with_level(few, cut, finding.excess) is None
    mine = with_level(enough, cut, finding.excess)
    assert mine is not None
    assert mine.origin == "ten made-up players"
    assert mine.players == LEAST_PEERS
    assert mine.low > 0
    own = loss_table(facts, Span())
    assert at_level(find(facts), enough, own).findings[0].level == mine
    assert at_level(find(facts), few, own).findings[0].level is None


def test_too_few_games_give_no_finding_and_no_comparison() -> None:
    report = find(synthetic_player(3, games=8, weakness=Weakness(below_20_s=5)))
    assert report.cuts == 0
    assert not report.findings
