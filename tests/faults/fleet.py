"""A fleet under test: a server that only serves, workers that hear Redis, and a beat."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.arrangement import Arrangement
from tests.faults.engines import Engines
from tests.faults.machine import Machine, Process, wait_for
from tests.redis_server import RedisServer, redis_server

_GREETS = r"((?:worker|beat) \S+).*; Ctrl-C stops it"


@dataclass
class FleetMachine(Machine):
    """A machine whose processes find each other by a broker."""

    redis: RedisServer | None = None
    many_workers: int = 2
    worker_settings: Mapping[str, str] = field(default_factory=dict)
    """What workers are told otherwise than the server."""
    beats: list[Process] = field(default_factory=list)
    told: Mapping[str, str] = field(default_factory=dict)
    """What the process that is being started is told."""

    def start(self) -> None:
        self.start_server()
        for _ in range(self.many_workers):
            self.start_worker()
        self.start_beat()

    def start_few(self) -> None:
        self.start_server()
        self.start_worker()
        self.start_beat()

    @property
    def slots_in_all(self) -> int:
        return self.slots * self.many_workers

    def replace(self, process: Process, how: signal.Signals) -> None:
        if process not in self.beats:
            super().replace(process, how)
            return
        self.kill(process, how)
        self.start_beat()

    def get_over_the_death_of_hands(self) -> None:
        if not self.workers:
            self.start_worker()
        if not self.beats:
            self.start_beat()
        super().get_over_the_death_of_hands()

    @property
    def hands(self) -> list[Process]:
        return [*super().hands, *self.beats]

    def start_server(self) -> None:
        # The server serves, and its fleet analyses: that is so where nobody says a number of slots.
        self.server, said = self._run(
            "server", ("serve", "--port", "0"), r"serving (http://[^ ,;]+)"
        )
        self.address = f"{said}/api/v1"
        wait_for(self._answers, "the server answers")

    def start_worker(self) -> None:
        self.told = self.worker_settings
        words = ("worker", "--broker", "--slots", str(self.slots))
        started, _ = self._run("worker", words, _GREETS)
        self.told = {}
        self.workers.append(started)

    def start_beat(self) -> None:
        started, _ = self._run("beat", ("beat",), _GREETS)
        self.beats.append(started)

    def wait_for_workers(self) -> float:
        """Wait until every worker has said that it is there."""
        pids = {process.pid for process in self.workers}
        return wait_for(lambda: pids <= self.looking.worker_processes(), "all workers are there")

    def _forget(self, process: Process) -> None:
        if process in self.beats:
            self.beats.remove(process)
        super()._forget(process)

    def _environment(self) -> dict[str, str]:
        broker = {"CHESS_ANALYTICS_BROKER_URL": self.redis.url} if self.redis else {}
        return {**super()._environment(), **broker, **self.told}


@contextmanager
def arranged(
    arrangement: Arrangement,
    folder: Path,
    engines: Engines,
    url: str | None,
    *,
    slots: int = 2,
    is_forked: bool = False,
) -> Iterator[Machine]:
    """Give a machine that is put together so, and not started; nothing of it survives.

    The processes of a fleet are never forked: Celery's own would be forked from them.
    """
    if not arrangement.has_broker:
        with Machine(
            folder, arrangement, engines, url, slots=slots, is_forked=is_forked
        ) as machine:
            yield machine
        return
    many = arrangement.workers
    with (
        redis_server() as redis,
        FleetMachine(
            folder, arrangement, engines, url, slots=slots, redis=redis, many_workers=many
        ) as fleet,
    ):
        yield fleet
