"""Mistakes that make drills: which games are still to be read, and what was found in them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from chess_analytics.games.model import Side, Variant
from chess_analytics.review.judgment import Judgment
from chess_analytics.store.dialect import insert_new
from chess_analytics.store.drill_tables import drill_mistakes, drill_moves, drill_scans, drills
from chess_analytics.store.drills import delete_drills_without_mistakes, move_values
from chess_analytics.store.tables import games, runs
from chess_analytics.training.drill import DrillPosition, Mistake

# SQLite's oldest limit on the variables of one statement is 999; a position is named by two.
_POSITIONS_A_STATEMENT = 400
_IDS_A_STATEMENT = 900

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class GameToRead:
    """A game whose mistakes are not those that the drills know."""

    game_id: int
    run_id: int | None
    """The run that lists show; absent, like the colour, where the game has no mistakes of ours."""
    color: Side | None
    may_have_mistakes: bool
    """The run judged a move of the user's a mistake or a blunder."""


@dataclass(frozen=True, slots=True)
class StoredMistake:
    """A move that made a drill, and its game."""

    game_id: int
    ply: int
    uci: str
    judgment: Judgment
    loss: float
    played_ms: int
    """0 where the game does not tell."""
    white: str | None
    black: str | None


def games_to_read(connection: Connection, user_id: int, limit: int) -> list[GameToRead]:
    """List games that were not read yet, or by another run, or for other pieces; newest first."""
    own = {
        Side.WHITE: runs.c.white_mistakes + runs.c.white_blunders,
        Side.BLACK: runs.c.black_mistakes + runs.c.black_blunders,
    }
    rows = connection.execute(
        _unread(user_id, games.c.id, games.c.run_id, games.c.color)
        .add_columns(*(own[side].label(side) for side in Side))
        .order_by(games.c.played_ms.desc(), games.c.id.desc())
        .limit(limit)
    ).mappings()
    found = []
    for row in rows:
        side = Side(row["color"]) if row["color"] and row["run_id"] else None
        run_id = row["run_id"] if side else None
        found.append(GameToRead(row["id"], run_id, side, bool(side and row[side])))
    return found


def count_games_to_read(connection: Connection, user_id: int) -> int:
    """Count them."""
    number: int = connection.execute(_unread(user_id, func.count())).scalar_one()
    return number


def keep_mistakes(
    connection: Connection,
    user_id: int,
    read: Mapping[GameToRead, Sequence[Mistake]],
    *,
    now_ms: int,
) -> None:
    """Put what was found in games in the place of what was known of them.

    Drills are made for new positions; those that no game has any more go.
    """
    touched = _forget(connection, [game.game_id for game in read])
    found = [(game.game_id, mistake) for game, mistakes in read.items() for mistake in mistakes]
    ids = _drills_of(connection, user_id, [mistake for _, mistake in found], now_ms)
    rows = [
        {
            "drill_id": ids[mistake.position],
            "game_id": game_id,
            "ply": mistake.ply,
            "uci": mistake.played.uci,
            "judgment": mistake.judgment,
            "loss": mistake.loss,
        }
        for game_id, mistake in found
    ]
    if rows:
        connection.execute(insert(drill_mistakes), rows)
    _sum_up(connection, touched | set(ids.values()))
    for part in _parts(sorted(touched), _IDS_A_STATEMENT):
        delete_drills_without_mistakes(connection, user_id, part)
    scans = [
        {"game_id": game.game_id, "run_id": game.run_id, "color": game.color}
        for game in read
        if game.run_id is not None
    ]
    if scans:
        connection.execute(insert(drill_scans), scans)


def mistakes_of(
    connection: Connection, drill_ids: Collection[int]
) -> dict[int, list[StoredMistake]]:
    """Give the mistakes behind drills, the latest first."""
    found: dict[int, list[StoredMistake]] = {drill_id: [] for drill_id in drill_ids}
    for part in _parts(list(drill_ids), _IDS_A_STATEMENT):
        rows = connection.execute(
            select(drill_mistakes, games.c.played_ms, games.c.white, games.c.black)
            .join(games, games.c.id == drill_mistakes.c.game_id)
            .where(drill_mistakes.c.drill_id.in_(part))
            .order_by(games.c.played_ms.desc(), games.c.id.desc())
        ).mappings()
        for row in rows:
            values = {name: row[name] for name in StoredMistake.__slots__}
            values["judgment"] = Judgment(row["judgment"])
            found[row["drill_id"]].append(StoredMistake(**values))
    return found


