"""What a worker does every second: hold its tasks, let lost ones go, show that it lives, sweep."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from chess_analytics.jobs.engine_supply import EngineSupply
from chess_analytics.jobs.task_desk import LEASE_MS, TaskDesk
from chess_analytics.jobs.task_work import TaskWork
from chess_analytics.observability.metrics import note_sweep
from chess_analytics.store.evaluations import trim_evaluations
from chess_analytics.store.job_admission import JobLimits
from chess_analytics.store.job_sweep import (
    recover_after_restart,
    release_lease,
    sweep,
    take_lease,
)
from chess_analytics.store.task_claims import extend_tasks
from chess_analytics.store.task_peek import anything_claimable
from chess_analytics.store.workers import WorkerReport, forget_worker, forget_workers, see_worker

_LOG = logging.getLogger(__name__)

# Leases are written anew when they have lost so much of their length, and only looked at before.
_RENEW_MS = 10_000
_SHOW_S = 5.0
# With a beat more it is the longest that a cancelled game goes on; two seconds are promised.
_JUST_TAKEN_S = 0.7
_SWEEP = "sweep"
_TRIM_S = 3600.0
# A start has better things to do than to tidy up, and a server that soon ends leaves it to others.
_FIRST_TRIM_S = 60.0
# Longer than any sweep takes: only one process sweeps at a time.
_SWEEP_LEASE_MS = 30_000
_FORGET_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What a worker does for all, besides its own tasks."""

    limits: JobLimits
    """Of the server, which the sweep needs."""
    most_evaluations: int
    """How many shared evaluations are kept."""
    sweep_s: float = 10.0
    """How often it puts right what others have left."""


class Beat:
    """The beats of one worker, which one thread calls."""

    def __init__(
        self, desk: TaskDesk, supply: EngineSupply, upkeep: Upkeep, *, host: str, slots: int
    ) -> None:
        self._desk = desk
        self._supply = supply
        self._upkeep = upkeep
        self._host = host
        self._slots = slots
        self._started_ms = desk.now_ms()
        self._due_s = {"trim": monotonic() + _FIRST_TRIM_S}
        self._shown: tuple[str | None, str | None] = (None, None)

    def recover(self) -> None:
        """Take up at once what died with an earlier process, where no other can be alive."""
        if self._desk.store.is_embedded:
            with self._desk.store.writing() as connection:
                recover_after_restart(connection, now_ms=self._desk.lease_clock(connection))

    def hold(self, works: Sequence[TaskWork]) -> None:
        """Extend the leases of what we work on, and stop what is not ours any more.

        What was taken a moment ago is looked at next time: many games of a second are over by then.
        """
        asked_s = monotonic()
        works = [work for work in works if asked_s - work.taken_s >= _JUST_TAKEN_S]
        if not works:
            return
        with self._desk.writing() as (connection, now_ms):
            until_ms = (now_ms + LEASE_MS) // _RENEW_MS * _RENEW_MS
            claims = [work.claim for work in works]
            ours = extend_tasks(connection, claims, until_ms=until_ms)
        held_until_s = asked_s + (until_ms - now_ms) / 1000
        for work in works:
            if work.claim.task_id in ours:
                work.held_until_s = max(work.held_until_s, held_until_s)
            else:
                work.lose()

    def has_work(self) -> bool:
        """Tell whether a slot that is free would find something."""
        with self._desk.store.reading() as connection:
            now_ms = self._desk.lease_clock(connection)
            return anything_claimable(connection, now_ms=now_ms, services=self._desk.services())

    def show(self, *, busy: int, nps: float | None, has_saved: bool) -> None:
        """Say every few seconds who we are and what we do, and at once if the engine changed.

        This transaction outlasts a power failure, and with it all that were committed before: so it
        comes at once as well where there is something to outlast it.
        """
        engine, problem = self._supply.name, self._supply.missing
        must_sync = has_saved and self._desk.store.is_embedded
        has_changed = (engine, problem) != self._shown
        if not (self._is_due("show", _SHOW_S) or has_changed or must_sync):
            return
        report = WorkerReport(
            name=self._desk.worker,
            host=self._host,
            engine=engine,
            problem=problem,
            slots=self._slots,
            busy=busy,
            nps=nps,
            started_ms=self._started_ms,
        )
        with self._desk.store.writing() as connection:
            see_worker(connection, report, now_ms=self._desk.lease_clock(connection))
        self._shown = engine, problem

    def sweep(self) -> bool:
        """Put right what others have left, now and then; tell whether there may be work again."""
        if not self._is_due(_SWEEP, self._upkeep.sweep_s):
            return False
        with self._desk.writing() as (connection, now_ms):
            is_ours = take_lease(
                connection,
                _SWEEP,
                self._desk.worker,
                now_ms=now_ms,
                until_ms=now_ms + _SWEEP_LEASE_MS,
            )
        if not is_ours:
            return False
        with self._desk.store.writing() as connection:
            report = sweep(
                connection, self._upkeep.limits, now_ms=self._desk.lease_clock(connection)
            )
        note_sweep(at_s=self._desk.now_ms() / 1000, freed=report.freed)
        if self._is_due("trim", _TRIM_S):
            with self._desk.store.writing() as connection:
                trim_evaluations(connection, self._upkeep.most_evaluations)
                now_ms = self._desk.lease_clock(connection)
                forget_workers(connection, before_ms=now_ms - _FORGET_MS)
        return report.has_work

    def take_leave(self) -> None:
        """Leave nothing behind that others would have to wait for."""
        with self._desk.writing() as (connection, _):
            release_lease(connection, _SWEEP, self._desk.worker)
            forget_worker(connection, self._desk.worker)

    def _is_due(self, what: str, every_s: float) -> bool:
        now_s = monotonic()
        if now_s < self._due_s.get(what, 0.0):
            return False
        self._due_s[what] = now_s + every_s
        return True
