"""One call of ``analyse`` from its first file to its last line on the screen."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime

from chess_analytics.actions.analyse_archive import Outcome, analyse_archive
from chess_analytics.actions.analyse_game import Run, analyse_game
from chess_analytics.actions.exports.html import Reading
from chess_analytics.actions.exports.summary import Summary
from chess_analytics.actions.judge_supplied import supplied_run
from chess_analytics.actions.keep_runs import RunKeeper
from chess_analytics.actions.share_evaluations import SharedEvaluations
from chess_analytics.actions.take_in_games import Intake
from chess_analytics.cli.outputs import Outputs, Targets
from chess_analytics.cli.progress import AnalysisProgress
from chess_analytics.cli.reading import InputReader
from chess_analytics.cli.stopping import Stop
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.telling import Told, tell
from chess_analytics.engine.discovery import Places, find_engine
from chess_analytics.engine.evaluation import Engine
from chess_analytics.engine.machine import usable_cores
from chess_analytics.engine.pool import EnginePool
from chess_analytics.engine.profile import Profile
from chess_analytics.engine.uci import UciEngine, UciSettings
from chess_analytics.games.model import Broken, Game, SetAside
from chess_analytics.review.judge import judge_game
from chess_analytics.review.thresholds import Thresholds
from chess_analytics.settings import Settings
from chess_analytics.store.session import open_store

_DAY_ZERO = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for."""

    players: tuple[str, ...]
    profile: Profile
    thresholds: Thresholds
    evals_from_input: bool
    targets: Targets


class ArchiveRun:
    """Reads, analyses, writes and tells; ``stop`` ends it early with all that is done."""

    def __init__(self, wishes: Wishes, settings: Settings, reader: InputReader, stop: Stop) -> None:
        self._wishes = wishes
        self._settings = settings
        self._reader = reader
        self._stop = stop
        self._summary = Summary(wishes.players)
        self._outputs = Outputs(self._summary, wishes.targets)
        self._intake = Intake(wishes.players, on_left_out=self._leave_out)
        self._shared = SharedEvaluations()
        self._failed: list[str] = []
        self._is_read = False

    @property
    def is_success(self) -> bool:
        """Something was analysed, and no game failed."""
        return bool(self._summary.games) and not self._failed

    @property
    def is_complete(self) -> bool:
        """The input was read to its end, and nothing of it waits."""
        return self._is_read and not self._waiting

    def go(self) -> None:
        """Do it all.

        Raises:
            ChessAnalyticsError: no engine, no place to keep runs, no place to write: told before
                any work, and before any output is touched.
        """
        with ExitStack() as stack:
            if self._wishes.evals_from_input:
                stack.enter_context(self._outputs)
                self._judge_supplied()
            else:
                self._analyse(stack)
            reading = self._reading()
            files = self._outputs.finish(reading, datetime.now(UTC).date())
        tell(Told(self._summary, self._intake, reading, self._shared, files, self._is_read))

    @property
    def _waiting(self) -> int:
        return self._intake.passed_on - self._summary.games - len(self._failed)

    def _judge_supplied(self) -> None:
        for game in self._games():
            run = supplied_run(game)
            if isinstance(run, Run):
                self._outputs.add(judge_game(game, run.evaluations, self._wishes.thresholds), run)
            else:
                self._intake.take_back(game, run.reason, run.detail)

    def _analyse(self, stack: ExitStack) -> None:
        settings, profile = self._settings, self._wishes.profile
        command = find_engine(settings.engine, Places.here(settings.data_dir))
        store = stack.enter_context(open_store(settings.data_dir))
        uci = UciSettings(hash_mb=settings.hash_mb, syzygy_path=settings.syzygy_path)
        pool = EnginePool(lambda: UciEngine(command, uci), settings.workers or usable_cores())
        stack.callback(pool.close)
        with pool.lend() as engine:
            identity = engine.identity
        stack.enter_context(self._outputs)
        games = list(self._games())
        STDERR.print(
            f"{len(games)} {'game' if len(games) == 1 else 'games'} to analyse with "
            f"{identity.name}, profile {profile.name}, {pool.size} at a time",
            markup=False,
        )
        progress = stack.enter_context(
            AnalysisProgress(STDERR, len(games), sum(len(game.moves) for game in games))
        )
        today = datetime.now(UTC).toordinal() - _DAY_ZERO
        keeper = RunKeeper(store, identity, profile, today=today)
        self._shared = keeper.shared

        def analyse(game: Game, engine: Engine) -> Run:
            return analyse_game(
                game, engine, profile, shared=keeper.shared, on_position=progress.position_done
            )

        stop = self._stop.event
        for outcome in analyse_archive(games, pool, analyse, keeper=keeper, stop=stop):
            self._take(outcome)
            progress.game_done(len(outcome.game.moves), is_kept=outcome.is_kept)
        keeper.trim(settings.shared_evaluations)

    def _games(self) -> Iterator[Game]:
        """Read the games; a signal breaks into the waiting for more, never into the work."""
        games = self._intake.games(self._reader.entries())
        try:
            while True:
                with self._stop.interruptible():
                    game = next(games, None)
                if game is None:
                    break
                yield game
        except KeyboardInterrupt:
            return
        self._is_read = True

    def _leave_out(self, entry: SetAside | Broken) -> None:
        self._outputs.leave_out(entry)

    def _take(self, outcome: Outcome) -> None:
        if outcome.run:
            review = judge_game(outcome.game, outcome.run.evaluations, self._wishes.thresholds)
            self._outputs.add(review, outcome.run)
        else:
            self._failed.append(f"{outcome.game.place}: {outcome.failure}")

    def _reading(self) -> Reading:
        return Reading(
            found=self._intake.found,
            analysed=self._summary.games,
            set_aside=self._intake.reasons(),
            broken=[spell_broken(broken) for broken in self._intake.broken],
            failed=self._failed,
            not_reached=self._waiting,
        )


def spell_broken(broken: Broken) -> str:
    """Say of a broken game which it is, what is wrong and where."""
    at = f" (line {broken.line})" if broken.line and broken.line != broken.place.line else ""
    return f"{broken.place}: {broken.reason}{at}"
