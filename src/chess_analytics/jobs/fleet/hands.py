"""The hands of one child of a worker process: one engine, one game at a time."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from random import SystemRandom

from chess_analytics.jobs.beat import Beat, Upkeep
from chess_analytics.jobs.engine_supply import EngineSource, EngineSupply
from chess_analytics.jobs.fleet.notice import Notice
from chess_analytics.jobs.fleet.pulse import Pulse
from chess_analytics.jobs.hands import Hands, Worked
from chess_analytics.jobs.quiet_hours import QuietHours
from chess_analytics.jobs.task_desk import TaskDesk
from chess_analytics.jobs.task_work import TaskEnd
from chess_analytics.store.job_rows import Service
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.passing import may_pass
from chess_analytics.store.session import open_database

_LOG = logging.getLogger(__name__)

_BEAT_S = 1.0
# Short games share the cost of a message: after five seconds of games of a second it was a quarter
# of what a worker did. After so long, other messages have a say; not exactly so long, or all who
# began together would ring together ever after.
_VISIT_S = 20.0
_VISITS_DIFFER_BY = 0.25
_CHANCE = SystemRandom()
# Time to give a game back once its engine was stopped.
_LAST_WORDS_S = 10.0
_ONLY_SLOT = 0


Tell = Callable[[Worked], None]
"""Is told of every game that has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsPlan:
    """All that a child needs to make its hands, read by the command that started it."""

    database_url: str
    source: EngineSource
    upkeep: Upkeep
    worker: str
    """The name of the worker process."""
    services: tuple[Service, ...]
    """The classes of work that it does."""
    quiet: QuietHours
    pulse: Pulse
    """That of visits, which is felt as long as a game is at hand."""


class ChildHands:
    """Made when a child begins; from then on a thread shows it, and holds its games."""

    def __init__(self, plan: HandsPlan, notice: Notice, tell: Tell) -> None:
        self._plan = plan
        self._tell = tell
        self._notice = notice
        self._stack = ExitStack()
        store = self._stack.enter_context(open_database(plan.database_url))
        # A child that is made in the place of another has its own number: no name comes twice.
        name = f"{plan.worker}.{os.getpid()}"
        self._desk = TaskDesk(store, name, lease_clock(store), _now_ms, plan.quiet)
        self._supply = EngineSupply(plan.source, 1)
        self._beat = Beat(self._desk, self._supply, plan.upkeep, host=socket.gethostname(), slots=1)
        self._hands = Hands(self._desk, self._supply)
        # Before anything is claimed: whoever looks for the dead knows whom to look for.
        self._beat.show(busy=0, nps=None, has_saved=False)
        self._visit_ends_s = 0.0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="fleet-beat", daemon=True)
        self._thread.start()

    def visit(self, first: Service) -> bool:
        """Carry out games for a while, those of this class first; tell whether there may be more.

        A visit that finds none of its class does what there is: no bell is wasted.
        """
        self._visit_ends_s = time.monotonic() + _VISIT_S * _CHANCE.uniform(
            1 - _VISITS_DIFFER_BY, 1 + _VISITS_DIFFER_BY
        )
        self._plan.pulse.beat()
        try:
            worked = self._work_one((first,)) or self._work_one(self._plan.services)
            while worked and not self._notice.is_given:
                if worked.end is TaskEnd.WITHOUT_ENGINE:
                    # Another bell would come back at once; beat rings when the games have waited.
                    return False
                if not self._hands.has_taken(_ONLY_SLOT) and not self._go_on_with():
                    return True
                worked = self._work_one(self._plan.services)
            return worked is not None
        finally:
            self._hands.put_back(_ONLY_SLOT)

    def close(self) -> None:
        """End the engine and all threads; the child is about to end."""
        self._is_over.set()
        self._hands.halt()
        self._thread.join(_LAST_WORDS_S)
        self._beat.take_leave()
        self._stack.close()

    def _work_one(self, services: tuple[Service, ...]) -> Worked | None:
        if self._notice.is_given or not self._supply.is_ready():
            return None
        worked = self._hands.work_one(_ONLY_SLOT, services, then=self._go_on_with)
        if worked:
            self._tell(worked)
        return worked

    def _go_on_with(self) -> tuple[Service, ...]:
        is_over = self._notice.is_given or time.monotonic() >= self._visit_ends_s
        return () if is_over else self._plan.services

    def _beat_on(self) -> None:
        self._supply.look()
        while not self._is_over.wait(_BEAT_S):
            try:
                works = self._hands.works
                self._beat.hold(works)
                if works:
                    self._plan.pulse.beat()
                self._beat.show(
                    busy=len(works),
                    nps=self._hands.nps,
                    has_saved=self._hands.take_saved(),
                )
            except Exception as error:  # noqa: BLE001 - what nobody thought of must not end it
                if may_pass(error):
                    _LOG.warning("fleet.database_away %s", error)
                else:
                    _LOG.error("fleet.beat_fault", exc_info=error)
            self._heed_notice()

    def _heed_notice(self) -> None:
        left_s = self._notice.left_s()
        if left_s is None or left_s > 0:
            return
        self._hands.halt()
        if left_s < -_LAST_WORDS_S:
            # The visit hangs in something that nobody thought of; its lease will run out.
            _LOG.error("fleet.hangs The visit does not end: this process does")
            os._exit(1)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
