"""One call of ``analyse`` from its first file to its last line on the screen."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from rich.table import Table

from chess_analytics.actions.analyse_archive import Outcome, analyse_archive
from chess_analytics.actions.analyse_game import Run, analyse_game
from chess_analytics.actions.exports.html import Reading
from chess_analytics.actions.exports.summary import Summary
from chess_analytics.actions.judge_supplied import supplied_run
from chess_analytics.actions.keep_runs import RunKeeper
from chess_analytics.actions.share_evaluations import SharedEvaluations
from chess_analytics.actions.take_in_games import Intake
from chess_analytics.cli.outputs import Outputs, write_problems
from chess_analytics.cli.progress import AnalysisProgress
from chess_analytics.cli.reading import read_with_progress
from chess_analytics.cli.talk import STDERR
from chess_analytics.engine.discovery import Places, find_engine
from chess_analytics.engine.evaluation import Engine
from chess_analytics.engine.pool import EnginePool
from chess_analytics.engine.profile import Profile
from chess_analytics.engine.uci import UciEngine, UciSettings
from chess_analytics.games.model import Broken, Game
from chess_analytics.review.judge import judge_game
from chess_analytics.review.judgment import Judgment
from chess_analytics.review.thresholds import Thresholds
from chess_analytics.settings import Settings
from chess_analytics.store.session import open_store

_BROKEN_SHOWN = 10
_DAY_ZERO = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for."""

    paths: tuple[str, ...]
    players: tuple[str, ...]
    profile: Profile
    thresholds: Thresholds
    evals_from_input: bool
    json: Path | None
    pgn: Path | None
    report: Path | None
    problems: Path | None


class ArchiveRun:
    """Reads, analyses, writes and tells; ``stop`` ends it early with all that is done."""

    def __init__(self, wishes: Wishes, settings: Settings, stop: threading.Event) -> None:
        self._wishes = wishes
        self._settings = settings
        self._stop = stop
        self._intake = Intake(wishes.players)
        self._summary = Summary(wishes.players)
        self._failed: list[str] = []
        self._shared = SharedEvaluations()

    @property
    def is_success(self) -> bool:
        """Something was analysed, and no game failed."""
        return bool(self._summary.games) and not self._failed

    def go(self) -> None:
        """Do it all.

        Raises:
            ChessAnalyticsError: no engine, no input, no place to write: told before any work.
        """
        wishes = self._wishes
        outputs = Outputs(self._summary, jsonl=wishes.json, pgn=wishes.pgn, report=wishes.report)
        with outputs:
            if wishes.evals_from_input:
                self._judge_supplied(outputs)
            else:
                self._analyse(outputs)
            reading = self._reading()
            files = outputs.finish(reading, datetime.now(UTC).date())
        if wishes.problems:
            write_problems(wishes.problems, [*self._intake.broken, *self._intake.set_aside])
        self._tell(reading, files)

    def _judge_supplied(self, outputs: Outputs) -> None:
        for game in self._games():
            run = supplied_run(game)
            if isinstance(run, str):
                self._intake.take_back(game, run)
            else:
                outputs.add(judge_game(game, run.evaluations, self._wishes.thresholds), run)

    def _analyse(self, outputs: Outputs) -> None:
        settings, profile = self._settings, self._wishes.profile
        command = find_engine(settings.engine, Places.here(settings.data_dir))
        how = UciSettings(hash_mb=settings.hash_mb, syzygy_path=settings.syzygy_path)
        pool = EnginePool(
            lambda: UciEngine(command, how),
            settings.workers or os.cpu_count() or 1,
        )
        with ExitStack() as stack:
            store = stack.enter_context(open_store(settings.data_dir))
            stack.callback(pool.close)
            with pool.lend() as engine:
                identity = engine.identity
            games = list(self._games())
            STDERR.print(
                f"{len(games)} games to analyse with {identity.name}, profile {profile.name}, "
                f"{pool.size} at a time",
                markup=False,
            )
            progress = stack.enter_context(
                AnalysisProgress(STDERR, len(games), sum(len(game.moves) for game in games))
            )

            today = datetime.now(UTC).toordinal() - _DAY_ZERO
            keeper = RunKeeper(store, identity, profile, today=today)

            def analyse(game: Game, engine: Engine) -> Run:
                return analyse_game(
                    game,
                    engine,
                    profile,
                    shared=keeper.shared,
                    on_position=progress.position_done,
                )

            for outcome in analyse_archive(games, pool, analyse, keeper=keeper, stop=self._stop):
                self._take(outcome, outputs)
                progress.game_done(len(outcome.game.moves), is_kept=outcome.is_kept)
            keeper.trim(settings.shared_evaluations)
            self._shared = keeper.shared

    def _games(self) -> Iterator[Game]:
        entries = read_with_progress(self._wishes.paths, STDERR)
        for game in self._intake.games(entries):
            yield game
            if self._stop.is_set():
                return

    def _take(self, outcome: Outcome, outputs: Outputs) -> None:
        if outcome.run:
            review = judge_game(outcome.game, outcome.run.evaluations, self._wishes.thresholds)
            outputs.add(review, outcome.run)
        else:
            self._failed.append(f"{outcome.game.place}: {outcome.failure}")

    def _reading(self) -> Reading:
        return Reading(
            found=self._intake.found,
            analysed=self._summary.games,
            set_aside=self._intake.reasons(),
            broken=[_spell(broken) for broken in self._intake.broken],
            failed=self._failed,
            not_reached=self._intake.passed_on - self._summary.games - len(self._failed),
        )

    def _tell(self, reading: Reading, files: list[Path]) -> None:
        for text in reading.broken[:_BROKEN_SHOWN]:
            STDERR.print(f"broken: {text}", markup=False)
        if len(reading.broken) > _BROKEN_SHOWN:
            more = len(reading.broken) - _BROKEN_SHOWN
            STDERR.print(f"broken: {more} more; --problems FILE lists them all", markup=False)
        for text in reading.failed:
            STDERR.print(f"failed: {text}", markup=False)
        if self._summary.games:
            STDERR.print(_table(self._summary))
        STDERR.print(spell_counts(reading), markup=False)
        if self._shared.hits:
            STDERR.print(_spell_shared(self._shared), markup=False)
        for path in files:
            STDERR.print(f"written: {path}", markup=False)
        if reading.not_reached:
            STDERR.print("stopped; give the same command again and it goes on", markup=False)


