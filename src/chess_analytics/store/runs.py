"""Runs of stored games: who analysed a game, and what came out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Connection,
    Float,
    RowMapping,
    String,
    Update,
    bindparam,
    case,
    cast,
    or_,
    select,
    tuple_,
    update,
)

from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.games.model import Side
from chess_analytics.insights.records import PackedFacts
from chess_analytics.review.judge import Review, SideSummary
from chess_analytics.store.dialect import insert_new_returning
from chess_analytics.store.facts import insert_facts
from chess_analytics.store.moves import insert_moves
from chess_analytics.store.packing import pack, unpack
from chess_analytics.store.tables import games, runs
from chess_analytics.store.texts import storable

# SQLite's oldest limit on the variables of one statement is 999; a run is named by two.
_RUNS_A_STATEMENT = 400


class RunSource(StrEnum):
    """Who gave a run's evaluations."""

    ENGINE = "engine"
    """An engine of ours."""
    SUPPLIED = "supplied"
    """They came with the game."""


@dataclass(frozen=True, slots=True)
class NewRun:
    """A finished run that is to be stored with its review."""

    source: RunSource
    engine: str
    profile: str | None
    settings_key: str
    """All that decides the numbers: a game has one run of each."""
    nodes: int
    seconds: float
    evaluations: tuple[Evaluation | None, ...]
    facts: PackedFacts
    """What the review leaves behind for insights: `facts.pack_facts`."""


@dataclass(frozen=True, slots=True)
class SideNumbers:
    """One player's game in a run, unrounded."""

    accuracy: float | None
    acpl: float | None
    inaccuracies: int
    mistakes: int
    blunders: int


@dataclass(frozen=True, slots=True)
class GameRun:
    """A stored run, without its evaluations and moves."""

    id: int
    game_id: int
    source: RunSource
    engine: str
    profile: str | None
    settings_key: str
    nodes: int
    seconds: float
    created_ms: int
    white: SideNumbers
    black: SideNumbers

    def side(self, side: Side) -> SideNumbers:
        return self.white if side is Side.WHITE else self.black


RUN_COLUMNS = tuple(column for column in runs.c if column is not runs.c.evaluations)
"""All that a `GameRun` is made of."""


def insert_runs(
    connection: Connection, new: Sequence[tuple[int, NewRun, Review]], *, now_ms: int
) -> list[int]:
    """Store runs of games (named by their ids) with moves and facts; give the runs' ids in order.

    A run is never changed: where the game has one with the same settings, that one's id is given.
    """
    wanted: dict[_Key, tuple[NewRun, Review]] = {}
    for game_id, run, review in new:
        wanted.setdefault((game_id, run.settings_key), (run, review))
    inserted = _insert(connection, wanted, now_ms)
    if inserted:
        insert_moves(connection, [(run_id, wanted[key][1]) for key, run_id in inserted.items()])
        insert_facts(connection, {run_id: wanted[key][0].facts for key, run_id in inserted.items()})
        _show(connection, inserted, wanted)
    others = [key for key in wanted if key not in inserted]
    there = _ids(connection, others)
    return [(inserted | there)[game_id, run.settings_key] for game_id, run, _ in new]


def runs_of_game(connection: Connection, game_id: int) -> list[GameRun]:
    """List a game's runs, the newest first."""
    rows = connection.execute(
        select(*RUN_COLUMNS).where(runs.c.game_id == game_id).order_by(runs.c.id.desc())
    ).mappings()
    return [game_run(row) for row in rows]


def find_run(connection: Connection, user_id: int, run_id: int) -> GameRun | None:
    """Look up a run of a game that is this user's."""
    row = (
        connection.execute(
            select(*RUN_COLUMNS)
            .join(games, games.c.id == runs.c.game_id)
            .where(runs.c.id == run_id, games.c.user_id == user_id)
        )
        .mappings()
        .one_or_none()
    )
    return game_run(row) if row else None


def evaluations_of_run(connection: Connection, run_id: int) -> tuple[Evaluation | None, ...]:
    """Give a run's raw evaluations: one a position, from the start to the last."""
    packed = connection.execute(select(runs.c.evaluations).where(runs.c.id == run_id))
    return unpack(packed.scalar_one())


