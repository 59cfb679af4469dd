"""The shared evaluations: positions that many games pass through, searched once for all."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, RowMapping, delete, func, select, tuple_, update

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.store.dialect import insert_new
from chess_analytics.store.tables import evaluations

# SQLite's oldest limit on the variables of one statement is 999.
_FENS_A_STATEMENT = 500
_KEY = (evaluations.c.fen, evaluations.c.engine_key, evaluations.c.nodes)


def find_evaluations(
    connection: Connection, fens: Collection[str], *, engine_key: str, nodes: int, today: int
) -> dict[str, Evaluation]:
    """Look up positions (see `positions.shared_fens`) that were searched with exactly this budget.

    ``today`` (days since 1970) is noted as the last day on which they were of use.
    """
    found: dict[str, Evaluation] = {}
    wanted = list(fens)
    for start in range(0, len(wanted), _FENS_A_STATEMENT):
        same = (
            evaluations.c.fen.in_(wanted[start : start + _FENS_A_STATEMENT]),
            evaluations.c.engine_key == engine_key,
            evaluations.c.nodes == nodes,
        )
        rows = connection.execute(select(evaluations).where(*same)).mappings().all()
        found |= {row["fen"]: _evaluation(row) for row in rows}
        if any(row["used_on"] < today for row in rows):
            connection.execute(update(evaluations).where(*same).values(used_on=today))
    return found


def deepest_evaluation(connection: Connection, fen: str, *, engine_key: str) -> Evaluation | None:
    """Look up the best that is known of a position, for showing: not for graded numbers."""
    row = (
        connection.execute(
            select(evaluations)
            .where(evaluations.c.fen == fen, evaluations.c.engine_key == engine_key)
            .order_by(evaluations.c.nodes.desc())
            .limit(1)
        )
        .mappings()
        .one_or_none()
    )
    return _evaluation(row) if row else None


def save_evaluations(
    connection: Connection,
    found: Mapping[str, Evaluation],
    *,
    engine_key: str,
    nodes: int,
    today: int,
) -> None:
    """Keep searched positions; one that is there already was searched the same way and stays."""
    if not found:
        return
    rows = [
        {
            "fen": fen,
            "engine_key": engine_key,
            "nodes": nodes,
            "searched_nodes": evaluation.nodes,
            "depth": evaluation.depth,
            "cp": evaluation.score.cp,
            "mate": evaluation.score.mate,
            "line": " ".join(evaluation.line.moves),
            "used_on": today,
        }
        for fen, evaluation in found.items()
    ]
    connection.execute(insert_new(connection, evaluations), rows)


def count_evaluations(connection: Connection) -> int:
    """Count all shared evaluations."""
    return connection.execute(select(func.count()).select_from(evaluations)).scalar_one()


def trim_evaluations(connection: Connection, most: int) -> int:
    """Drop what was of no use for longest until ``most`` are left; give the number dropped.

    Of entries of the same day, those that a deeper one of the same position stands beside go first.
    """
    surplus = count_evaluations(connection) - most
    if surplus <= 0:
        return 0
    deeper = evaluations.alias("deeper")
    is_surpassed = (
        select(deeper.c.nodes)
        .where(
            deeper.c.fen == evaluations.c.fen,
            deeper.c.engine_key == evaluations.c.engine_key,
            deeper.c.nodes > evaluations.c.nodes,
        )
        .exists()
    )
    oldest = (
        select(*_KEY).order_by(evaluations.c.used_on, is_surpassed.desc(), *_KEY).limit(surplus)
    )
    connection.execute(delete(evaluations).where(tuple_(*_KEY).in_(oldest)))
    return surplus


def _evaluation(row: RowMapping) -> Evaluation:
    line = Line(Score(row["cp"], row["mate"]), tuple(row["line"].split()))
    return Evaluation(line, depth=row["depth"], nodes=row["searched_nodes"])
