"""How fast this server's engines are, and how much a profile asks of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from chess_analytics.engine.profile import Profile
from chess_analytics.store.job_pace import WORKER_MS
from chess_analytics.store.run_speeds import RunSums, latest_run_sums
from chess_analytics.store.workers import workers_seen_since

DEFAULT_NPS = 600_000.0
"""Nodes a second of one core, where nothing was measured yet: what profiles.md's machine did."""

# Of docs/concepts/profiles.md: means over 2,100 moves of amateurs.
_NODES_A_POSITION = {"fast": 43_000.0, "standard": 166_000.0, "deep": 800_000.0}
# So many runs make a mean that is better than these.
_ENOUGH_RUNS = 10
# Second-best moves take about so much on top of the same nodes everywhere.
_WITH_SECONDS = 1.03


@dataclass(frozen=True, slots=True)
class EngineSpeed:
    """How fast one engine is."""

    nodes_a_second: float
    is_measured: bool
    """Here, and not by default."""


def engine_speed(latest: Mapping[str, RunSums], measured_nps: float | None = None) -> EngineSpeed:
    """Give what an engine was measured at, else what its latest runs tell, else the default."""
    if measured_nps:
        return EngineSpeed(measured_nps, is_measured=True)
    nodes = sum(sums.nodes for sums in latest.values())
    seconds = sum(sums.seconds for sums in latest.values())
    if nodes and seconds:
        return EngineSpeed(nodes / seconds, is_measured=True)
    return EngineSpeed(DEFAULT_NPS, is_measured=False)


def nodes_a_position(profile: Profile, latest: Mapping[str, RunSums]) -> float:
    """Give how many nodes the profile spends on a position, on average."""
    sums = latest.get(profile.name)
    if sums and sums.runs >= _ENOUGH_RUNS and sums.plies:
        return sums.nodes / sums.plies
    return _NODES_A_POSITION.get(profile.name, profile.sweep_nodes * _WITH_SECONDS)


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines of this server, and what they did last."""

    slots: int
    """How many are at work, of all workers that were seen lately."""
    speed: EngineSpeed
    latest: Mapping[str, RunSums]

    def seconds_a_position(self, profile: Profile) -> float:
        """Give what a position takes one engine, on average."""
        return nodes_a_position(profile, self.latest) / self.speed.nodes_a_second


def look_at_engines(connection: Connection, *, now_ms: int) -> Engines:
    """Read how many engines there are, and how fast."""
    latest = latest_run_sums(connection)
    seen = [it.report for it in workers_seen_since(connection, now_ms - WORKER_MS)]
    with_engine = [worker for worker in seen if worker.engine is not None]
    measured = [(worker.slots, worker.nps) for worker in with_engine if worker.nps]
    slots = sum(count for count, _ in measured)
    nps = sum(count * nps for count, nps in measured) / slots if slots else None
    return Engines(sum(it.slots for it in with_engine), engine_speed(latest, nps), latest)
