"""Drills of a user: which there are, which are due, and what is known of their moves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)

from chess_analytics.engine.evaluation import Score
from chess_analytics.games.model import Variant
from chess_analytics.store.dialect import insert_new
from chess_analytics.store.drill_tables import drill_mistakes, drill_moves, drills
from chess_analytics.training.drill import DrillPosition, KnownMove
from chess_analytics.training.schedule import EARLY_MS, Memory, Scheduled


@dataclass(frozen=True, slots=True)
class StoredDrill:
    """One drill of one user."""

    id: int
    position: DrillPosition
    best: KnownMove
    line: tuple[str, ...]
    """UCI; begins with the best move."""
    mistakes: int
    """In how many games it was missed."""
    loss: float
    """The greatest of these losses, in percent points of winning chance."""
    played_ms: int
    """When it was missed last; 0 where no game tells."""
    is_suspended: bool
    begun_ms: int | None
    """Its first grade; absent while it is new."""
    memory: Memory | None
    due_ms: int
    """0 for a new one that was never put off."""


@dataclass(frozen=True, slots=True)
class DrillCounts:
    """How many drills a user has."""

    all: int
    due: int
    """Begun, and to be done now."""
    new: int
    """Never begun, and not put off."""
    begun: int
    suspended: int
    """Set aside; in none of the others but ``all``."""
    next_ms: int | None
    """When the next one that is not due yet is."""


def find_drill(
    connection: Connection, user_id: int, drill_id: int, *, hold: bool = False
) -> StoredDrill | None:
    """Look a drill up; nothing if it is another user's. With ``hold`` nobody else changes it."""
    wanted = select(drills).where(drills.c.user_id == user_id, drills.c.id == drill_id)
    row = connection.execute(wanted.with_for_update() if hold else wanted).mappings().first()
    return _stored(row) if row else None


def drills_after(
    connection: Connection,
    user_id: int,
    after_id: int,
    limit: int,
    *,
    is_suspended: bool | None = None,
) -> list[StoredDrill]:
    """List a user's drills in the order of their numbers, so many at a time."""
    wanted = select(drills).where(drills.c.user_id == user_id, drills.c.id > after_id)
    if is_suspended is not None:
        wanted = wanted.where(drills.c.is_suspended == is_suspended)
    return _list(connection, wanted.order_by(drills.c.id).limit(limit))


def due_drills(
    connection: Connection,
    user_id: int,
    *,
    now_ms: int,
    limit: int,
    among: Collection[int] | None = None,
) -> list[StoredDrill]:
    """List the drills that were begun and are to be done now, the longest overdue first.

    With ``among``, only those with these ids.
    """
    wanted = _of(user_id).where(_is_due(now_ms), *_among(among))
    return _list(connection, wanted.order_by(drills.c.due_ms, drills.c.id).limit(limit))


def new_drills(
    connection: Connection,
    user_id: int,
    *,
    now_ms: int,
    limit: int,
    among: Collection[int] | None = None,
) -> list[StoredDrill]:
    """List drills that were never begun: those missed most often first, then the latest.

    With ``among``, only those with these ids, and those in which most was lost first.
    """
    wanted = _of(user_id).where(_is_new(now_ms), *_among(among))
    worst = () if among is None else (drills.c.loss.desc(),)
    first = (*worst, drills.c.mistakes.desc(), drills.c.played_ms.desc(), drills.c.id)
    return _list(connection, wanted.order_by(*first).limit(limit))


def count_drills(
    connection: Connection, user_id: int, *, now_ms: int, among: Collection[int] | None = None
) -> DrillCounts:
    """Count a user's drills; with ``among``, only those with these ids."""
    is_active = drills.c.is_suspended.is_(False)
    later = case((and_(is_active, drills.c.due_ms > now_ms + EARLY_MS), drills.c.due_ms))
    row = connection.execute(
        select(
            func.count().label("all"),
            _number(and_(is_active, _is_due(now_ms))).label("due"),
            _number(and_(is_active, _is_new(now_ms))).label("new"),
            _number(and_(is_active, drills.c.begun_ms.is_not(None))).label("begun"),
            _number(drills.c.is_suspended.is_(True)).label("suspended"),
            func.min(later).label("next_ms"),
        ).where(drills.c.user_id == user_id, *_among(among))
    ).mappings()
    return DrillCounts(**row.one())


def count_begun_since(connection: Connection, user_id: int, since_ms: int) -> int:
    """Count the drills that were graded first since a moment."""
    wanted = select(func.count()).where(drills.c.user_id == user_id, drills.c.begun_ms >= since_ms)
    return connection.execute(wanted).scalar_one()


