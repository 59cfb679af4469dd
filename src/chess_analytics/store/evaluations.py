"""The shared evaluations: positions that many games pass through, searched once for all."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    delete,
    func,
    select,
    tuple_,
    update,
)

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.store.dialect import insert_new
from chess_analytics.store.tables import evaluations

# SQLite's oldest limit on the variables of one statement is 999.
_FENS_A_STATEMENT = 500
_KEY = (evaluations.c.fen, evaluations.c.engine_key, evaluations.c.nodes)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of some positions."""

    evaluations: Mapping[str, Evaluation]
    unnoted: frozenset[str]
    """Those of which it is not noted yet that they were of use today."""


def look_up_evaluations(
    connection: Connection, fens: Collection[str], *, engine_key: str, nodes: int, today: int
) -> Known:
    """Look up positions (see `positions.shared_fens`) that were searched with exactly this budget.

    ``today`` are days since 1970.
    """
    found: dict[str, Evaluation] = {}
    unnoted: set[str] = set()
    for part in _parts(fens):
        same = _same(part, engine_key, nodes)
        for row in connection.execute(select(evaluations).where(*same)).mappings():
            found[row["fen"]] = _evaluation(row)
            if row["used_on"] < today:
                unnoted.add(row["fen"])
    return Known(found, frozenset(unnoted))


def note_use(
    connection: Connection, fens: Collection[str], *, engine_key: str, nodes: int, today: int
) -> None:
    """Note today as the last day on which these positions were of use."""
    for part in _parts(fens):
        same = _same(part, engine_key, nodes)
        connection.execute(update(evaluations).where(*same).values(used_on=today))


def find_evaluations(
    connection: Connection, fens: Collection[str], *, engine_key: str, nodes: int, today: int
) -> dict[str, Evaluation]:
    """Look positions up, and note that they were of use today."""
    known = look_up_evaluations(connection, fens, engine_key=engine_key, nodes=nodes, today=today)
    note_use(connection, known.unnoted, engine_key=engine_key, nodes=nodes, today=today)
    return dict(known.evaluations)


def known_fens(connection: Connection, fens: Collection[str], *, nodes: int) -> set[str]:
    """Tell which positions were searched with exactly this budget, by the engine that knows most.

    For estimates: nothing is noted, and nobody is asked which engine will be used.
    """
    by_engine: dict[str, set[str]] = {}
    wanted = list(fens)
    for start in range(0, len(wanted), _FENS_A_STATEMENT):
        part = wanted[start : start + _FENS_A_STATEMENT]
        rows = connection.execute(
            select(evaluations.c.engine_key, evaluations.c.fen).where(
                evaluations.c.fen.in_(part), evaluations.c.nodes == nodes
            )
        )
        for engine_key, fen in rows:
            by_engine.setdefault(engine_key, set()).add(fen)
    return max(by_engine.values(), key=len, default=set())


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
    # In order, so that two who save at once never wait for each other.
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
        for fen, evaluation in sorted(found.items(), key=lambda item: item[0])
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


def _parts(fens: Collection[str]) -> Iterator[list[str]]:
    # In order, so that two who note at once never wait for each other.
    wanted = sorted(fens)
    for start in range(0, len(wanted), _FENS_A_STATEMENT):
        yield wanted[start : start + _FENS_A_STATEMENT]


def _same(fens: Collection[str], engine_key: str, nodes: int) -> tuple[ColumnElement[bool], ...]:
    return (
        evaluations.c.fen.in_(fens),
        evaluations.c.engine_key == engine_key,
        evaluations.c.nodes == nodes,
    )


def _evaluation(row: RowMapping) -> Evaluation:
    line = Line(Score(row["cp"], row["mate"]), tuple(row["line"].split()))
    return Evaluation(line, depth=row["depth"], nodes=row["searched_nodes"])
