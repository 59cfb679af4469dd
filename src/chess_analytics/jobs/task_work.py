"""One claimed game on its way through an engine into the database."""

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum
from threading import Event, Lock
from time import monotonic
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from chess_analytics.actions.analyse_stored_game import (
    Analysed,
    Prepared,
    Recipe,
    analyse_prepared,
    look_around,
    prepare_game,
    save_analysis,
)
from chess_analytics.actions.exports.stored_pgn import StoredGameUnreadable
from chess_analytics.engine.evaluation import EngineError, PositionRefused
from chess_analytics.engine.pool import PooledEngine
from chess_analytics.engine.process import SearchInterrupted
from chess_analytics.engine.profile import ProfileUnknown, profile_named
from chess_analytics.jobs.engine_supply import EngineSupply, NoEngine
from chess_analytics.jobs.insisting import insist
from chess_analytics.jobs.task_desk import Taken, TaskDesk
from chess_analytics.observability.metrics import GameMeasured
from chess_analytics.observability.traces import describe_span, span
from chess_analytics.review.judge import EvaluationsMissing
from chess_analytics.store.job_rows import Service
from chess_analytics.store.passing import is_contradiction, may_pass
from chess_analytics.store.task_claims import (
    Finished,
    TaskLost,
    fail_task,
    give_back_task,
    refuse_task,
)

_LOG = logging.getLogger(__name__)

# Another attempt would end the same way.
_HOPELESS = (PositionRefused, StoredGameUnreadable, EvaluationsMissing, ProfileUnknown)
_T = TypeVar("_T")
_FAULT = "the server failed at this game, for a reason that its log tells"


class TaskEnd(StrEnum):
    """What became of a claim."""

    DONE = "done"
    FAILED = "failed"
    GIVEN_BACK = "given back"
    """We were told to stop, or the game is gone."""
    WITHOUT_ENGINE = "given back for want of an engine"
    LOST = "lost"
    """Its job was cancelled or paused, or somebody else has it: nothing was written."""


