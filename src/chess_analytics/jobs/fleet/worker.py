"""A worker process of the fleet: it hears bells, and its children carry out games."""

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from celery import Celery, signals
from sqlalchemy.exc import SQLAlchemyError

from chess_analytics.jobs.fleet.broker import broker_app
from chess_analytics.jobs.fleet.hands import ChildHands, HandsPlan
from chess_analytics.jobs.fleet.news import Teller
from chess_analytics.jobs.fleet.notice import Notice
from chess_analytics.jobs.fleet.pulse import hearing
from chess_analytics.jobs.fleet.queues import VISIT, Queue, queue_of
from chess_analytics.jobs.fleet.ringer import BrokerAway, Ringer
from chess_analytics.jobs.hands import Worked
from chess_analytics.observability.exposition import forget_child
from chess_analytics.observability.traces import send_traces
from chess_analytics.store.job_rows import Service
from chess_analytics.store.session import StoreError

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetWorkerPlan:
    """How a worker process works."""

    broker_url: str
    name: str
    """One that no other worker has, on whichever machine."""
    queues: tuple[Queue, ...]
    slots: int
    grace_s: float
    """How long the games at hand may take once we are told to stop."""
    data_dir: Path
    """Where the signs of life are left."""


class FleetWorker:
    """One worker process; `run` returns when somebody has stopped it."""

    def __init__(self, plan: FleetWorkerPlan, hands: HandsPlan) -> None:
        self._plan = plan
        self._hands_plan = hands
        self._notice = Notice()
        self._ringer = Ringer(plan.broker_url)
        self._teller = Teller(plan.broker_url)
        self._hands: ChildHands | None = None
        """Those of this child; the process that hears the bells has none."""
        self._making = Lock()
        self._app = broker_app(plan.broker_url)
        self._app.task(self._visit, name=VISIT, ignore_result=True)

    @property
    def app(self) -> Celery:
        return self._app

    def run(self) -> int:
        """Work until SIGTERM or SIGINT; give the exit code."""
        connected = [
            # Whoever hears this one sets up the logs, and Celery leaves them alone: ours are.
            (signals.setup_logging, lambda **_: None),
            (signals.worker_process_init, self._begin_child),
            (signals.worker_process_shutdown, self._end_child),
            (signals.worker_shutting_down, self._stop),
            (signals.worker_ready, self._ask_for_work),
            # Celery sends it every two seconds, as long as its broker hears it.
            (signals.heartbeat_sent, lambda **_: hearing(self._plan.data_dir).beat()),
        ]
        for signal, listener in connected:
            # Held by us: Celery alone would let go of them.
            signal.connect(listener, weak=False)
        worker = self._app.Worker(
            hostname=f"{self._plan.name}@fleet",
            concurrency=self._plan.slots,
            queues=[queue.value for queue in self._plan.queues],
            without_gossip=True,
            without_mingle=True,
            loglevel="WARNING",
            quiet=True,
        )
        worker.start()
        return int(worker.exitcode or 0)

    def _visit(self, queue: str) -> None:
        """Hear one bell."""
        try:
            if self._carry_out(queue) and not self._notice.is_given:
                self._ring(Queue(queue))
        except (StoreError, SQLAlchemyError) as error:
            # What was claimed is another's when its lease has run out; beat rings again.
            _LOG.warning("fleet.database_away %s", error)

    def _carry_out(self, queue: str) -> bool:
        """Do what the bell calls for; tell whether there may be more."""
        return self._get_hands().visit(_SERVICES.get(queue, Service.BACKGROUND))

    def _get_hands(self) -> ChildHands:
        with self._making:
            if self._hands is None:
                self._hands = ChildHands(self._hands_plan, self._notice, self._tell)
            return self._hands

    def _show_up(self) -> None:
        """Be seen before the first bell: who counts workers counts also those that wait."""
        try:
            self._get_hands()
        except (StoreError, SQLAlchemyError) as error:
            # The first visit tries again.
            _LOG.warning("fleet.database_away %s", error)

    def _tell(self, worked: Worked) -> None:
        # Between its first game and its last, a job is looked at every second anyway.
        claim = worked.claim
        if worked.has_closed:
            self._teller.tell(claim.user_id, claim.job_id)

    def _ring(self, queue: Queue, count: int = 1) -> None:
        try:
            self._ringer.ring(queue, count)
        except BrokerAway as error:
            _LOG.warning("fleet.broker_away Beat rings again: %s", error)

    def _begin_child(self, **_: Any) -> None:
        # The leader of a group: what a hard limit kills, it kills with everything it has started.
        os.setpgrp()
        # The child before us, in whose place we are, had hands; these are its parent's memory.
        self._hands = None
        Thread(target=self._show_up, name="fleet-show-up", daemon=True).start()

    def _end_child(self, **_: Any) -> None:
        if self._hands is not None:
            self._hands.close()
        send_traces()
        forget_child(os.getpid())

    def _stop(self, **_: Any) -> None:
        self._notice.give(self._plan.grace_s)

    def _ask_for_work(self, **_: Any) -> None:
        """Ring for each of our slots: there may be work that waits for more hands."""
        for queue in self._plan.queues:
            if queue in _SERVICES:
                self._ring(queue, self._plan.slots)
                return


_SERVICES: dict[str, Service] = {queue_of(service).value: service for service in Service}
