"""One claimed game on its way through an engine into the database."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from threading import Event, Lock
from time import monotonic
from typing import TypeVar

from chess_analytics.actions.analyse_stored_game import (
    Analysed,
    Prepared,
    Recipe,
    analyse_prepared,
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
from chess_analytics.jobs.task_desk import TaskDesk
from chess_analytics.review.judge import EvaluationsMissing
from chess_analytics.store.passing import is_contradiction, may_pass
from chess_analytics.store.task_claims import (
    TaskClaim,
    TaskLost,
    fail_task,
    finish_task,
    give_back_task,
    hold_task,
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
        self, desk: TaskDesk, claim: TaskClaim, *, held_until_s: float, give_up: Event
    ) -> None:
        self._desk = desk
        self.claim = claim
        self.held_until_s = held_until_s
        """The monotonic time up to which nobody else can take the task."""
        self.nps: float | None = None
        """Nodes a second of the engine, if it searched enough to tell."""
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
            with supply.lend() as engine, self._using(engine):
                done = self._analyse(engine)
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
        recipe = Recipe(engine.identity, profile_named(self.claim.profile))
        prepared = self._insist(lambda: self._prepare(recipe))
        if prepared is None or prepared.run_id is not None:
            return prepared
        done = analyse_prepared(prepared, engine)
        if done.run.seconds > 0 and done.nodes:
            self.nps = done.nodes / done.run.seconds
        return done

    def _prepare(self, recipe: Recipe) -> Prepared | None:
        user_id, game_id = self.claim.user_id, self.claim.game_id
        with self._desk.store.reading() as connection:
            return prepare_game(connection, user_id, game_id, recipe, today=self._desk.today)

    def _save(self, done: Prepared | Analysed | None, cost_s: float) -> TaskEnd:
        if done is None:
            # The game was deleted: the sweep cancels its task.
            return self._give_back(TaskEnd.GIVEN_BACK)
        try:
            self._insist(lambda: self._write(done, cost_s))
        except TaskLost:
            return TaskEnd.LOST
        return TaskEnd.DONE

    def _write(self, done: Prepared | Analysed, cost_s: float) -> None:
        today, wall_ms = self._desk.today, self._desk.now_ms()
        with self._desk.writing() as (connection, now_ms):
            hold_task(connection, self.claim)
            if isinstance(done, Analysed):
                run_id = save_analysis(connection, done, today=today, now_ms=wall_ms)
            else:
                assert done.run_id is not None  # noqa: S101 - or it would have been analysed
                run_id = done.run_id
            finish_task(
                connection,
                self.claim,
                run_id=run_id,
                cost_s=cost_s,
                was_there=isinstance(done, Prepared),
                now_ms=now_ms,
            )

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
