"""How much the engines' latest runs took, for estimates."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from chess_analytics.store.runs import RunSource
from chess_analytics.store.tables import games, runs

# The newest of all profiles: enough for a mean, and read in a moment however many there are.
_NEWEST = 500


@dataclass(frozen=True, slots=True)
class RunSums:
    """What some runs of one profile took together."""

    profile: str
    runs: int
    plies: int
    nodes: int
    seconds: float


def latest_run_sums(connection: Connection) -> dict[str, RunSums]:
    """Add up the newest runs of the server's engines, by profile."""
    newest = (
        select(runs.c.game_id, runs.c.profile, runs.c.nodes, runs.c.seconds)
        .where(runs.c.source == RunSource.ENGINE, runs.c.profile.is_not(None))
        .order_by(runs.c.id.desc())
        .limit(_NEWEST)
        .subquery("newest")
    )
    rows = connection.execute(
        select(
            newest.c.profile,
            func.count(),
            func.sum(games.c.plies),
            func.sum(newest.c.nodes),
            func.sum(newest.c.seconds),
        )
        .join(games, games.c.id == newest.c.game_id)
        .group_by(newest.c.profile)
    )
    found = [
        RunSums(name, count, int(plies), int(nodes), s) for name, count, plies, nodes, s in rows
    ]
    return {sums.profile: sums for sums in found}