def spell_counts(reading: Reading) -> str:
    """Say where every game of the input went; the numbers add up."""
    parts = [f"{reading.analysed} analysed"]
    parts += [f"{count} set aside ({reason})" for reason, count in reading.set_aside.items()]
    parts += [f"{len(reading.broken)} broken"] if reading.broken else []
    parts += [f"{len(reading.failed)} failed"] if reading.failed else []
    parts += [f"{reading.not_reached} not reached"] if reading.not_reached else []
    return f"{reading.found} games in the input: {', '.join(parts)}"


def _spell(broken: Broken) -> str:
    at = f" (line {broken.line})" if broken.line and broken.line != broken.place.line else ""
    return f"{broken.place}: {broken.reason}{at}"


def _spell_shared(shared: SharedEvaluations) -> str:
    share = 100 * shared.hits / (shared.hits + shared.misses)
    return (
        f"{shared.hits} first positions ({share:.0f} %) were known from other games, "
        f"which saved {shared.nodes_saved / 1e6:.1f} million nodes"
    )


def _table(summary: Summary) -> Table:
    table = Table(title=", ".join(summary.players) or None)
    for heading in ("", "games", "accuracy", "ACPL", "inaccuracies", "mistakes", "blunders"):
        table.add_column(heading, justify="left" if not heading else "right")
    for side, tally in sorted(summary.by_side.items(), reverse=True):
        table.add_row(
            side.value.capitalize(),
            str(tally.games),
            f"{tally.accuracy:.1f} %" if tally.accuracy is not None else "-",
            f"{tally.acpl:.0f}" if tally.acpl is not None else "-",
            *(str(tally.judgments[judgment]) for judgment in Judgment),
        )
    return table
