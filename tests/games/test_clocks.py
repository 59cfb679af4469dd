import gzip
import json
from collections.abc import Iterator, Sequence

import chess
import chess.pgn
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.games.clocks import (
    Speed,
    Stage,
    TimeControl,
    parse_time_control,
    seconds_spent,
    speed,
    time_control,
)
from chess_analytics.games.model import Game, Site
from tests.builders import game, game_from, game_of, played
from tests.shared_data import shared_data

SHUFFLE = "1. Nf3 Nf6 2. Ng1 Ng8 3. Nf3 Nf6 4. Ng1 Ng8"


def under(control: str) -> Game:
    return game("1. e4 e5", tags={"TimeControl": control})


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("300+3", (Stage(None, 300, 3),)),
        ("600", (Stage(None, 600),)),
        ("0.5+0.1", (Stage(None, 0.5, 0.1),)),
        ("1/259200", (Stage(1, 259_200),)),
        ("40/7200:3600", (Stage(40, 7200), Stage(None, 3600))),
        ("40/7200:20/3600:900+30", (Stage(40, 7200), Stage(20, 3600), Stage(None, 900, 30))),
        ("15 min. + 10 s. per move", (Stage(None, 900, 10),)),
        (
            "15 minutes + 10 seconds increment per move, starting from move 1",
            (Stage(None, 900, 10),),
        ),
        ("3 min + 2 sec", (Stage(None, 180, 2),)),
        ("60 min", (Stage(None, 3600),)),
        ("-", ()),
    ],
)
def test_a_time_control_is_read_as_pgn_writes_it(text: str, stages: tuple[Stage, ...]) -> None:
    assert time_control(under(text)) == TimeControl(stages)


def test_an_hourglass_is_told_apart_from_seconds_for_the_whole_game() -> None:
    assert parse_time_control("*60") == TimeControl((Stage(None, 60),), is_hourglass=True)


@pytest.mark.parametrize(
    "text",
    ["", "?", "*", "abc", "300+", "+3", "0/60", "40/7200:", "40/7200:?", "G/60", "3:00", "-5",
     "90 min for 40 moves + 30 min", "90 min/40 moves + 30 s per move"],
)  # fmt: skip
def test_a_time_control_that_does_not_say_it_is_unknown(text: str) -> None:
    assert time_control(under(text)) is None
    assert speed(under(text)) is None


def test_a_game_without_the_tag_has_no_known_time_control() -> None:
    assert time_control(game("1. e4")) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15", Speed.ULTRA_BULLET),
        ("29+0", Speed.ULTRA_BULLET),
        ("30", Speed.BULLET),
        ("60+2", Speed.BULLET),
        ("179", Speed.BULLET),
        ("180", Speed.BLITZ),
        ("180+2", Speed.BLITZ),
        ("60+3", Speed.BLITZ),
        ("479", Speed.BLITZ),
        ("480", Speed.RAPID),
        ("300+5", Speed.RAPID),
        ("1499", Speed.RAPID),
        ("900+15", Speed.CLASSICAL),
        ("1500", Speed.CLASSICAL),
        ("40/7200:3600", Speed.CLASSICAL),
        ("20/300:300", Speed.RAPID),
        ("1/86400", Speed.CORRESPONDENCE),
        ("1/30", Speed.RAPID),
        ("-", Speed.CORRESPONDENCE),
    ],
)
def test_a_game_is_as_fast_as_lichess_says(text: str, expected: Speed) -> None:
    assert speed(under(text)) == expected


def test_an_hourglass_has_no_speed() -> None:
    assert speed(under("*60")) is None


@pytest.mark.parametrize(
    ("text", "moves", "granted"),
    [("300+3", 0, 300), ("300+3", 10, 330), ("40/7200:3600", 40, 7200), ("40/7200:3600", 41, 10800),
     ("2/100", 5, 300), ("2/100:1/50:10+1", 5, 162), ("-", 5, 0)],
)  # fmt: skip
def test_a_player_gets_the_time_of_every_stage_reached(
    text: str, moves: int, granted: float
) -> None:
    control = parse_time_control(text)
    assert control is not None
    assert control.granted_s(moves) == granted


def spent_on(clocks: Sequence[float | None], control: str, site: Site = Site.OTHER) -> list[object]:
    line = played([0] * len(clocks))
    moves = [move.move for move in line.moves]
    tags = {"TimeControl": control}
    return list(seconds_spent(game_of(moves, clocks=clocks, tags=tags, site=site)))


def test_a_move_costs_what_the_clock_lost_and_the_increment() -> None:
    clocks = [300, 300, 298.5, 303, 301.5, 290]
    assert spent_on(clocks, "300+3") == [None, None, 4.5, 0.0, 0.0, 16.0]


def test_tenths_of_a_second_leave_no_dust() -> None:
    assert spent_on([599.6, 598.7, 597.9, 596.1], "600") == [None, None, 1.7, 2.6]


def test_a_missing_clock_makes_two_moves_unknown() -> None:
    clocks = [60, 60, None, 50, 40, 45, 38]
    assert spent_on(clocks, "60") == [None, None, None, 10, None, 5, 2]


def test_a_clock_that_rounding_lets_rise_a_little_took_no_time() -> None:
    assert spent_on([60, 60, 61, 60], "60") == [None, None, 0.0, 0.0]


