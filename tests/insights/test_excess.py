"""Excess loss against a slow reading, and its interval and p against many drawings."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.insights.cuts import Cut, all_cuts
from chess_analytics.insights.dimensions import DIMENSIONS, Level
from chess_analytics.insights.excess import LEAST_GAMES, GameSums, excess
from chess_analytics.insights.findings import Asked, find
from chess_analytics.insights.loss_table import Span, excess_of, excesses_of, loss_table
from chess_analytics.insights.question import Filter
from tests.insights.archives import facts_of, sample_games
from tests.insights.synthetic import Weakness, synthetic_player

_CUTS = (
    Cut((Filter("phase", ("middlegame",)),)),
    Cut((Filter("piece", ("queen", "rook")),)),
    Cut((Filter("color", ("black",)),)),
    Cut((Filter("color", ("white",)), Filter("phase", ("opening",)))),
    Cut((Filter("phase", ("endgame", "middlegame")), Filter("check", ("check",)))),
)


@pytest.mark.parametrize("cut", _CUTS, ids=lambda cut: cut.words)
def test_the_sums_of_a_cut_are_those_of_its_moves_one_by_one(cut: Cut) -> None:
    facts = facts_of(sample_games())
    moves: dict[int, int] = {}
    loss: dict[int, float] = {}
    for row in facts.own_moves.iter_rows(named=True):
        if row["loss_cp"] is not None and all(
            _holds(facts.games, row, each) for each in cut.filters
        ):
            moves[row["game"]] = moves.get(row["game"], 0) + 1
            loss[row["game"]] = loss.get(row["game"], 0.0) + row["loss"]
    table = loss_table(facts, Span())
    part = table.part(cut)
    assert {game: int(count) for game, count in enumerate(part.moves) if count} == moves
    for game, lost in loss.items():
        assert part.loss[game] == pytest.approx(lost, rel=1e-5)
    assert int(table.holds(cut).sum()) == sum(moves.values())
    assert sum(moves.values()) > 0


def _holds(games: pl.DataFrame, row: dict[str, Any], wanted: Filter) -> bool:
    """Tell it from the raw columns, which these dimensions name."""
    if wanted.dimension == "check":
        return ("check" if row["gives_check"] else "no check") in wanted.buckets
    if DIMENSIONS[wanted.dimension].level is Level.GAMES:
        return games[wanted.dimension][row["game"]] in wanted.buckets
    return row[wanted.dimension] in wanted.buckets


def test_many_cuts_at_once_have_the_sums_that_each_has_alone() -> None:
    table = loss_table(synthetic_player(4, games=60), Span())
    more = (
        Cut((Filter("phase", ("opening",)),)),
        Cut((Filter("phase", ("endgame", "opening")),)),
        Cut((Filter("phase", ("nothing",)),)),
        Cut((Filter("speed", ("blitz", "rapid")),)),
    )
    cuts = (*_CUTS, *more)
    together = table.parts(cuts)
    for row, cut in enumerate(cuts):
        alone = table.part(cut)
        assert together.moves[row].tolist() == alone.moves.tolist()
        assert together.loss[row].tolist() == alone.loss.tolist()


@pytest.mark.parametrize("games", [60, 1500])
def test_many_cuts_at_once_are_compared_as_each_is_alone(games: int) -> None:
    table = loss_table(synthetic_player(4, games=games), Span())
    labels = {name: table.labels(name) for name in DIMENSIONS}
    cuts = tuple(all_cuts(labels))[::7]
    together = list(excesses_of(table, cuts))
    assert together == [excess_of(table, cut) for cut in cuts]
    assert sum(each is not None for each in together) > len(cuts) / 4


def test_moves_that_are_put_aside_are_missing_from_every_cut() -> None:
    table = loss_table(synthetic_player(2, games=60), Span())
    gone, other = _CUTS[0], _CUTS[1]
    left = table.without(table.holds(gone))
    assert left.whole.moves.sum() == table.whole.moves.sum() - table.part(gone).moves.sum()
    assert left.part(gone).moves.sum() == 0
    both = int((table.holds(gone) & table.holds(other)).sum())
    assert left.part(other).moves.sum() == table.part(other).moves.sum() - both


def test_intervals_cover_and_p_values_are_kept_over_many_drawings() -> None:
    random = np.random.default_rng(11)
    covered, low_p, drawings, true = 0, 0, 1500, 0.4
    for _ in range(drawings):
        form = random.gamma(4, 0.25, 40)
        moves = random.integers(20, 50, 40).astype(np.float64)
        part = np.round(moves * random.uniform(0.1, 0.5, 40))
        rest_loss = form * random.gamma(moves - part, 2)
        planted = excess(
            GameSums(moves, rest_loss + (part_loss := form * random.gamma(part, 2)) + true * part),
            GameSums(part, part_loss + true * part),
        )
        plain = excess(GameSums(moves, rest_loss + part_loss), GameSums(part, part_loss))
        assert planted is not None
        assert plain is not None
        covered += planted.low <= true * planted.moves <= planted.high
        low_p += plain.p <= 0.05
    assert 0.925 <= covered / drawings <= 0.975
    assert 0.03 <= low_p / drawings <= 0.07


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40), st.floats(0, 500)), min_size=30),
    st.floats(0.1, 10),
)
def test_excess_grows_with_losses_and_not_with_their_unit(
    games: list[tuple[int, int, float]], unit: float
) -> None:
    part = np.array([float(inside) for inside, _, _ in games])
    whole = part + np.array([float(outside) for _, outside, _ in games])
    loss = np.array([lost for _, _, lost in games])
    seen = excess(GameSums(whole, loss), GameSums(part, loss / 3))
    scaled = excess(GameSums(whole, unit * loss), GameSums(part, unit * loss / 3))
    assert (seen is None) == (scaled is None)
    if seen is not None and scaled is not None:
        assert scaled.points == pytest.approx(unit * seen.points, abs=1e-6)
        assert seen.moves == part.sum()
        assert seen.games >= LEAST_GAMES
        assert 0 <= seen.p <= 1


def test_a_later_span_looks_at_later_games_only() -> None:
    facts = synthetic_player(9, games=200, weakness=Weakness(endgame=2))
    middle = facts.games["played_ms"][100]
    late = find(facts, _since(middle))
    assert late.games == 100
    assert late.months < find(facts).months


def _since(since_ms: int) -> Asked:
    return Asked(span=Span(since_ms=since_ms))
