"""Every fault there is, to be drawn at random and struck while work goes on."""

import os
import random
import resource
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from sqlalchemy import select

from chess_analytics.store.job_tables import tasks
from tests.faults.fleet import FleetMachine
from tests.faults.machine import Machine, wait_for
from tests.faults.players import User
from tests.postgres import FAST, IMMEDIATE, PostgresServer

_WHILE_S = 2.0
_HOUR_S = 3600.0
_PAGE_BYTES = 4096

KILLS = ("kill an engine", "kill a worker", "kill the server")
"""What counts as `kill -9` of a process."""
# Most kills are of engines: they cost least time, and there are most of them in a fleet.
_OFTEN = {"kill an engine": 30, "kill a worker": 3, "kill the server": 3}


@dataclass(frozen=True, slots=True)
class Struck:
    """One fault, and how long it took until another game was done."""

    at_s: float
    fault: str
    recovered_s: float


@dataclass
class Storm:
    """Faults over the jobs of one user."""

    machine: Machine
    user: User
    chance: random.Random
    postgres: PostgresServer | None = None
    log: list[Struck] = field(default_factory=list)
    began_s: float = field(default_factory=time.monotonic)

    @property
    def kills(self) -> int:
        return sum(struck.fault in KILLS for struck in self.log)

    def faults(self) -> dict[str, Callable[[], None]]:
        """Name the faults that there are on this machine."""
        everywhere = {
            "kill an engine": lambda: self._signal_engine(signal.SIGKILL),
            "kill the server": self._kill_the_server,
            "stop an engine": lambda: self._signal_engine(signal.SIGSTOP),
            "stop and start a process": self._replace,
            "freeze a process": self._freeze,
            "set the clock": self._set_the_clock,
            "delete a game": self._delete_a_game,
            **{f"engine: {fault}": self._ordering(fault) for fault in _ENGINES},
        }
        if self.machine.workers:
            everywhere["kill a worker"] = self._kill_a_worker
        if isinstance(self.machine, FleetMachine):
            everywhere |= self._of_the_broker(self.machine)
        if self.machine.looking.is_embedded:
            return everywhere | {"lock the file": self._lock, "fill the disk": self._fill}
        if self.postgres is None:
            return everywhere
        return everywhere | {
            "restart PostgreSQL": lambda: self._restart(FAST),
            "crash PostgreSQL": lambda: self._restart(IMMEDIATE),
        }

    def _of_the_broker(self, fleet: FleetMachine) -> dict[str, Callable[[], None]]:
        redis = fleet.redis
        assert redis

        def lose_everything() -> None:
            with redis.client() as client:
                client.flushall()

        def freeze() -> None:
            redis.freeze()
            time.sleep(_WHILE_S)
            redis.thaw()

        def kill() -> None:
            redis.kill()
            redis.start()

        return {
            "kill the beat": lambda: fleet.replace(fleet.beats[0], signal.SIGKILL),
            "empty Redis": lose_everything,
            "freeze Redis": freeze,
            "kill Redis": kill,
        }

    def strike(self, done: Callable[[], int], *, has_orders: bool = True) -> None:
        """Draw a fault, let it happen, and wait until another game is done.

        Real engines take no orders to fail.
        """
        faults = self.faults()
        names = sorted(name for name in faults if has_orders or not name.startswith("engine: "))
        (name,) = self.chance.choices(names, [_OFTEN.get(each, 1) for each in names])
        before, struck_s = done(), time.monotonic()
        faults[name]()
        wait_for(lambda: done() > before, f"a game is done after «{name}»")
        took_s = time.monotonic() - struck_s
        self.log.append(Struck(struck_s - self.began_s, name, took_s))

    def _signal_engine(self, how: signal.Signals) -> None:
        wait_for(self._hit_an_engine(how), "there is an engine")

    def _hit_an_engine(self, how: signal.Signals) -> Callable[[], bool]:
        def hit() -> bool:
            """Signal an engine, and tell whether it was still there."""
            alive = self.machine.engines.alive()
            if not alive:
                return False
            try:
                os.kill(self.chance.choice(alive), how)
            except ProcessLookupError:
                return False
            return True

        return hit

    def _kill_a_worker(self) -> None:
        self.machine.replace(self.chance.choice(self.machine.workers), signal.SIGKILL)

    def _kill_the_server(self) -> None:
        assert self.machine.server
        self.machine.replace(self.machine.server, signal.SIGKILL)

    def _replace(self) -> None:
        self.machine.replace(self.chance.choice(self.machine.hands), signal.SIGTERM)

    def _freeze(self) -> None:
        pid = self.chance.choice(self.machine.hands).pid
        os.kill(pid, signal.SIGSTOP)
        time.sleep(_WHILE_S)
        os.kill(pid, signal.SIGCONT)

    def _set_the_clock(self) -> None:
        self.machine.clock.set(self.chance.choice([-_HOUR_S, 0.0, _HOUR_S]))

    def _delete_a_game(self) -> None:
        with self.machine.looking.reading() as connection:
            there = select(tasks.c.game_id).where(
                tasks.c.user_id == self.user.id, tasks.c.game_id.is_not(None)
            )
            game_ids = sorted(set(connection.execute(there).scalars()))
        answer = self.machine.ask(self.user, "DELETE", f"games/{self.chance.choice(game_ids)}")
        assert answer.status_code == 204, answer.text

    def _ordering(self, fault: str) -> Callable[[], None]:
        return lambda: self.machine.engines.order(fault)

    def _lock(self) -> None:
        file = self.machine.data / "analyses.sqlite3"
        with closing(sqlite3.connect(file, timeout=60)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(_WHILE_S)
            other.rollback()

    def _fill(self) -> None:
        """Let the server write to no file beyond its first page, for a while."""
        assert self.machine.server
        pid = self.machine.server.pid
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (_PAGE_BYTES, before[1]))
        time.sleep(_WHILE_S)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)

    def _restart(self, how: signal.Signals) -> None:
        assert self.postgres
        self.postgres.stop(how)
        self.postgres.start()


_ENGINES = ("die", "hang", "babble", "flood", "mute")