def known_moves(connection: Connection, drill_id: int) -> dict[str, KnownMove]:
    """Give what is known of moves of a drill, by their UCI."""
    rows = connection.execute(select(drill_moves).where(drill_moves.c.drill_id == drill_id))
    return {row.uci: KnownMove(row.uci, _score(row._mapping)) for row in rows}  # noqa: SLF001 - public


def keep_known_move(connection: Connection, drill_id: int, move: KnownMove) -> None:
    """Keep what a move is worth; what is known already stays."""
    connection.execute(insert_new(connection, drill_moves), move_values(drill_id, move))


def keep_schedule(connection: Connection, drill_id: int, scheduled: Scheduled) -> None:
    """Note what a grade has changed."""
    memory = scheduled.memory
    connection.execute(
        update(drills)
        .where(drills.c.id == drill_id)
        .values(
            begun_ms=func.coalesce(drills.c.begun_ms, memory.reviewed_ms),
            stability=memory.stability,
            difficulty=memory.difficulty,
            reviewed_ms=memory.reviewed_ms,
            due_ms=scheduled.due_ms,
        )
    )


def put_off(connection: Connection, user_id: int, drill_id: int, until_ms: int) -> bool:
    """Let a drill not come before a moment; tell whether there is one."""
    later = case((drills.c.due_ms > until_ms, drills.c.due_ms), else_=until_ms)
    return _change(connection, user_id, drill_id, {"due_ms": later})


def suspend_drill(
    connection: Connection, user_id: int, drill_id: int, *, is_suspended: bool
) -> bool:
    """Set a drill aside, or take it back; tell whether there is one."""
    return _change(connection, user_id, drill_id, {"is_suspended": is_suspended})


def delete_drills_without_mistakes(
    connection: Connection, user_id: int, only: Collection[int] | None = None
) -> None:
    """Delete drills whose games are gone, or show no mistake any more; of some hundred, or all."""
    has_mistakes = select(drill_mistakes.c.drill_id).where(drill_mistakes.c.drill_id == drills.c.id)
    gone = delete(drills).where(drills.c.user_id == user_id, ~has_mistakes.exists())
    connection.execute(gone if only is None else gone.where(drills.c.id.in_(only)))


def move_values(drill_id: int, move: KnownMove) -> dict[str, Any]:
    """Write a known move as a row."""
    score = move.score
    return {
        "drill_id": drill_id,
        "uci": move.uci,
        "cp": score.cp if score else None,
        "mate": score.mate if score else None,
    }


def _of(user_id: int) -> Select[*tuple[Any, ...]]:
    return select(drills).where(drills.c.user_id == user_id, drills.c.is_suspended.is_(False))


def _among(ids: Collection[int] | None) -> tuple[ColumnElement[bool], ...]:
    if ids is None:
        return ()
    # Written out, because there may be more of them than a statement has variables.
    listed: BindParameter[list[int]] = bindparam(
        None, sorted(ids), expanding=True, literal_execute=True
    )
    return (drills.c.id.in_(listed),)


def _is_due(now_ms: int) -> ColumnElement[bool]:
    return and_(drills.c.begun_ms.is_not(None), drills.c.due_ms <= now_ms + EARLY_MS)


def _is_new(now_ms: int) -> ColumnElement[bool]:
    return and_(drills.c.begun_ms.is_(None), drills.c.due_ms <= now_ms + EARLY_MS)


def _number(claim: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((claim, 1), else_=0)), 0)


def _change(connection: Connection, user_id: int, drill_id: int, values: Mapping[str, Any]) -> bool:
    wanted = update(drills).where(drills.c.user_id == user_id, drills.c.id == drill_id)
    return connection.execute(wanted.values(values)).rowcount == 1


def _list(connection: Connection, wanted: Select[*tuple[Any, ...]]) -> list[StoredDrill]:
    return [_stored(row) for row in connection.execute(wanted).mappings()]


def _stored(row: RowMapping) -> StoredDrill:
    memory = None
    if row["reviewed_ms"] is not None:
        memory = Memory(row["stability"], row["difficulty"], row["reviewed_ms"])
    return StoredDrill(
        id=row["id"],
        position=DrillPosition(Variant(row["variant"]), row["fen"]),
        best=KnownMove(row["best"], _score(row)),
        line=tuple(row["line"].split()),
        mistakes=row["mistakes"],
        loss=row["loss"],
        played_ms=row["played_ms"],
        is_suspended=row["is_suspended"],
        begun_ms=row["begun_ms"],
        memory=memory,
        due_ms=row["due_ms"],
    )


def _score(row: RowMapping) -> Score | None:
    has_none = row["cp"] is None and row["mate"] is None
    return None if has_none else Score(row["cp"], row["mate"])
