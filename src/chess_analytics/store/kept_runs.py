"""Finished runs: the raw evaluations of one game by one engine with one profile."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.store.dialect import insert_new
from chess_analytics.store.packing import pack, unpack
from chess_analytics.store.tables import kept_runs


@dataclass(frozen=True, slots=True)
class StoredRun:
    """What a run left behind: one evaluation a position, from the start to the last."""

    evaluations: tuple[Evaluation | None, ...]
    nodes: int
    seconds: float
    """Time the engine took, on whatever machine it was."""


def find_kept_run(connection: Connection, moves_key: str, settings_key: str) -> StoredRun | None:
    """Look up the run of these moves with these settings."""
    row = connection.execute(
        select(kept_runs.c.evaluations, kept_runs.c.nodes, kept_runs.c.seconds).where(
            kept_runs.c.moves_key == moves_key, kept_runs.c.settings_key == settings_key
        )
    ).one_or_none()
    return StoredRun(unpack(row.evaluations), row.nodes, row.seconds) if row else None


def keep_run(
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
        insert_new(connection, kept_runs).values(
            moves_key=moves_key,
            settings_key=settings_key,
            engine=engine,
            profile=profile,
            nodes=run.nodes,
            seconds=run.seconds,
            evaluations=pack(run.evaluations),
        )
    )


def count_kept_runs(connection: Connection) -> int:
    """Count all runs that are kept."""
    return connection.execute(select(func.count()).select_from(kept_runs)).scalar_one()
