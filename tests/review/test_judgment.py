from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.engine.evaluation import Score
from chess_analytics.games.model import Side
from chess_analytics.review.judgment import Cause, Judgment, judge_move, move_cost
from chess_analytics.review.thresholds import (
    CHESSCOM_LIKE,
    LICHESS,
    LICHESS_2020,
    LICHESS_UNCAPPED,
    PROFILES,
    STRICT,
    Thresholds,
)
from tests.review.evaluations import Value, score, scores

sides = st.sampled_from(list(Side))


def judged(was: Value, now: Value, thresholds: Thresholds = LICHESS) -> str | None:
    verdict = judge_move(score(was), score(now), Side.WHITE, thresholds)
    return verdict.judgment.value if verdict else None


# The least centipawns that make an inaccuracy, a mistake and a blunder, from the curve.
@pytest.mark.parametrize(
    ("was", "drops"),
    [
        (0, (55, 111, 169)),
        (100, (56, 110, 165)),
        (200, (60, 117, 172)),
        (300, (69, 131, 189)),
        (500, (101, 183, 253)),
        (700, (161, 271, 358)),
    ],
)
def test_a_judgment_begins_at_its_drop_and_not_a_centipawn_before(
    was: int, drops: tuple[int, int, int]
) -> None:
    kinds = [None, "inaccuracy", "mistake", "blunder"]
    for drop, before, after in zip(drops, kinds, kinds[1:], strict=False):
        assert judged(was, was - drop + 1) == before
        assert judged(was, was - drop) == after


@pytest.mark.parametrize(
    ("was", "now", "judgment"),
    [
        (0, "#-3", "blunder"),
        (500, "#-3", "blunder"),
        (-700, "#-3", "blunder"),
        (-701, "#-3", "mistake"),
        (-999, "#-3", "mistake"),
        (-1000, "#-3", "inaccuracy"),
        ("#2", 0, "blunder"),
        ("#2", 700, "blunder"),
        ("#2", 701, "mistake"),
        ("#2", 999, "mistake"),
        ("#2", 1000, "inaccuracy"),
        ("#2", "#-2", "blunder"),
        ("#2", "#9", None),
        ("#-5", "#-1", None),
        ("#-5", -200, None),
        ("#-5", "#3", None),
        (-200, "#3", None),
        (300, 350, None),
    ],
)
def test_mates_are_judged_by_how_clear_the_game_is_without_them(
    was: Value, now: Value, judgment: str | None
) -> None:
    assert judged(was, now) == judgment


@pytest.mark.parametrize(
    ("was", "now", "cause"),
    [
        (0, -300, Cause.CHANCES_FELL),
        (0, "#-3", Cause.MATE_ALLOWED),
        ("#3", 0, Cause.MATE_LOST),
        ("#3", "#-3", Cause.MATE_LOST),
    ],
)
def test_a_verdict_names_the_rule_that_gave_it(was: Value, now: Value, cause: Cause) -> None:
    verdict = judge_move(score(was), score(now), Side.WHITE, LICHESS)
    assert verdict
    assert verdict.cause is cause


@given(scores, sides, st.sampled_from(list(PROFILES.values())))
def test_a_mate_delivered_is_never_judged(was: Score, side: Side, thresholds: Thresholds) -> None:
    assert judge_move(was, None, side, thresholds) is None
    assert move_cost(was, None, side, thresholds).loss == 0
    assert move_cost(was, None, side, thresholds).accuracy == 100


@given(scores, scores, st.sampled_from(list(PROFILES.values())))
def test_the_colours_are_judged_alike(was: Score, now: Score, thresholds: Thresholds) -> None:
    def turned(given_score: Score) -> Score:
        cp, mate = given_score.cp, given_score.mate
        return Score(cp=-cp) if cp is not None else Score(mate=-(mate or 0))

    white = judge_move(was, now, Side.WHITE, thresholds)
    assert white == judge_move(turned(was), turned(now), Side.BLACK, thresholds)
    assert move_cost(was, now, Side.WHITE, thresholds) == move_cost(
        turned(was), turned(now), Side.BLACK, thresholds
    )


@given(st.integers(-1500, 1500), st.integers(-1500, 1500), st.integers(-1500, 1500))
def test_a_worse_result_is_never_judged_more_kindly(was: int, one: int, other: int) -> None:
    order = [None, *Judgment]
    worse, better = sorted((one, other))
    assert order.index(_judgment(was, worse)) >= order.index(_judgment(was, better))


def _judgment(was: int, now: int) -> Judgment | None:
    verdict = judge_move(Score(cp=was), Score(cp=now), Side.WHITE, LICHESS)
    return verdict.judgment if verdict else None


@pytest.mark.parametrize(
    ("was", "now", "loss_cp"),
    [(100, 40, 60), (40, 100, 0), (1500, 900, 100), ("#2", "#-2", 2000), ("#1", 4000, 0)],
)
def test_centipawns_are_lost_between_the_caps(was: Value, now: Value, loss_cp: int) -> None:
    assert move_cost(score(was), score(now), Side.WHITE, LICHESS).loss_cp == loss_cp


@pytest.mark.parametrize(
    ("was", "now", "thresholds", "judgment"),
    [
        (0, -40, LICHESS, None),
        (0, -40, STRICT, "inaccuracy"),
        (0, -60, CHESSCOM_LIKE, "inaccuracy"),
        (0, -200, LICHESS, "blunder"),
        (0, -200, CHESSCOM_LIKE, "mistake"),
        (0, -235, CHESSCOM_LIKE, "blunder"),
        # One ply each from games of 2021-2022 in which only the older curve explains Lichess.
        (0, -51, LICHESS, None),
        (0, -51, LICHESS_2020, "inaccuracy"),
        # Beyond ten pawns only the newest code of Lichess sees a difference.
        (1541, 730, LICHESS, None),
        (1541, 730, LICHESS_UNCAPPED, "inaccuracy"),
        (-437, -1484, LICHESS, "mistake"),
        (-437, -1484, LICHESS_UNCAPPED, "blunder"),
    ],
)
def test_profiles_differ_where_they_say(
    was: int, now: int, thresholds: Thresholds, judgment: str | None
) -> None:
    assert judged(was, now, thresholds) == judgment


def test_a_loss_of_exactly_the_limit_is_judged() -> None:
    fall = -50 * LICHESS.curve.chances(-40)
    assert judged(0, -40, replace(LICHESS, inaccuracy=fall)) == "inaccuracy"
    assert judged(0, -40, replace(LICHESS, inaccuracy=fall + 1e-9)) is None


@pytest.mark.parametrize("thresholds", PROFILES.values(), ids=PROFILES)
def test_the_limits_of_a_profile_rise(thresholds: Thresholds) -> None:
    limits = [
        thresholds.excellent,
        thresholds.inaccuracy,
        thresholds.mistake,
        thresholds.blunder,
        thresholds.holds,
        thresholds.open_until,
        thresholds.winning,
        thresholds.decided,
        100,
    ]
    assert limits == sorted(set(limits))


def test_profiles_are_found_by_their_names() -> None:
    assert list(PROFILES) == [profile.name for profile in PROFILES.values()]
    assert {"lichess", "strict", "chesscom-like", "lichess-2020"} < set(PROFILES)