def game_run(row: RowMapping, prefix: str = "") -> GameRun:
    """Read a run from a row that holds `RUN_COLUMNS`, their names after ``prefix``."""
    of = {column.name: row[prefix + column.name] for column in RUN_COLUMNS}
    return GameRun(
        id=of["id"],
        game_id=of["game_id"],
        source=RunSource(of["source"]),
        engine=of["engine"],
        profile=of["profile"],
        settings_key=of["settings_key"],
        nodes=of["nodes"],
        seconds=of["seconds"],
        created_ms=of["created_ms"],
        white=_side(of, Side.WHITE),
        black=_side(of, Side.BLACK),
    )


_Key = tuple[int, str]
"""A game's id, and the settings of a run."""


def _insert(
    connection: Connection, wanted: Mapping[_Key, tuple[NewRun, Review]], now_ms: int
) -> dict[_Key, int]:
    """Insert the runs that are not there yet, and give the ids of these."""
    if not wanted:
        return {}
    rows = [
        {
            "game_id": game_id,
            "source": run.source,
            "engine": storable(run.engine),
            "profile": run.profile,
            "settings_key": run.settings_key,
            "nodes": run.nodes,
            "seconds": run.seconds,
            "created_ms": now_ms,
            **_side_values(review.white, Side.WHITE),
            **_side_values(review.black, Side.BLACK),
            "evaluations": pack(run.evaluations),
        }
        for (game_id, _), (run, review) in wanted.items()
    ]
    # One row alone is spared the way of many, which is thrice as long.
    found = connection.execute(
        insert_new_returning(connection, runs, *_NAMES), rows if len(rows) > 1 else rows[0]
    ).all()
    return {(row.game_id, row.settings_key): row.id for row in found}


def _ids(connection: Connection, keys: Sequence[_Key]) -> dict[_Key, int]:
    found: dict[_Key, int] = {}
    for start in range(0, len(keys), _RUNS_A_STATEMENT):
        part = keys[start : start + _RUNS_A_STATEMENT]
        named = tuple_(runs.c.game_id, runs.c.settings_key).in_(part)
        rows = connection.execute(
            select(runs.c.id, runs.c.game_id, runs.c.settings_key).where(named)
        )
        found |= {(row.game_id, row.settings_key): row.id for row in rows}
    return found


def _show(
    connection: Connection,
    inserted: Mapping[_Key, int],
    wanted: Mapping[_Key, tuple[NewRun, Review]],
) -> None:
    """Note the runs in the games' own rows, for lists; an engine's goes before a supplied one."""
    # By game, so that two who write at once never wait for each other; the newest run comes last.
    shown = [
        {
            "of_game": key[0],
            "run": run_id,
            "by": wanted[key][0].source,
            "accuracy_of_white": wanted[key][1].white.accuracy,
            "accuracy_of_black": wanted[key][1].black.accuracy,
        }
        for key, run_id in sorted(inserted.items(), key=lambda item: (item[0][0], item[1]))
    ]
    connection.execute(_SHOW, shown if len(shown) > 1 else shown[0])


def _showing() -> Update:
    source = bindparam("by", type_=String)
    # Cast, because PostgreSQL takes what is absent for a text.
    white, black = (cast(bindparam(f"accuracy_of_{side}"), Float) for side in Side)
    return (
        update(games)
        .where(
            games.c.id == bindparam("of_game"),
            or_(
                source == RunSource.ENGINE,
                games.c.run_source.is_(None),
                games.c.run_source == RunSource.SUPPLIED,
            ),
        )
        .values(
            run_id=bindparam("run"),
            run_source=source,
            accuracy=case(
                (games.c.color == Side.WHITE, white), (games.c.color == Side.BLACK, black)
            ),
        )
    )


# Made once: making a statement costs more than carrying it out.
_SHOW = _showing()
_NAMES = (runs.c.id, runs.c.game_id, runs.c.settings_key)


def _side_values(summary: SideSummary, side: Side) -> dict[str, float | int | None]:
    return {
        f"{side}_accuracy": summary.accuracy,
        f"{side}_acpl": summary.acpl,
        f"{side}_inaccuracies": summary.inaccuracies,
        f"{side}_mistakes": summary.mistakes,
        f"{side}_blunders": summary.blunders,
    }


def _side(of: Mapping[str, Any], side: Side) -> SideNumbers:
    return SideNumbers(
        accuracy=of[f"{side}_accuracy"],
        acpl=of[f"{side}_acpl"],
        inaccuracies=of[f"{side}_inaccuracies"],
        mistakes=of[f"{side}_mistakes"],
        blunders=of[f"{side}_blunders"],
    )