class TaskWork:
    """The work on one claim. One thread carries it out; others may hold it and lose it."""

    def __init__(
        self,
        desk: TaskDesk,
        taken: Taken,
        *,
        give_up: Event,
        then: Callable[[], Collection[Service]] = tuple,
    ) -> None:
        self._desk = desk
        self._game = taken.game
        self.claim = taken.claim
        self.taken_s = monotonic()
        """When it was taken, by the monotonic clock."""
        self.held_until_s = taken.held_until_s
        """The monotonic time up to which nobody else can take the task."""
        self._then = then
        """The classes of work to go on with."""
        self.following: Taken | None = None
        """A task that was taken when this one was saved: for whoever carried this one out."""
        self.nps: float | None = None
        """Nodes a second of the engine, if it searched enough to tell."""
        self.measured: GameMeasured | None = None
        """What the analysis took, if there was one."""
        self._give_up = give_up
        self._lock = Lock()
        self._engine: PooledEngine | None = None
        self._is_lost = False

    def lose(self) -> None:
        """Take note that the task is not ours any more; its engine is stopped at once."""
        with self._lock:
            self._is_lost = True
            if self._engine:
                self._engine.interrupt()

    def carry_out(self, supply: EngineSupply) -> TaskEnd:
        """Analyse the game and save what comes out, or note why it could not be."""
        began_s = monotonic()
        try:
            with span("engine"), supply.lend() as engine, self._using(engine):
                done = self._analyse(engine)
                if self.measured:
                    describe_span(nodes=self.measured.nodes, positions=self.measured.positions)
            with span("save"):
                return self._save(done, monotonic() - began_s)
        except Exception as error:  # noqa: BLE001 - the user is told, in words
            return self._end_badly(error, monotonic() - began_s)

    @contextmanager
    def _using(self, engine: PooledEngine) -> Iterator[None]:
        """Let `lose` reach the engine as long as it works for this task, and no longer."""
        with self._lock:
            if self._is_lost:
                raise SearchInterrupted("The task was lost before its analysis began.")
            self._engine = engine
        try:
            yield
        finally:
            with self._lock:
                self._engine = None

    def _analyse(self, engine: PooledEngine) -> Prepared | Analysed | None:
        if self._game is None:
            return None
        recipe = Recipe(engine.identity, profile_named(self.claim.profile))
        prepared = prepare_game(self._game, recipe)
        if prepared.run_id is not None:
            return prepared
        if prepared.asks_others:
            prepared = self._look_around(prepared)
        done = analyse_prepared(prepared, engine)
        if done.run.seconds > 0 and done.nodes:
            self.nps = done.nodes / done.run.seconds
        self.measured = _measured(done)
        return done

    def _look_around(self, prepared: Prepared) -> Prepared:
        def look() -> Prepared:
            with self._desk.store.reading() as connection:
                return look_around(connection, prepared, today=self._desk.today)

        return self._insist(look)

    def _save(self, done: Prepared | Analysed | None, cost_s: float) -> TaskEnd:
        if done is None:
            # The game was deleted: the sweep cancels its task.
            return self._give_back(TaskEnd.GIVEN_BACK)
        try:
            self._finish(lambda connection: self._write(connection, done, cost_s))
        except TaskLost:
            return TaskEnd.LOST
        return TaskEnd.DONE

    def _finish(self, save: Callable[[Connection], Finished]) -> None:
        try:
            self.following = self._insist(lambda: self._desk.finish(self.claim, save, self._then()))
        except IntegrityError:
            # Either the next task was the contradiction, or this one will be again.
            self._insist(lambda: self._desk.finish(self.claim, save, ()))

    def _write(self, connection: Connection, done: Prepared | Analysed, cost_s: float) -> Finished:
        if isinstance(done, Analysed):
            today, wall_ms = self._desk.today, self._desk.now_ms()
            run_id = save_analysis(connection, done, today=today, now_ms=wall_ms)
            return Finished(run_id, cost_s, was_there=False)
        assert done.run_id is not None  # noqa: S101 - or it would have been analysed
        return Finished(done.run_id, cost_s, was_there=True)

    def _end_badly(self, error: Exception, cost_s: float) -> TaskEnd:
        if self._is_lost:
            return TaskEnd.LOST
        if isinstance(error, NoEngine):
            return self._give_back(TaskEnd.WITHOUT_ENGINE)
        if isinstance(error, SearchInterrupted) or is_contradiction(error):
            # Somebody stops us; or the game, or its owner, was deleted under our hands.
            return self._give_back(TaskEnd.GIVEN_BACK)
        if may_pass(error):
            # The database is away for longer than the lease: the task is another's by then.
            _LOG.warning("task.dropped id=%d %s", self.claim.task_id, error)
            return TaskEnd.LOST
        return self._fail(error, cost_s)

    def _fail(self, error: Exception, cost_s: float) -> TaskEnd:
        words = str(error)
        if not isinstance(error, (EngineError, *_HOPELESS)):
            _LOG.error("task.fault id=%d", self.claim.task_id, exc_info=error)
            words = _FAULT
        note = refuse_task if isinstance(error, _HOPELESS) else fail_task

        def write() -> None:
            with self._desk.writing() as (connection, now_ms):
                note(connection, self.claim, error=words, cost_s=cost_s, now_ms=now_ms)

        return self._try_to(write, TaskEnd.FAILED)

    def decline(self) -> None:
        """Give the task back before anything was done for it."""
        self._give_back(TaskEnd.GIVEN_BACK)

    def _give_back(self, end: TaskEnd) -> TaskEnd:
        def write() -> None:
            with self._desk.writing() as (connection, _):
                give_back_task(connection, self.claim)

        return self._try_to(write, end)

    def _try_to(self, write: Callable[[], None], end: TaskEnd) -> TaskEnd:
        """Write down how the claim ended; where that cannot be done, its lease runs out."""
        try:
            self._insist(write)
        except Exception as error:
            if isinstance(error, TaskLost) or may_pass(error):
                return TaskEnd.LOST
            raise
        return end

    def _insist(self, act: Callable[[], _T]) -> _T:
        return insist(act, lambda: self.held_until_s, self._give_up)


def _measured(done: Analysed) -> GameMeasured:
    return GameMeasured(
        seconds=done.run.seconds,
        nodes=done.nodes,
        positions=sum(found is not None for found in done.run.evaluations),
        shared_known=len(done.prepared.known.evaluations),
        shared_new=len(done.new),
    )