def places_of_drills(connection: Connection, user_id: int) -> dict[tuple[int, int], int]:
    """Name all moves that made drills of a user, by game and ply, with the ids of the drills."""
    rows = connection.execute(
        select(drill_mistakes.c.game_id, drill_mistakes.c.ply, drill_mistakes.c.drill_id)
        .join(drills, drills.c.id == drill_mistakes.c.drill_id)
        .where(drills.c.user_id == user_id)
    )
    return {(row.game_id, row.ply): row.drill_id for row in rows}


def _unread(user_id: int, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    has_own = and_(games.c.color.is_not(None), games.c.run_id.is_not(None))
    is_read = drill_scans.c.game_id.is_not(None)
    differs = or_(drill_scans.c.run_id != games.c.run_id, drill_scans.c.color != games.c.color)
    return (
        select(*columns)
        .select_from(games)
        .outerjoin(drill_scans, drill_scans.c.game_id == games.c.id)
        .outerjoin(runs, runs.c.id == games.c.run_id)
        .where(
            games.c.user_id == user_id,
            or_(and_(has_own, or_(~is_read, differs)), and_(is_read, ~has_own)),
        )
    )


def _forget(connection: Connection, game_ids: list[int]) -> set[int]:
    """Remove what was known of games; name the drills that it concerned."""
    touched: set[int] = set()
    for part in _parts(game_ids, _IDS_A_STATEMENT):
        gone = delete(drill_mistakes).where(drill_mistakes.c.game_id.in_(part))
        touched |= set(connection.execute(gone.returning(drill_mistakes.c.drill_id)).scalars())
        connection.execute(delete(drill_scans).where(drill_scans.c.game_id.in_(part)))
    return touched


def _drills_of(
    connection: Connection, user_id: int, found: Sequence[Mistake], now_ms: int
) -> dict[DrillPosition, int]:
    """Give the drills of positions, making those that are new; the best analysis counts."""
    best: dict[DrillPosition, Mistake] = {}
    for mistake in found:
        known = best.setdefault(mistake.position, mistake)
        if mistake.nodes > known.nodes:
            best[mistake.position] = mistake
    if not best:
        return {}
    owned = {"user_id": user_id, "created_ms": now_ms, "mistakes": 0, "loss": 0.0, "played_ms": 0}
    made = [
        {"variant": it.position.variant, "fen": it.position.fen, **_values(it), **owned}
        for it in best.values()
    ]
    connection.execute(insert_new(connection, drills), made)
    there = _find(connection, user_id, best)
    improved = [
        {"of_drill": there[position][0], **_values(mistake)}
        for position, mistake in best.items()
        if mistake.nodes >= there[position][1]
    ]
    if improved:
        connection.execute(update(drills).where(drills.c.id == bindparam("of_drill")), improved)
    ids = {position: drill_id for position, (drill_id, _) in there.items()}
    moves = [
        move_values(ids[mistake.position], move)
        for mistake in found
        for move in (mistake.best, mistake.played, *mistake.others)
    ]
    connection.execute(insert_new(connection, drill_moves), moves)
    return ids


def _values(mistake: Mistake) -> dict[str, str | int | None]:
    score = mistake.best.score
    return {
        "best": mistake.best.uci,
        "cp": score.cp if score else None,
        "mate": score.mate if score else None,
        "line": " ".join(mistake.line),
        "nodes": mistake.nodes,
    }


def _find(
    connection: Connection, user_id: int, positions: Collection[DrillPosition]
) -> dict[DrillPosition, tuple[int, int]]:
    """Give the numbers of drills that are there, and the nodes behind them."""
    found: dict[DrillPosition, tuple[int, int]] = {}
    for part in _parts([position.fen for position in positions], _POSITIONS_A_STATEMENT):
        rows = connection.execute(
            select(drills.c.id, drills.c.variant, drills.c.fen, drills.c.nodes).where(
                drills.c.user_id == user_id, drills.c.fen.in_(part)
            )
        )
        found |= {DrillPosition(Variant(row.variant), row.fen): (row.id, row.nodes) for row in rows}
    return found


def _sum_up(connection: Connection, drill_ids: Collection[int]) -> None:
    """Write into drills what their mistakes come to."""
    of_drill = (
        select(
            drill_mistakes.c.drill_id.label("of_drill"),
            func.count().label("mistakes"),
            func.max(drill_mistakes.c.loss).label("loss"),
            func.max(games.c.played_ms).label("played_ms"),
        )
        .join(games, games.c.id == drill_mistakes.c.game_id)
        .group_by(drill_mistakes.c.drill_id)
    )
    for part in _parts(sorted(drill_ids), _IDS_A_STATEMENT):
        rows = connection.execute(of_drill.where(drill_mistakes.c.drill_id.in_(part))).mappings()
        if sums := [dict(row) for row in rows]:
            connection.execute(update(drills).where(drills.c.id == bindparam("of_drill")), sums)


def _parts(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
