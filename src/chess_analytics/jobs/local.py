"""Analysis on this machine: threads that claim games, one engine each, until they are stopped."""

import logging
import os
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from chess_analytics.jobs.beat import Beat, Upkeep
from chess_analytics.jobs.bell import Bell
from chess_analytics.jobs.engine_supply import EngineSource, EngineSupply
from chess_analytics.jobs.hands import Hands
from chess_analytics.jobs.quiet_hours import QuietHours
from chess_analytics.jobs.task_desk import TaskDesk
from chess_analytics.jobs.task_work import TaskEnd
from chess_analytics.store.job_rows import Service
from chess_analytics.store.lease_clock import LeaseClock, lease_clock
from chess_analytics.store.passing import may_pass
from chess_analytics.store.session import Store

_LOG = logging.getLogger(__name__)

_BEAT_S = 1.0
# The bell rings when there is work; this is for the case that a ring is lost in a fault.
_LOOK_S = 30.0
# After its engine was stopped, a thread has nothing left to do but to give its game back.
_LAST_WORDS_S = 10.0
_STOP_LOOK_S = 0.05
# A thread that has waited for the disk or an engine, and may hold the turn to write, waits so long
# at most until another one lets it run; Python's own 5 ms are as long as a whole short game's work.
_SWITCH_S = 0.0005


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPlan:
    """How this machine works."""

    slots: int
    """Engines at work at once; with none there still is a sweep."""
    upkeep: Upkeep
    quiet: QuietHours = field(default_factory=QuietHours)
    grace_s: float = 25.0
    """How long the games at hand may take once we are told to stop."""
    again_s: float = 30.0
    """Where there is no engine, it is looked for again so often."""


class LocalWorkers:
    """Slots that work until they are stopped; several of these may share a PostgreSQL database."""

    def __init__(
        self,
        store: Store,
        source: EngineSource,
        plan: WorkPlan,
        *,
        name: str | None = None,
        clock: LeaseClock | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self.name = name or unique_name()
        self._plan = plan
        self._desk = TaskDesk(store, self.name, clock or lease_clock(store), now_ms, plan.quiet)
        self._supply = EngineSupply(source, plan.slots)
        self._hands = Hands(self._desk, self._supply, places=plan.upkeep.limits.places)
        host = socket.gethostname()
        self._beat = Beat(self._desk, self._supply, plan.upkeep, host=host, slots=plan.slots)
        self._bell = Bell()
        self._threads: list[threading.Thread] = []
        self._drains = threading.Event()
        self._drained_s: float | None = None
        self._is_over = threading.Event()
        self._beats: threading.Thread | None = None

    @property
    def supply(self) -> EngineSupply:
        """Where the engines come from."""
        return self._supply

    @property
    def busy(self) -> int:
        """How many slots have a game at hand."""
        return len(self._hands.works)

    def start(self) -> None:
        """Take up what died with an earlier server, then work."""
        sys.setswitchinterval(_SWITCH_S)
        self._beat.recover()
        self._threads = [
            threading.Thread(target=self._work, args=(slot,), name=f"analysis-{slot}", daemon=True)
            for slot in range(self._plan.slots)
        ]
        self._beats = threading.Thread(target=self._beat_on, name="analysis-beat", daemon=True)
        for thread in (*self._threads, self._beats):
            thread.start()

    def ring(self) -> None:
        """Say that there is something to do; may be called by any thread, and lost."""
        self._bell.ring()

    def drain(self) -> None:
        """Claim nothing more; from now on the grace time of the games at hand runs out."""
        if self._drained_s is None:
            self._drained_s = time.monotonic()
        self._drains.set()
        self._bell.ring()

    def halt(self) -> None:
        """Stop the engines at once; their games are given back."""
        self.drain()
        self._hands.halt()

    def wait(self) -> None:
        """Wait until somebody says `drain`."""
        self._drains.wait()

    def stop(self) -> None:
        """End all threads: the games at hand are finished, or given back after the grace time."""
        self.drain()
        assert self._drained_s is not None  # noqa: S101 - `drain` has set it
        grace_ends_s = self._drained_s + self._plan.grace_s
        halts = self._hands.halts
        while self._is_alive() and time.monotonic() < grace_ends_s and not halts.is_set():
            halts.wait(_STOP_LOOK_S)
        self.halt()
        until_s = time.monotonic() + _LAST_WORDS_S
        for thread in self._threads:
            thread.join(max(0.0, until_s - time.monotonic()))
        self._is_over.set()
        if self._beats:
            self._beats.join(max(0.0, until_s - time.monotonic()))
        self._take_leave()

    def _is_alive(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _work(self, slot: int) -> None:
        while not self._drains.is_set():
            heard = self._bell.count
            try:
                end = self._work_one(slot)
            except Exception as error:  # noqa: BLE001 - what nobody thought of must not end the thread
                end = None
                self._tell_fault(error)
            if end is TaskEnd.WITHOUT_ENGINE:
                self._drains.wait(self._plan.again_s)
            elif end is None:
                self._bell.wait_for_more(heard, _LOOK_S)
        # What was taken at the very moment in which we were told to stop.
        self._hands.put_back(slot)

    def _work_one(self, slot: int) -> TaskEnd | None:
        """Carry out a game; nothing if there is none."""
        if not self._hands.has_taken(slot) and not self._supply.is_ready():
            return TaskEnd.WITHOUT_ENGINE
        worked = self._hands.work_one(slot, then=self._go_on_with)
        if worked is None:
            return None
        if worked.has_closed:
            # Another one may have got its place.
            self._bell.ring()
        return worked.end

    def _go_on_with(self) -> Collection[Service]:
        return () if self._drains.is_set() else tuple(Service)

    def _beat_on(self) -> None:
        if self._plan.slots:
            self._supply.look()
        while not self._is_over.is_set():
            try:
                self.beat()
            except Exception as error:  # noqa: BLE001 - nor this one
                self._tell_fault(error)
            self._is_over.wait(_BEAT_S)

    def beat(self) -> None:
        """Hold what we work on, show that we live, sweep, and wake who could work."""
        works = self._hands.works
        self._beat.hold(works)
        if self._plan.slots:
            self._beat.show(
                busy=len(works), nps=self._hands.nps, has_saved=self._hands.take_saved()
            )
        has_news = self._beat.sweep()
        if self._drains.is_set() or len(works) >= self._plan.slots:
            return
        if has_news or self._beat.has_work():
            self._bell.ring()

    def _take_leave(self) -> None:
        try:
            self._beat.take_leave()
        except Exception as error:  # noqa: BLE001 - then it runs out by itself
            self._tell_fault(error)

    def _tell_fault(self, error: Exception) -> None:
        if may_pass(error):
            _LOG.warning("work.database_away %s", error)
        else:
            _LOG.error("work.fault", exc_info=error)


def unique_name() -> str:
    """Name this process so that no other one has the name, on whichever machine."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
