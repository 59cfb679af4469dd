"""Finished runs: the raw evaluations of one game by one engine with one profile."""

import json
import zlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.store.tables import runs


@dataclass(frozen=True, slots=True)
class StoredRun:
    """What a run left behind: one evaluation a position, from the start to the last."""

    evaluations: tuple[Evaluation | None, ...]
    nodes: int
    seconds: float
    """Time the engine took, on whatever machine it was."""


def find_run(connection: Connection, moves_key: str, settings_key: str) -> StoredRun | None:
    """Look up the run of these moves with these settings."""
    row = connection.execute(
        select(runs.c.evaluations, runs.c.nodes, runs.c.seconds).where(
            runs.c.moves_key == moves_key, runs.c.settings_key == settings_key
        )
    ).one_or_none()
    return StoredRun(_unpack(row.evaluations), row.nodes, row.seconds) if row else None


def save_run(
    connection: Connection,
    run: StoredRun,
    *,
    moves_key: str,
    settings_key: str,
    engine: str,
    profile: str,
) -> None:
    """Keep a finished run; a run is never changed, so a second one of the same kind is ignored."""
    connection.execute(
        insert(runs)
        .values(
            moves_key=moves_key,
            settings_key=settings_key,
            engine=engine,
            profile=profile,
            nodes=run.nodes,
            seconds=run.seconds,
            evaluations=_pack(run.evaluations),
        )
        .on_conflict_do_nothing()
    )
    connection.commit()


def count_runs(connection: Connection) -> int:
    """Count all runs that are kept."""
    return connection.execute(select(func.count()).select_from(runs)).scalar_one()


def _pack(evaluations: tuple[Evaluation | None, ...]) -> bytes:
    text = json.dumps([_to_json(evaluation) for evaluation in evaluations], separators=(",", ":"))
    return zlib.compress(text.encode())


def _unpack(packed: bytes) -> tuple[Evaluation | None, ...]:
    return tuple(_from_json(item) for item in json.loads(zlib.decompress(packed)))


def _to_json(evaluation: Evaluation | None) -> list[Any] | None:
    if evaluation is None:
        return None
    second = _line_to_json(evaluation.second) if evaluation.second else None
    return [_line_to_json(evaluation.line), second, evaluation.depth, evaluation.nodes]


def _from_json(item: list[Any] | None) -> Evaluation | None:
    if item is None:
        return None
    line, second, depth, nodes = item
    return Evaluation(
        _line_from_json(line), _line_from_json(second) if second else None, depth, nodes
    )


def _line_to_json(line: Line) -> list[Any]:
    return [line.score.cp, line.score.mate, " ".join(line.moves)]


def _line_from_json(item: list[Any]) -> Line:
    cp, mate, moves = item
    return Line(Score(cp, mate), tuple(moves.split()))
