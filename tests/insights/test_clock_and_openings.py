"""Time, openings and repeated mistakes against slow readings of the same facts."""

from collections import defaultdict
from typing import Any

import polars as pl
import pytest

from chess_analytics.games.model import Side
from chess_analytics.insights.clock_use import Difficulty, clock_use
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.opening_costs import opening_costs
from chess_analytics.insights.question import Filter
from chess_analytics.insights.repeated_mistakes import repeated_mistakes
from tests.insights.archives import facts_of, sample_games
from tests.insights.synthetic import OPENINGS, Weakness, synthetic_player

_POINTS = {"win": 1.0, "draw": 0.5, "loss": 0.0}


def _with(facts: Facts, *, moves: dict[str, Any] | None = None, **games: pl.Expr) -> Facts:
    """Give facts of which some columns are other ones."""
    schema = facts.games.schema
    changed = facts.games.with_columns(
        each.cast(schema[name]).alias(name) for name, each in games.items()
    )
    types = facts.moves.schema
    expressions = [each.cast(types[name]).alias(name) for name, each in (moves or {}).items()]
    return Facts(changed, facts.moves.with_columns(expressions))


def test_every_move_with_a_clock_is_in_one_cell_of_time_and_difficulty() -> None:
    facts = synthetic_player(4, games=80)
    use = clock_use(facts)
    own = facts.own_moves
    assert use.moves == len(own) == sum(cell.moves for cell in use.cells)
    assert sum(cell.seconds for cell in use.cells) == pytest.approx(own["spent_s"].sum(), rel=1e-4)
    forced = sum(cell.moves for cell in use.cells if cell.difficulty is Difficulty.FORCED)
    assert forced == own["is_forced"].sum()
    # No gap is drawn: nothing is claimed to be searched, and the unknown is said to be.
    assert use.searched == 0
    assert 0 < use.known < 100


def test_a_searched_position_is_as_hard_as_its_gap_says() -> None:
    gap = pl.when(pl.col("ply") % 3 == 0).then(25.0).when(pl.col("ply") % 3 == 1).then(1.0)
    facts = _with(synthetic_player(4, games=80), moves={"gap": gap})
    use = clock_use(facts)
    open_ = facts.own_moves.filter(~pl.col("is_forced") & ~pl.col("is_book"))
    counted: dict[Difficulty, int] = defaultdict(int)
    for cell in use.cells:
        counted[cell.difficulty] += cell.moves
    assert counted[Difficulty.ONE] == (open_["ply"] % 3 == 0).sum()
    assert counted[Difficulty.MANY] == (open_["ply"] % 3 == 1).sum()
    assert counted[Difficulty.SOME] == 0
    assert use.hard.rushed is not None
    assert use.hard.thought is not None
    assert use.hard.rushed.count + use.hard.thought.count == counted[Difficulty.ONE]


def test_long_thought_about_the_only_move_is_time_wasted() -> None:
    is_wasted = pl.col("is_forced") & (pl.col("ply") % 2 == 0)
    spent = pl.when(is_wasted).then(60.0).otherwise(2.0)
    facts = _with(
        synthetic_player(4, games=80), moves={"spent_s": spent, "win_before": pl.lit(50.0)}
    )
    easy = clock_use(facts).easy
    wasted = facts.own_moves.filter(is_wasted)
    assert easy.moves == len(wasted) > 0
    assert easy.seconds == pytest.approx(58 * len(wasted))
    assert easy.share == pytest.approx(100 * easy.seconds / float(facts.own_moves["spent_s"].sum()))


def test_time_trouble_costs_what_was_planted() -> None:
    use = clock_use(synthetic_player(8, games=300, weakness=Weakness(below_20_s=2.5)))
    assert use.trouble is not None
    assert use.trouble.low > 0
    plain = clock_use(synthetic_player(8, games=300)).trouble
    assert plain is not None
    assert plain.low < 0 < plain.high


def test_flags_that_fell_in_won_positions_are_listed() -> None:
    last = pl.col("ply") == pl.col("ply").max().over("game")
    is_winning = pl.col("game") % 2 == 0
    mine, theirs = pl.when(is_winning).then(95.0).otherwise(30.0), pl.lit(5.0)
    after = pl.when(pl.col("is_mine")).then(mine).otherwise(100 - mine)
    facts = _with(
        synthetic_player(12, games=60),
        moves={"win_after": pl.when(last).then(after).otherwise(theirs)},
        outcome=pl.lit("loss"),
        termination=pl.when(pl.col("game_id") <= 20).then(pl.lit("time")),
    )
    games = clock_use(facts).games
    assert games.flags == 20
    assert {each.game_id for each in games.flags_winning} == set(range(1, 21, 2))
    assert {each.win for each in games.flags_winning} == {95.0}


