"""What has to happen now and then in a fleet, whoever does it: two that do it do no harm.

It is no message to a worker: what repairs a broker's losses must not need the broker, nor a worker.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from chess_analytics.actions.forget_expired import forget_expired
from chess_analytics.actions.sync_again import sync_again
from chess_analytics.jobs.beat import Beat
from chess_analytics.jobs.fleet.bell import ring_what_waits
from chess_analytics.jobs.fleet.pulse import Pulse
from chess_analytics.jobs.fleet.ringer import BrokerAway, Ringer
from chess_analytics.store.job_sweep import release_lease, take_lease
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.passing import may_pass
from chess_analytics.store.session import Store

_LOG = logging.getLogger(__name__)

_LOOK_S = 1.0
# A bell that was lost is rung again within so long.
BELLS_S = 10.0
_SYNC_S = 300.0
_EXPIRED_S = 3600.0
_HOUR_MS = 3_600_000
# As long as a duty may take before another beat believes that its holder is dead.
_PATIENCE_MS = 30_000


@dataclass(frozen=True, slots=True)
class _Duty:
    """Something to do every so many seconds, by one process of the fleet."""

    name: str
    every_s: float
    do: Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatPlan:
    """How a beat beats."""

    name: str
    """One that nobody else in the fleet has."""
    pulse: Pulse
    sync_hours: int | None = None
    """The games of linked players are fetched again after so long, if at all."""


class FleetBeat:
    """Does its duties until it is stopped."""

    def __init__(self, store: Store, sweeper: Beat, ringer: Ringer, plan: BeatPlan) -> None:
        self._store = store
        self._sweeper = sweeper
        self._ringer = ringer
        self._plan = plan
        self._lease_clock = lease_clock(store)
        self._is_over = threading.Event()
        self._due_s: dict[str, float] = {}
        self._duties = [
            _Duty("bells", BELLS_S, self._ring),
            _Duty("expired", _EXPIRED_S, lambda: forget_expired(store, now_ms=_now_ms())),
        ]
        if plan.sync_hours:
            self._duties.append(_Duty("sync", _SYNC_S, self._sync))

    def run(self) -> None:
        """Beat until `stop`."""
        while not self._is_over.is_set():
            self.beat()
            self._is_over.wait(_LOOK_S)
        self._leave()

    def stop(self) -> None:
        """End soon; may be called by a signal's handler."""
        self._is_over.set()

    def beat(self) -> None:
        """Do what is due."""
        # It has a lease, and a rhythm, of its own: servers sweep as well.
        is_well = self._try(self._sweep)
        for duty in self._duties:
            now_s = time.monotonic()
            if now_s >= self._due_s.get(duty.name, 0.0):
                self._due_s[duty.name] = now_s + duty.every_s
                is_well &= self._try(partial(self._do_if_ours, duty))
        if is_well:
            self._plan.pulse.beat()

    def _do_if_ours(self, duty: _Duty) -> None:
        with self._store.writing() as connection:
            now_ms = self._lease_clock(connection)
            until_ms = now_ms + max(_PATIENCE_MS, int(duty.every_s * 1000))
            is_ours = take_lease(
                connection, _lease(duty), self._plan.name, now_ms=now_ms, until_ms=until_ms
            )
        if is_ours:
            duty.do()

    def _sweep(self) -> None:
        if self._sweeper.sweep():
            self._ring()

    def _ring(self) -> None:
        rung = ring_what_waits(self._store, self._ringer)
        if rung:
            _LOG.info("fleet.rang count=%d", rung)

    def _sync(self) -> None:
        hours = self._plan.sync_hours
        assert hours is not None  # noqa: S101 - or it is no duty
        sync_again(self._store, now_ms=_now_ms(), every_ms=hours * _HOUR_MS)

    def _leave(self) -> None:
        def release() -> None:
            with self._store.writing() as connection:
                for duty in self._duties:
                    release_lease(connection, _lease(duty), self._plan.name)

        self._try(release)
        self._try(self._sweeper.take_leave)

    def _try(self, act: Callable[[], object]) -> bool:
        """Do something; tell whether that went well."""
        try:
            act()
        except BrokerAway as error:
            _LOG.warning("fleet.broker_away %s", error)
        except Exception as error:  # noqa: BLE001 - what nobody thought of must not end the beat
            if may_pass(error):
                _LOG.warning("fleet.database_away %s", error)
            else:
                _LOG.error("fleet.beat_fault", exc_info=error)
        else:
            return True
        return False


def _lease(duty: _Duty) -> str:
    return f"fleet-{duty.name}"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
