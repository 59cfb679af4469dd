"""How a fleet grows: games a second with more and more slots, each on an engine that only waits.

A simulated engine answers after a set time and uses no core meanwhile, so that one machine can hold
64 of them. What is measured is all the rest: bells, claims, saving, and the processes around them.
How quickly a fleet hands out work is measured with engines that answer at once, within the workers.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import log2
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select
from tests.faults.arrangement import Arrangement
from tests.faults.engines import simulated_engines
from tests.faults.fleet import FleetMachine
from tests.faults.machine import wait_for
from tests.faults.players import add_player, small_games
from tests.postgres import fresh_database, postgres_server
from tests.redis_server import redis_server

from chess_analytics.store.job_tables import tasks
from chess_analytics.store.session import upgrade_database

GOAL_EFFICIENCY = 0.9
GOAL_PER_S = 300
SLOTS = (1, 2, 4, 8, 16, 32, 64)
# What one process of workers holds; a fleet has as many processes as it needs.
_SLOTS_A_PROCESS = 8
_MEASURED_S = 20.0
_GAME_S = 1.0
# How many searches a game of three moves takes is the plan's affair: with this answer it is found.
_TRIAL_MS = 250.0
_FLEET = Arrangement("fleet", "postgresql", workers=0)
_PATIENCE_S = 600.0
_INSTANT = Path(__file__).with_name("instant_worker.py")
_PICTURE = Path(__file__).parent / "results" / "fleet-scaling.svg"


@dataclass(frozen=True, slots=True)
class Pace:
    """What so many slots did in a while in which all of them had work."""

    slots: int
    games: int
    seconds: float
    engine_s: float
    """What the quickest of its games took at an engine."""

    def shown(self) -> dict[str, Any]:
        per_s = self.games / self.seconds
        ideal = self.slots / self.engine_s
        return {
            "slots": self.slots,
            "games_per_s": round(per_s, 2),
            "engine_s_a_game": round(self.engine_s, 3),
            "efficiency": round(per_s / ideal, 3),
        }


def measure() -> dict[str, Any]:
    """Measure the growth with games of a second, and the pace with engines that answer at once."""
    chosen = [int(number) for number in os.environ.get("BENCH_SLOTS", "").split(",") if number]
    latency_ms = _TRIAL_MS * _GAME_S / _measure(1, latency_ms=_TRIAL_MS).engine_s
    scaling = [_measure(slots, latency_ms=latency_ms).shown() for slots in chosen or SLOTS]
    _PICTURE.write_text(picture(scaling), encoding="utf-8")
    return {
        "goal_efficiency": GOAL_EFFICIENCY,
        "goal_per_s": GOAL_PER_S,
        "engine_ms_a_search": round(latency_ms),
        "cores": os.cpu_count(),
        "scaling": scaling,
        "dispatch": [_measure(slots, latency_ms=0).shown() for slots in (2, 4, 8)],
        # How many processes wanted the machine's cores at the end.
        "load": round(os.getloadavg()[0], 1),
    }


def _measure(slots: int, *, latency_ms: float) -> Pace:
    needed = int(3 * _MEASURED_S * (slots if latency_ms else GOAL_PER_S)) + 10 * slots
    with _fleet(slots, latency_ms) as fleet:
        with fleet.store() as store:
            ada = add_player(store, "ada", small_games(needed))
        fleet.start()
        fleet.wait_for_workers()
        job_id = fleet.order_analysis(ada)
        if latency_ms:
            _wait_until_all_work(fleet, slots)
        else:
            # Whoever has work for a moment only is hardly ever seen at it.
            wait_for(lambda: _done(fleet) >= 20 * slots, "games are done", most_s=_PATIENCE_S)
        began, before = time.monotonic(), _done(fleet)
        time.sleep(_MEASURED_S)
        games, seconds = _done(fleet) - before, time.monotonic() - began
        assert fleet.looking.counts(job_id).queued > 0, "the games ran out"
        pace = Pace(slots, games, seconds, _engine_s(fleet))
        print(pace.shown(), file=sys.stderr, flush=True)
        return pace


@contextmanager
def _fleet(slots: int, latency_ms: float) -> Iterator[FleetMachine]:
    processes = max(1, slots // _SLOTS_A_PROCESS)
    with (
        TemporaryDirectory(prefix="chess-analytics-bench-") as name,
        postgres_server() as server,
        fresh_database(server, "measured") as url,
        redis_server() as redis,
    ):
        upgrade_database(url)
        engines = simulated_engines(Path(name), latency_ms)
        with FleetMachine(Path(name), _FLEET, engines, url, redis=redis) as fleet:
            fleet.many_workers, fleet.slots = processes, slots // processes
            if not latency_ms:
                fleet.launcher = _INSTANT
            yield fleet


def _wait_until_all_work(fleet: FleetMachine, slots: int) -> None:
    """Wait until every slot has an engine, and games have been ended by it."""

    def do_all_work() -> bool:
        with fleet.looking.reading() as connection:
            hands = select(func.count(tasks.c.worker.distinct())).where(tasks.c.state == "running")
            return bool(connection.execute(hands).scalar_one() >= slots) and _done(fleet) >= slots

    wait_for(do_all_work, "every slot works", most_s=_PATIENCE_S)


def _done(fleet: FleetMachine) -> int:
    with fleet.looking.reading() as connection:
        done = select(func.count()).where(tasks.c.state == "done")
        return int(connection.execute(done).scalar_one())


def _engine_s(fleet: FleetMachine) -> float:
    """Give the shortest time that one of the last games took, from its claim to its saving."""
    with fleet.looking.reading() as connection:
        lately = (
            select(tasks.c.cost_s)
            .where(tasks.c.state == "done")
            .order_by(tasks.c.ended_ms.desc())
            .limit(500)
            .subquery()
        )
        return float(connection.execute(select(func.min(lately.c.cost_s))).scalar_one())


def picture(scaling: list[dict[str, Any]]) -> str:
    """Draw games a second over slots, both doubling with every step, beside the ideal."""
    step, left = 60, 60
    most = len(SLOTS) - 1
    base = step * (most + 1) + 30

    def place(slots: int, per_s: float) -> str:
        return f"{left + step * log2(slots):.1f},{base - step * log2(max(per_s, 0.25)) - step:.1f}"

    measured = " ".join(place(it["slots"], it["games_per_s"]) for it in scaling)
    ideal = " ".join(place(it["slots"], it["slots"] / it["engine_s_a_game"]) for it in scaling)
    marks = "".join(
        f'<text x="{left + step * number}" y="{base + 20}">{slots}</text>'
        f'<text x="20" y="{base - step * (number + 1)}">{slots}</text>'
        for number, slots in enumerate(SLOTS)
    )
    title, axes = (
        "Games a second over slots",
        "slots (across), games a second (up); dashed: the ideal",
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12" '
        f'width="{left + step * most + 60}" height="{base + 45}"><title>{title}</title>'
        f'<text x="{left}" y="{base + 40}">{axes}</text>'
        f'{marks}<polyline points="{ideal}" fill="none" stroke="gray" stroke-dasharray="4"/>'
        f'<polyline points="{measured}" fill="none" stroke="black" stroke-width="2"/></svg>\n'
    )
