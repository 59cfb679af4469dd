"""200 people browse, 20 import and 10 have batches analysed on one machine: what they wait for."""

import asyncio
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.load.answers import report, spread
from bench.load.machine import busy_s, cpu_s, million_loops_per_s
from bench.load.play import Script, play
from bench.load.stage import Cast, Plan, files_of_games, staged
from bench.stores import database_of

CAST = Cast(
    browsing=200, importing=20, analysing=10, scripts=1, games=25, imported=64, files=20, batch=60
)
PLAN = Plan(
    servers=2,
    workers=2,
    slots=2,
    engine_ms=150,
    # Ten batches for the three places that a server has unless told otherwise.
    settings={"CHESS_ANALYTICS_JOB_LINE": "true"},
)
_MEASURED_S = 120.0
# Until everybody has come, and the servers have met each of them once.
_WARM_S = 30.0
# A list is looked at for so long, a game four times as long, charts twice.
_PAGE_S = 12.0
_FIRST = 1


def measure() -> dict[str, Any]:
    """Measure for some minutes; servers, workers, PostgreSQL, Redis and people share the cores."""
    bare, files = million_loops_per_s(), files_of_games(CAST)
    script = Script(files=files, most_s=_WARM_S + _MEASURED_S, page_s=_PAGE_S)
    with (
        TemporaryDirectory(prefix="chess-analytics-load-") as name,
        database_of("postgresql") as url,
    ):
        assert url is not None
        with staged(Path(name), url, PLAN, CAST) as seats, _going_first():
            began_s, before = time.monotonic(), _used(seats.processes)
            played = asyncio.run(play(seats, script))
            took_s = time.monotonic() - began_s
            # Whoever sees a fault in the figures wants to know what it was.
            sys.stderr.write(seats.log())
            used = {name: s - before[name] for name, s in _used(seats.processes).items()}
    return {
        "people": asdict(CAST),
        "seconds_a_page": _PAGE_S,
        "measured_s": _MEASURED_S,
        "bare_million_loops_per_s": bare,
        "cores": os.cpu_count(),
        "cores_busy": {name: round(seconds / took_s, 2) for name, seconds in used.items()},
        "driver_late": spread(played.late_s),
        "load": round(os.getloadavg()[0], 1),
        **report(played.answers, since_s=began_s + _WARM_S),
    }


@contextmanager
def _going_first() -> Iterator[None]:
    """Let the driver have a core when it needs one, where we may: people bring their own machines.

    Else its own lateness is a good part of what it measures. Niceness would not do: the system
    weighs sessions against each other, and each server has its own.
    """
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(_FIRST))
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def _used(processes: Mapping[str, list[int]]) -> dict[str, float]:
    """Tell the CPU seconds of all cores, of each kind of process, and of the driver: of us.

    What is left of all is PostgreSQL, Redis and the system, unless others work beside us.
    """
    return {
        "all": busy_s(),
        **{name: cpu_s(pids) for name, pids in processes.items()},
        "driver": time.process_time(),
    }
