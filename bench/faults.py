"""A storm of faults over a long job, in every arrangement: what came through, and how quickly.

Faults are drawn from a seed until 200 processes were killed: engines, workers and servers. Between
them happens everything else that `tests/faults` shows one by one. After the storm the invariants
are checked as there. CHESS_ANALYTICS_FAULTS_SEED repeats the draws of a run; the moments at which
they strike are the machine's. CHESS_ANALYTICS_FAULTS_KILLS makes it shorter.
"""

import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.faults.arrangement import ARRANGEMENTS, Arrangement
from tests.faults.engines import Engines, real_engines, simulated_engines
from tests.faults.fleet import arranged
from tests.faults.invariants import check_invariants
from tests.faults.machine import Machine
from tests.faults.oracle import Expecting, SimulatedHere, expectations
from tests.faults.players import User, add_player, real_games, small_games
from tests.faults.storm import Storm, Struck
from tests.postgres import PostgresServer, add_database, restartable_postgres
from tests.shared_data import shared_folder

from chess_analytics.engine.discovery import find_engine
from chess_analytics.engine.uci import UciEngine
from chess_analytics.store.games import NewGame
from chess_analytics.store.session import upgrade_database

_GAMES = 2000
_KILLS = 200
_LATENCY_MS = 10
_NODES = 1000
_REAL_GAMES = 30
_REAL_KILLS = 20
_REAL_NODES = 2000
_ENDS_S = 1800.0


def measure() -> dict[str, Any]:
    """Let it storm over thousands of tiny games on the simulated engine."""
    kills = int(os.environ.get("CHESS_ANALYTICS_FAULTS_KILLS", _KILLS))
    games = small_games(_GAMES)
    seed = _seed()
    return {
        "seed": seed,
        **{
            arrangement.name: _storm(arrangement, seed, games, kills=kills)
            for arrangement in ARRANGEMENTS
        },
    }


def measure_stockfish() -> dict[str, Any]:
    """Let it storm over a few dozen real games on a real engine."""
    folder = shared_folder()
    assert folder, "the real games are beside the developers' checkout"
    games = real_games(folder / "archives" / "lichess_jacobaharris.pgn", _REAL_GAMES)
    command = find_engine(None)
    seed = _seed()
    with UciEngine(command) as engine:
        expecting = expectations(engine)
        return {
            "seed": seed,
            **{
                arrangement.name: _storm(
                    arrangement,
                    seed,
                    games,
                    kills=_REAL_KILLS,
                    real=(Path(command.argv[0]), expecting),
                )
                for arrangement in ARRANGEMENTS
            },
        }


def _storm(
    arrangement: Arrangement,
    seed: int,
    games: Sequence[NewGame],
    *,
    kills: int,
    real: tuple[Path, Expecting] | None = None,
) -> dict[str, Any]:
    with TemporaryDirectory() as name, _database(arrangement) as (url, postgres):
        folder = Path(name)
        engines = real_engines(folder, real[0]) if real else _simulated(folder)
        with arranged(arrangement, folder, engines, url) as machine:
            with machine.furnishing() as store:
                user = add_player(store, "ada", games)
            machine.start()
            storm = Storm(machine, user, random.Random(seed), postgres)
            nodes = _REAL_NODES if real else _NODES
            last_games = min(_LAST_GAMES, len(games) // 3)
            job_ids = _strike(storm, kills, nodes, last_games, has_orders=real is None)
            retried = sum(_end(machine, user, job_id) for job_id in job_ids)
            took_s = time.monotonic() - storm.began_s
            check_invariants(machine, expecting=real[1] if real else expectations(SimulatedHere()))
            counts = [asdict(machine.looking.counts(job_id)) for job_id in job_ids]
            return {
                "games": len(games),
                "kills": storm.kills,
                "faults": len(storm.log),
                "seconds": round(took_s, 1),
                "jobs": counts,
                "given_up_and_tried_again": retried,
                "claims": sum(step.state == "running" for step in machine.looking.history()),
                "recovered_s": _summary(storm.log),
                "log": [asdict(struck) for struck in storm.log],
            }


def _strike(
    storm: Storm, kills: int, nodes: int, last_games: int, *, has_orders: bool
) -> list[int]:
    """Strike until there were so many kills; when a job is nearly done, another one follows."""
    machine, user = storm.machine, storm.user
    job_ids: list[int] = []
    while storm.kills < kills:
        # With a node more each time: other settings, so that there is work.
        wish = {"nodes": nodes + len(job_ids), "reanalyse": True}
        job_id = machine.order_analysis(user, **wish)
        job_ids.append(job_id)
        while storm.kills < kills and machine.looking.counts(job_id).queued > last_games:
            storm.strike(partial(_done, machine, job_id), has_orders=has_orders)
            _say(storm)
        if storm.kills < kills:
            _end(machine, user, job_id)
    return job_ids


def _done(machine: Machine, job_id: int) -> int:
    return machine.looking.counts(job_id).done


def _end(machine: Machine, user: User, job_id: int) -> int:
    """Wait for a job's end; games whose workers were killed three times are tried again."""
    again = 0
    while True:
        machine.wait_for_end(job_id, most_s=_ENDS_S)
        failed = machine.looking.counts(job_id).failed
        if not failed:
            return again
        again += failed
        answer = machine.ask(user, "POST", f"analysis-jobs/{job_id}/retry")
        assert answer.is_success, answer.text


_LAST_GAMES = 30
"""With so few games left, or a third of few, nothing is struck: one has to be done after it."""


@contextmanager
def _database(arrangement: Arrangement) -> Iterator[tuple[str | None, PostgresServer | None]]:
    if arrangement.database == "sqlite":
        yield None, None
        return
    with restartable_postgres() as server:
        url = add_database(server.url, "faults")
        upgrade_database(url)
        yield url, server


def _simulated(folder: Path) -> Engines:
    return simulated_engines(folder, _LATENCY_MS)


def _summary(log: Sequence[Struck]) -> dict[str, dict[str, float]]:
    """Tell of each kind of fault how often it struck, and how soon another game was done."""
    times: defaultdict[str, list[float]] = defaultdict(list)
    for struck in log:
        times[struck.fault].append(struck.recovered_s)
    return {
        fault: {
            "times": len(all_s),
            "median": round(statistics.median(all_s), 2),
            "most": round(max(all_s), 2),
        }
        for fault, all_s in sorted(times.items())
    }


def _seed() -> int:
    named = os.environ.get("CHESS_ANALYTICS_FAULTS_SEED")
    seed = int(named) if named else int.from_bytes(os.urandom(4))
    print(f"CHESS_ANALYTICS_FAULTS_SEED={seed}", file=sys.stderr)
    return seed


def _say(storm: Storm) -> None:
    last = storm.log[-1]
    print(
        f"{last.at_s:8.1f} s  {last.fault:<26} another game after {last.recovered_s:5.1f} s; "
        f"{storm.kills} kills",
        file=sys.stderr,
    )
