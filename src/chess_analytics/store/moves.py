"""Moves of stored runs: what each was worth."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Integer, RowMapping, and_, column, select, values

from chess_analytics.engine.evaluation import Score
from chess_analytics.review.judge import Review
from chess_analytics.review.judgment import Judgment
from chess_analytics.review.phases import Phase
from chess_analytics.review.rules import LabelKind
from chess_analytics.store.dialect import Row, insert_rows
from chess_analytics.store.metadata import ID
from chess_analytics.store.tables import games, moves

# Two variables each; SQLite's oldest limit of one statement is 999.
_PLACES_A_STATEMENT = 400


@dataclass(frozen=True, slots=True)
class StoredMove:
    """What one move was worth, as a run's review said."""

    ply: int
    uci: str
    san: str
    score: Score | None
    """After the move, White's; absent when it mates."""
    best: str | None
    """UCI of the engine's first choice, where it is known; it may be the move played."""
    judgment: Judgment | None
    label: LabelKind
    loss: float
    accuracy: float
    phase: Phase
    clock_s: float | None
    spent_s: float | None


def insert_moves(connection: Connection, reviews: Sequence[tuple[int, Review]]) -> None:
    """Store the moves of new runs (named by their ids), all in one statement."""
    rows = [row for run_id, review in reviews for row in _rows(run_id, review)]
    insert_rows(connection, moves, rows)


def moves_of_run(connection: Connection, run_id: int) -> list[StoredMove]:
    """List what each move of a run was worth, in the order of play."""
    rows = connection.execute(select(moves).where(moves.c.run_id == run_id).order_by(moves.c.ply))
    return [_stored_move(row) for row in rows.mappings()]


def sans_of(
    connection: Connection, places: Collection[tuple[int, int]]
) -> dict[tuple[int, int], str]:
    """Give moves in standard notation, named by game and ply, of the runs that stand for the games.

    Those that no run knows are left out.
    """
    wanted, found = sorted(places), {}
    for start in range(0, len(wanted), _PLACES_A_STATEMENT):
        named = values(column("game_id", ID), column("ply", Integer), name="named")
        place = named.data(wanted[start : start + _PLACES_A_STATEMENT]).cte()
        rows = connection.execute(
            select(place.c.game_id, place.c.ply, moves.c.san)
            .select_from(place)
            .join(games, games.c.id == place.c.game_id)
            .join(moves, and_(moves.c.run_id == games.c.run_id, moves.c.ply == place.c.ply))
        )
        found.update({(row.game_id, row.ply): row.san for row in rows})
    return found


def _rows(run_id: int, review: Review) -> Iterator[Row]:
    """Write the rows of a run in the order of the table's columns."""
    for move in review.moves:
        yield (
            run_id,
            move.ply,
            move.uci,
            move.san,
            move.score.cp if move.score else None,
            move.score.mate if move.score else None,
            move.best,
            move.judgment,
            move.label.kind,
            move.loss,
            move.accuracy,
            move.phase,
            move.clock_s,
            move.spent_s,
        )


def _stored_move(row: RowMapping) -> StoredMove:
    mates = row["cp"] is None and row["mate"] is None
    return StoredMove(
        ply=row["ply"],
        uci=row["uci"],
        san=row["san"],
        score=None if mates else Score(row["cp"], row["mate"]),
        best=row["best"],
        judgment=Judgment(row["judgment"]) if row["judgment"] else None,
        label=LabelKind(row["label"]),
        loss=row["loss"],
        accuracy=row["accuracy"],
        phase=Phase(row["phase"]),
        clock_s=row["clock_s"],
        spent_s=row["spent_s"],
    )
