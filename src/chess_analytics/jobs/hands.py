"""Claim a game, carry it out, close its job: what every slot does, here and in a fleet."""

import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass

from chess_analytics.jobs.engine_supply import EngineSupply
from chess_analytics.jobs.places import give_places
from chess_analytics.jobs.task_desk import Taken, TaskDesk
from chess_analytics.jobs.task_work import TaskEnd, TaskWork
from chess_analytics.observability.context import belonging_to
from chess_analytics.observability.metrics import (
    note_engine_restarts,
    note_game,
    note_job_end,
    note_task,
)
from chess_analytics.observability.traces import describe_span, span, trace_job
from chess_analytics.store.job_closing import close_job_if_done, has_open_tasks, job_wait
from chess_analytics.store.job_rows import Service
from chess_analytics.store.task_claims import TaskClaim

_LOG = logging.getLogger(__name__)

_MAY_CLOSE = frozenset({TaskEnd.DONE, TaskEnd.FAILED})


@dataclass(frozen=True, slots=True)
class Worked:
    """What became of a claim."""

    end: TaskEnd
    claim: TaskClaim
    has_closed: bool
    """It was the last game of its job."""


class Hands:
    """Work of some slots. Each slot is used by one thread; the others may ask and halt."""

    def __init__(self, desk: TaskDesk, supply: EngineSupply, *, places: int | None = None) -> None:
        self._desk = desk
        self._supply = supply
        self._places = places
        """For so many batch jobs at once; absent where others give places away."""
        self._works: dict[int, TaskWork] = {}
        self._taken: dict[int, Taken] = {}
        """What slots took when they saved their last game, and have not begun."""
        self._nps: dict[int, float] = {}
        self._has_saved = False
        self._restarts = 0
        self._noting = threading.Lock()
        self.halts = threading.Event()
        """Set once the engines are stopped."""

    @property
    def works(self) -> list[TaskWork]:
        """What is being worked on."""
        return list(self._works.values())

    @property
    def nps(self) -> float | None:
        """Nodes a second of one engine, as measured last."""
        known = list(self._nps.values())
        return sum(known) / len(known) if known else None

    def take_saved(self) -> bool:
        """Tell whether anything was saved since this was asked last."""
        has_saved, self._has_saved = self._has_saved, False
        return has_saved

    def work_one(
        self,
        slot: int,
        services: Collection[Service] = tuple(Service),
        *,
        then: Callable[[], Collection[Service]] = tuple,
    ) -> Worked | None:
        """Carry out the game that the slot has taken, or claim one; nothing if there is none.

        ``then`` is asked when it is saved, for the classes of work to go on with: the next game is
        taken at once, and the slot has to carry it out or `put_back`.
        """
        taken = self._taken.pop(slot, None) or self._desk.claim(services)
        if taken is None:
            return None
        claim = taken.claim
        ids = {"task": claim.task_id, "job": claim.job_id, "user": claim.user_id}
        with belonging_to(**ids), span("task", of_job=claim.job_id, attempt=claim.attempt, **ids):
            return self._work_on(slot, taken, then)

    def _work_on(self, slot: int, taken: Taken, then: Callable[[], Collection[Service]]) -> Worked:
        claim = taken.claim
        work = TaskWork(self._desk, taken, give_up=self.halts, then=then)
        self._works[slot] = work
        try:
            end = work.carry_out(self._supply)
        finally:
            del self._works[slot]
        if work.nps:
            self._nps[slot] = work.nps
        describe_span(end=end)
        _LOG.info("task.ended id=%d job=%d %s", claim.task_id, claim.job_id, end)
        following = work.following
        if following is not None:
            self._taken[slot] = following
        has_closed = False
        if end in _MAY_CLOSE:
            self._has_saved = True
            # A job of which something was left to take has not ended.
            if following is None or following.claim.job_id != claim.job_id:
                has_closed = self._close(claim.job_id)
        self._note(work, end)
        if has_closed and self._places is not None:
            give_places(self._desk.store, self._places, self._desk.lease_clock)
        return Worked(end, claim, has_closed)

    def has_taken(self, slot: int) -> bool:
        """Tell whether a slot has taken a game that it has not begun."""
        return slot in self._taken

    def put_back(self, slot: int) -> None:
        """Give back what a slot has taken and will not begin."""
        taken = self._taken.pop(slot, None)
        if taken is not None:
            TaskWork(self._desk, taken, give_up=self.halts).decline()

    def halt(self) -> None:
        """Stop the engines at once; their games are given back."""
        self.halts.set()
        self._supply.close()

    def _note(self, work: TaskWork, end: TaskEnd) -> None:
        note_task(end)
        if end is TaskEnd.DONE and work.measured:
            note_game(work.measured)
        with self._noting:
            restarts, self._restarts = self._supply.restarts - self._restarts, self._supply.restarts
        note_engine_restarts(restarts)

    def _close(self, job_id: int) -> bool:
        """Close a job whose last game this was; the sweep does it where we fail."""
        with self._desk.store.reading() as connection:
            if has_open_tasks(connection, job_id):
                return False
        with self._desk.store.writing() as connection:
            now_ms = self._desk.lease_clock(connection)
            state = close_job_if_done(connection, job_id, now_ms=now_ms)
            waited = job_wait(connection, job_id) if state else None
        if state is not None:
            _LOG.info("job.ended id=%d %s", job_id, state)
        if state is not None and waited is not None:
            note_job_end(state, kind=waited.kind, waited_s=waited.seconds)
            trace_job(job_id, waited_s=waited.seconds, state=state, kind=waited.kind)
        return state is not None