def test_time_that_the_opponent_gave_makes_a_move_unknown_not_negative() -> None:
    assert spent_on([60, 60, 75, 60, 70, 50], "60") == [None, None, None, 0.0, 5, 10]


def test_without_a_time_control_the_increment_and_so_the_time_spent_is_unknown() -> None:
    assert spent_on([60, 60, 55, 50], "?") == [None] * 4
    assert spent_on([60, 60, 55, 50], "-") == [None] * 4
    assert spent_on([60, 60, 65, 50], "*60") == [None] * 4


def test_a_daily_move_costs_its_allowance_less_the_clock() -> None:
    clocks = [86_390, 86_000, 80_000, 86_400, None, 86_500]
    assert spent_on(clocks, "1/86400") == [None, None, 6_400, 0, None, None]


@pytest.mark.parametrize(
    ("clocks", "white"),
    [
        ([100, 100, 10, 60, 40, 70], [None, 90, 20]),  # shown after the move that follows
        ([100, 100, 130, 110, 80, 70], [None, 20, 50]),  # shown at once
        ([100, 100, 70, 70, 60, 60], [None, None, 10]),  # either: 30 spent, or 80
    ],
)
def test_the_time_of_a_new_stage_is_not_taken_for_a_gift(
    clocks: list[float | None], white: list[float | None]
) -> None:
    assert spent_on(clocks, "2/100:50")[::2] == white


def test_the_time_of_a_stage_counts_once() -> None:
    clocks: list[float | None] = [100, 100, 40, 40, 80, 95, 120]
    assert spent_on(clocks, "2/100:50") == [None, None, 60, 60, 10, None, None]


def test_elapsed_times_of_the_input_go_before_the_clocks_even_on_the_first_move() -> None:
    clocks = game(SHUFFLE, clocks=[60, 60, 50], elapsed=[3, None, 9.5], tags={"TimeControl": "60"})
    assert seconds_spent(clocks)[:3] == (3, None, 9.5)


def test_whoever_berserks_on_lichess_gets_no_increment() -> None:
    clocks: list[float | None] = [90, 180, 85, 181, 85, 180]
    assert spent_on(clocks, "180+2", Site.LICHESS) == [None, None, 5, 1, 0, 3]
    assert spent_on(clocks, "180+2", Site.OTHER) == [None, None, 7, 1, 2, 3]


def test_a_game_in_which_black_moves_first_keeps_the_sides_apart() -> None:
    line = game(
        "1... Ke7 2. Ke2 Ke8 3. Ke1",
        fen="4k3/8/8/8/8/8/8/4K3 b - - 0 1",
        clocks=[60, 50, 55, 49],
        tags={"TimeControl": "60"},
    )
    assert seconds_spent(line) == (None, None, 5, 1)


@given(st.lists(st.none() | st.floats(0, 600), max_size=30), st.integers(0, 10))
def test_no_move_takes_negative_time_and_every_ply_has_its_answer(
    clocks: list[float | None], increment: int
) -> None:
    spent = spent_on(clocks, f"300+{increment}")
    assert len(spent) == min(len(clocks), len(played([0] * len(clocks)).moves))
    assert all(seconds is None or float(str(seconds)) >= 0 for seconds in spent)
    assert spent[:2] == [None, None][: len(spent)]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.integers(0, 10))
def test_clocks_give_back_the_times_they_were_made_from(times: list[int], increment: int) -> None:
    left = [300.0, 300.0]
    clocks: list[float | None] = []
    for ply, time in enumerate(times):
        left[ply % 2] += increment - time
        clocks.append(left[ply % 2])
    expected = [None, None, *times[2:]][: len(times)]
    assert spent_on(clocks, f"300+{increment}")[: len(times)] == expected


def archive(name: str, *, most: int = 150) -> Iterator[Game]:
    with shared_data(name).open(encoding="utf-8") as text:
        for _ in range(most):
            parsed = chess.pgn.read_game(text)
            if parsed is None:
                return
            on_lichess = "lichess.org" in parsed.headers["Site"]
            yield game_from(parsed, site=Site.LICHESS if on_lichess else Site.CHESSCOM)


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "archives/lichess_Lance5500_evals.pgn",
        "gold/lichess_db_2021-10_evals.pgn",
        "gold/lichess_mixed_players_evals.pgn",
        "archives/chesscom_kyle_b81.pgn",
        "archives/chesscom_xd009642.pgn",
    ],
)
def test_nobody_in_a_real_archive_spends_more_than_the_clock_gave(name: str) -> None:
    for line in archive(name):
        control = time_control(line)
        spent = seconds_spent(line)
        assert control is not None
        assert all(seconds is not None for seconds in spent[2:])
        if control.is_daily:
            continue
        for first in (0, 1):
            own = line.moves[first::2]
            total = sum(seconds or 0 for seconds in spent[first::2])
            # What was spent and what is left is what was granted, but for the first move and
            # for half of the time where a player berserked.
            left = own[-1].clock_s if own else None
            assert left is not None
            assert total + left <= control.granted_s(len(own)) + 0.01


@pytest.mark.shared
def test_lichess_and_we_agree_on_how_fast_its_games_are() -> None:
    path = shared_data("gold/lichess_server_analysis.ndjson.gz")
    with gzip.open(path, "rt") as text:
        lines = [json.loads(line) for line in text]
    for told in lines:
        clock = told["clock"]
        assert speed(under(f"{clock['initial']}+{clock['increment']}")) == told["speed"]
    assert len(lines) == 300