def test_a_lost_game_that_stood_well_when_time_ran_short_was_spoilt() -> None:
    facts = _with(
        synthetic_player(13, games=60),
        moves={"win_before": pl.when(pl.col("game") < 30).then(75.0).otherwise(20.0)},
        outcome=pl.when(pl.col("game_id") % 2 == 0).then(pl.lit("loss")).otherwise(pl.lit("win")),
    )
    short = set(facts.own_moves.filter(pl.col("clock_share") < 10)["game"].to_list())
    games = clock_use(facts).games
    # Rows count from 0, ids from 1: the game of id 2 is row 1.
    assert {each.game_id for each in games.spoilt} == {
        row + 1 for row in short if row < 30 and row % 2 == 1
    }
    assert games.trouble is not None
    assert games.trouble.value == pytest.approx(100 * len(short) / 60)


def test_openings_are_weighed_as_one_by_one() -> None:
    facts = facts_of(sample_games())
    games = defaultdict(list)
    for row, game in enumerate(facts.games.iter_rows(named=True)):
        if game["family"]:
            games[game["color"], game["family"]].append((row, game))
    costs = {(cost.color.value, cost.name): cost for cost in opening_costs(facts)}
    assert costs.keys() == games.keys()
    for key, cost in costs.items():
        rows = [row for row, _ in games[key]]
        points = [_POINTS[game["outcome"]] for _, game in games[key] if game["outcome"]]
        assert cost.games == len(rows)
        assert (cost.score is None) == (not points)
        if cost.score is not None:
            assert cost.score.value == pytest.approx(100 * sum(points) / len(points))
        opening = facts.own_moves.filter(
            pl.col("game").is_in(rows)
            & (pl.col("phase") == "opening")
            & pl.col("loss_cp").is_not_null()
        )
        assert cost.points == pytest.approx(opening["loss"].cast(pl.Float64).sum(), rel=1e-5)
        assert (cost.loss.count if cost.loss else 0) == len(opening)
        exits = [game["exit_cp"] for _, game in games[key] if game["exit_cp"] is not None]
        assert (cost.exit_cp.value if cost.exit_cp else None) == (
            pytest.approx(sum(exits) / len(exits)) if exits else None
        )
        left = [game for _, game in games[key] if game["leaves_book"] is not None]
        mine = sum(game["leaves_book"] for game in left)
        known = [game for game in left if game["leaves_book"] or game["opponent_leaves_book"]]
        assert (cost.leaves_first.value if cost.leaves_first else None) == (
            pytest.approx(100 * mine / len(known)) if known else None
        )


def test_a_bad_opening_costs_beyond_the_others_and_only_with_its_colour() -> None:
    facts = synthetic_player(31, games=500, weakness=Weakness(bad_opening=3.0))
    costs = {(cost.color, cost.name): cost for cost in opening_costs(facts)}
    bad = costs[Side.BLACK, OPENINGS[0]].excess
    fine = costs[Side.WHITE, OPENINGS[0]].excess
    assert bad is not None
    assert fine is not None
    assert bad.low > 0
    assert fine.low < 0
    lines = opening_costs(facts, by="variation")
    assert sum(line.games for line in lines) == len(facts.games)
    whites = opening_costs(facts, Span(filters=(Filter("color", ("white",)),)))
    assert {cost.color for cost in whites} == {Side.WHITE}


def test_the_same_bad_move_in_the_same_position_is_found_however_often_it_was_made() -> None:
    # A position every tenth game at ply 5 or 6, in which a blunder is made each time but one.
    is_there = (pl.col("game") % 10 == 0) & pl.col("is_mine") & pl.col("ply").is_in([5, 6])
    errs = is_there & (pl.col("game") != 40)
    facts = _with(
        synthetic_player(17, games=100),
        moves={
            "position": pl.when(is_there).then(123).otherwise(pl.col("position")),
            "loss": pl.when(errs).then(20.0).otherwise(0.0),
            "judgment": pl.when(errs).then(pl.lit("blunder")),
        },
    )
    (mistake,) = repeated_mistakes(facts)
    assert (mistake.position, mistake.uci) == (f"{123:016x}", "e2e4")
    assert (mistake.times, mistake.times_there) == (9, 10)
    assert mistake.points == pytest.approx(180)
    assert [move.game_id for move in mistake.seen] == [91, 81, 71, 61, 51, 31, 21, 11, 1]
    assert mistake.last_ms == facts.games["played_ms"][90]
    assert not repeated_mistakes(facts, least_times=10)
