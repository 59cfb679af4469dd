"""How quickly games, runs and moves are stored, and how much slower other ways would be."""

import itertools
import os
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from bench.big_library import add_user, made_up_games, new_run, reviewed_games
from bench.stores import KINDS, empty_store
from chess_analytics.games.fingerprint import is_same_game
from chess_analytics.store.dialect import Row, insert_rows
from chess_analytics.store.games import NewGame, games_alike, insert_games
from chess_analytics.store.runs import insert_runs
from chess_analytics.store.session import Store
from chess_analytics.store.tables import moves

GOAL_GAMES_PER_S = 400
GAMES = 2000
_OURS = {"sqlite": "executemany of the driver", "postgresql": "COPY"}
# As many games as are stored in one transaction.
_BATCH = 200
# The best of so many counts: other work on the machine only ever makes it slower.
_ROUNDS = 5

_Way = Callable[[Connection, Sequence[Row]], None]


def measure() -> dict[str, Any]:
    """Store games, and runs with the moves of real games, in both databases."""
    return {
        "goal_games_per_s": GOAL_GAMES_PER_S,
        **{kind: _measure(kind) for kind in KINDS},
        # How many processes wanted the machine's cores at the end; 1 would be this one alone.
        "load": round(os.getloadavg()[0], 1),
    }


def _measure(kind: str) -> dict[str, Any]:
    with empty_store(kind) as store:
        library = _library(store)
        return {"library": library, "moves": _moves(store), "as_we_do_is": _OURS[kind]}


def _library(store: Store) -> dict[str, Any]:
    """Store games, look for them as they come again, and store their runs."""
    user_id, player_id = add_user(store, "measured")
    new = list(itertools.islice(made_up_games(GAMES, player_id), GAMES))
    reviewed = [(new_run(run, review), review) for _, run, review in reviewed_games()]
    ids: list[int] = []

    def games(connection: Connection, batch: Sequence[NewGame]) -> None:
        ids.extend(insert_games(connection, user_id, None, batch, now_ms=0))

    def runs(connection: Connection, batch: Sequence[int]) -> None:
        analysed = zip(batch, itertools.cycle(reviewed), strict=False)
        insert_runs(connection, [(id_, *run) for id_, run in analysed], now_ms=0)

    def alike(connection: Connection, batch: Sequence[NewGame]) -> None:
        found = games_alike(connection, user_id, [game.moves_key for game in batch])
        assert all(is_same_game(*[found[game.moves_key][0].fingerprint] * 2) for game in batch)

    stored = _per_s(store, games, new)
    return {
        "games_stored_per_s": stored,
        "games_recognised_per_s": _per_s(store, alike, new),
        "runs_stored_per_s": _per_s(store, runs, ids),
        "moves_a_run": round(sum(len(review.moves) for _, review in reviewed) / len(reviewed)),
    }


def _per_s(store: Store, do: Callable[[Connection, Any], None], items: Sequence[Any]) -> int:
    began = time.perf_counter()
    for start in range(0, len(items), _BATCH):
        with store.writing() as connection:
            do(connection, items[start : start + _BATCH])
    return round(len(items) / (time.perf_counter() - began))


def _moves(store: Store) -> dict[str, Any]:
    """Insert the moves of the same runs in every way, with a call a run and a call for all."""
    with store.writing() as connection:
        chosen = moves.c.run_id.in_(select(moves.c.run_id).distinct().limit(_BATCH))
        rows = [tuple(row) for row in connection.execute(select(moves).where(chosen))]
        connection.execute(delete(moves))
        by_run = [list(group) for _, group in itertools.groupby(rows, key=lambda row: row[0])]
        taken = {
            **{name: _time(connection, way, by_run) for name, way in _WAYS.items()},
            **{
                f"{name}, all runs": _time(connection, way, [rows])
                for name, way in _FOR_ALL.items()
            },
        }
    slowest = taken[_ROW_BY_ROW]
    return {
        name: {"games_per_s": round(len(by_run) / took), "times_as_fast": round(slowest / took, 1)}
        for name, took in taken.items()
    }


def _time(connection: Connection, way: _Way, calls: Iterable[Sequence[Row]]) -> float:
    best = float("inf")
    for _ in range(_ROUNDS):
        undone = connection.begin_nested()
        began = time.perf_counter()
        for rows in calls:
            way(connection, rows)
        best = min(best, time.perf_counter() - began)
        undone.rollback()
    return best


def _row_by_row(connection: Connection, rows: Sequence[Row]) -> None:
    for row in _named(rows):
        connection.execute(insert(moves), row)


def _many_rows(connection: Connection, rows: Sequence[Row]) -> None:
    connection.execute(insert(moves), _named(rows))


def _many_values(connection: Connection, rows: Sequence[Row]) -> None:
    connection.execute(insert(moves).values(_named(rows)))


def _as_we_do(connection: Connection, rows: Sequence[Row]) -> None:
    insert_rows(connection, moves, rows)


def _named(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [dict(zip(moves.c.keys(), row, strict=True)) for row in rows]


_ROW_BY_ROW = "row by row"
_WAYS: dict[str, _Way] = {
    _ROW_BY_ROW: _row_by_row,
    "one statement of many values": _many_values,
    "executemany of SQLAlchemy": _many_rows,
    "as we do": _as_we_do,
}
_FOR_ALL = {name: _WAYS[name] for name in ("executemany of SQLAlchemy", "as we do")}
