"""A real run of a server with a simulated engine, and what the simulation says of the same jobs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from chess_analytics.planning.demand import Asked
from chess_analytics.planning.scaling import Fixed
from chess_analytics.planning.simulation import simulate
from chess_analytics.planning.waits import percentiles
from chess_analytics.store.job_tables import jobs, tasks
from tests.faults.machine import Machine
from tests.faults.players import User, add_player, small_games

_PLACES = "100"
"""Enough for all: who waits for a place waits for a sweep, too, which is a matter of seconds."""


_ROUNDS_ALONE = 4
_OTHER_NODES = 1001


@dataclass(frozen=True, slots=True)
class Visit:
    """A user who comes at a moment and has so many games analysed."""

    at_s: float
    games: int


@dataclass(frozen=True, slots=True)
class Ran:
    """A job as the rows tell it, from the first job's creation on."""

    at_s: float
    user_id: int
    wait_s: float
    seconds: tuple[float, ...]
    """How long each game held its slot, in their order."""


@dataclass(frozen=True, slots=True)
class RealRun:
    """What happened, and what had been measured before."""

    ran: list[Ran]
    slot_s: float
    """What a game took a slot in a job that had all slots for itself, everything included."""


def run_for_real(machine: Machine, visits: Sequence[Visit]) -> RealRun:
    """Start the machine, measure a job alone, let users come, and wait until all is done."""
    machine.settings = {"CHESS_ANALYTICS_JOB_PLACES": _PLACES}
    with machine.furnishing() as store:
        alone = add_player(store, "alone", small_games(_ROUNDS_ALONE * machine.slots_in_all))
        users = [
            add_player(store, f"user {number}", small_games(visit.games))
            for number, visit in enumerate(visits)
        ]
    machine.start()
    # Engines are started by the first games: that is no part of any wait.
    machine.wait_for_end(machine.order_analysis(alone))
    again = machine.order_analysis(alone, nodes=_OTHER_NODES, reanalyse=True)
    machine.wait_for_end(again)
    slot_s = _read(machine, [again])[0].wait_s / _ROUNDS_ALONE
    ordered = _come(machine, list(zip(visits, users, strict=True)))
    for job_id in ordered:
        machine.wait_for_end(job_id)
    return RealRun(_read(machine, ordered), slot_s)


def _come(machine: Machine, coming: Sequence[tuple[Visit, User]]) -> list[int]:
    began_s = time.monotonic()
    ordered = []
    for visit, user in coming:
        time.sleep(max(0.0, began_s + visit.at_s - time.monotonic()))
        ordered.append(machine.order_analysis(user))
    return ordered


def _read(machine: Machine, ordered: Sequence[int]) -> list[Ran]:
    with machine.looking.reading() as connection:
        rows = connection.execute(
            select(jobs.c.id, jobs.c.user_id, jobs.c.created_ms, jobs.c.ended_ms)
            .where(jobs.c.id.in_(ordered))
            .order_by(jobs.c.id)
        ).all()
        held = connection.execute(
            select(tasks.c.job_id, tasks.c.ended_ms - tasks.c.started_ms)
            .where(tasks.c.job_id.in_(ordered))
            .order_by(tasks.c.job_id, tasks.c.ordinal)
        ).all()
    first_ms = rows[0].created_ms
    return [
        Ran(
            (row.created_ms - first_ms) / 1000,
            row.user_id,
            (row.ended_ms - row.created_ms) / 1000,
            tuple(took_ms / 1000 for job_id, took_ms in held if job_id == row.id),
        )
        for row in rows
    ]


def simulated_waits(ran: Sequence[Ran], slots: int, service_s: float | None = None) -> list[float]:
    """Say how long these jobs would wait, in their order: with their games' own times, or one."""
    asked = [
        Asked(it.at_s, it.user_id, tuple(service_s or own for own in it.seconds)) for it in ran
    ]
    outcome = simulate(asked, Fixed(slots))
    waits = {it.asked.user_id: it.wait_s for it in outcome.waited}
    return [waits[it.user_id] for it in ran]


def off_by(measured: Sequence[float], simulated: Sequence[float]) -> dict[str, float]:
    """Compare waits: by how much the simulated are longer, as a part of those measured."""
    real, made = percentiles(measured), percentiles(simulated)
    return {
        "mean": round(sum(simulated) / sum(measured) - 1, 4),
        "p50": round(made.p50_s / real.p50_s - 1, 4),
        "p95": round(made.p95_s / real.p95_s - 1, 4),
    }
