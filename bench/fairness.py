"""What a newcomer's games take beside an archive, against what they take on half the machine."""

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select
from tests.faults.arrangement import ARRANGEMENTS, Arrangement
from tests.faults.engines import simulated_engines
from tests.faults.fleet import arranged
from tests.faults.machine import Machine
from tests.faults.players import User, add_player, small_games

from bench.stores import database_of
from chess_analytics.store.job_tables import tasks

_ARCHIVE = 10_000
_FEW = 10
_ROUNDS = 5
# So long that the engines, which sleep, decide how long everything takes.
_LATENCY_MS = 100
_NODES = 1000


def measure() -> dict[str, Any]:
    """Let a newcomer come some times while ten thousand games are at work."""
    return {each.name: _measure(each) for each in ARRANGEMENTS}


def _measure(arrangement: Arrangement) -> dict[str, Any]:
    with TemporaryDirectory() as name, database_of(arrangement.database) as url:
        folder = Path(name)
        engines = simulated_engines(folder, _LATENCY_MS)
        with arranged(arrangement, folder, engines, url) as machine:
            with machine.furnishing() as store:
                ada = add_player(store, "ada", small_games(_ARCHIVE))
                bob = add_player(store, "bob", small_games(_FEW))
            machine.start()
            archive = machine.order_analysis(ada)
            machine.wait_for_done(archive, _FEW)
            ratios = [_come(machine, bob, _NODES + number) for number in range(_ROUNDS)]
            is_going_on = machine.looking.counts(archive).queued > 0
    assert is_going_on, "the archive was done too soon to be in anybody's way"
    return {
        "archive": _ARCHIVE,
        "games": _FEW,
        "slots": machine.slots_in_all,
        "ratios": [round(ratio, 2) for ratio in ratios],
        "median": round(statistics.median(ratios), 2),
    }


def _come(machine: Machine, user: User, nodes: int) -> float:
    """Have a user's few games analysed: the time that takes, over that on half of the machine."""
    began_s = time.monotonic()
    job_id = machine.order_analysis(user, nodes=nodes, reanalyse=True)
    machine.wait_for_end(job_id)
    took_s = time.monotonic() - began_s
    half = machine.slots_in_all / 2
    with machine.looking.reading() as connection:
        cost = select(func.sum(tasks.c.cost_s)).where(tasks.c.job_id == job_id)
        cost_s: float = connection.execute(cost).scalar_one()
    return took_s / (cost_s / half)
