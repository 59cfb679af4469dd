"""The capacity planner against real runs, and what the library grows by with a game."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text
from tests.faults.arrangement import EMBEDDED, FLEET, Arrangement
from tests.faults.engines import simulated_engines
from tests.faults.fleet import arranged
from tests.planning.real_run import Visit, off_by, run_for_real, simulated_waits

from bench.big_library import add_user, made_up_games, new_run, reviewed_games
from bench.stores import database_of, empty_store
from chess_analytics.store.games import insert_games
from chess_analytics.store.runs import insert_runs
from chess_analytics.store.session import Store

GOAL_OFF_BY = 0.1
# Long enough that engines, which sleep, decide how long everything takes.
_LATENCY_MS = 200
_SIZES = (24, 4, 10, 2, 16, 6, 3, 20, 5, 8, 12, 4)
_EVERY_S = 4.0
_GROWN_GAMES = 1_000


def measure() -> dict[str, Any]:
    """Compare waits on one server and in a fleet, and measure the growth on PostgreSQL."""
    return {
        "goal_off_by": GOAL_OFF_BY,
        **{each.name: _compare(each) for each in (EMBEDDED, FLEET)},
        "database_bytes_a_game": _growth(),
    }


def _compare(arrangement: Arrangement) -> dict[str, Any]:
    """Let a dozen users come to a server that is busy, and foretell the same.

    It is foretold from what a game took a slot before, in a job of its own, which is all that a
    planner can know; and told again from what each game has really taken.
    """
    with TemporaryDirectory() as name, database_of(arrangement.database) as url:
        engines = simulated_engines(Path(name), _LATENCY_MS)
        with arranged(arrangement, Path(name), engines, url) as machine:
            slots = machine.slots_in_all
            many = slots // 2
            visits = [Visit(number * _EVERY_S, size * many) for number, size in enumerate(_SIZES)]
            real = run_for_real(machine, visits)
    ran = real.ran
    measured = [it.wait_s for it in ran]
    return {
        "slots": slots,
        "jobs": len(ran),
        "games": sum(len(it.seconds) for it in ran),
        "slot_s_a_game": round(real.slot_s, 3),
        "waits_s": [round(wait, 2) for wait in measured],
        "off_by_foretold": off_by(measured, simulated_waits(ran, slots, real.slot_s)),
        "off_by_told_again": off_by(measured, simulated_waits(ran, slots)),
    }


def _growth() -> int:
    """Measure what PostgreSQL grows by with a game that is stored and analysed."""
    with empty_store("postgresql") as store:
        user_id, player_id = add_user(store, "user")
        before = _size(store)
        _store_games(store, user_id, player_id)
        return round((_size(store) - before) / _GROWN_GAMES)


def _store_games(store: Store, user_id: int, player_id: int) -> None:
    analysed = reviewed_games()
    games = list(made_up_games(_GROWN_GAMES, player_id))
    with store.writing() as connection:
        ids = insert_games(connection, user_id, None, games, now_ms=0)
    with store.writing() as connection:
        runs = [
            (game_id, new_run(run, review), review)
            for number, game_id in enumerate(ids)
            for _, run, review in [analysed[number % len(analysed)]]
        ]
        insert_runs(connection, runs, now_ms=0)


def _size(store: Store) -> int:
    with store.reading() as connection:
        found = connection.execute(text("SELECT pg_database_size(current_database())"))
        size: int = found.scalar_one()
        return size
