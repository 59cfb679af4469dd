"""Analyse one game of the library: what is known of it, then the engine, then what is kept.

The three steps are apart so that no transaction is open while the engine works.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from chess_analytics.actions.analyse_game import Run, analyse_game, engine_key, settings_key
from chess_analytics.actions.exports.stored_pgn import read_text
from chess_analytics.actions.share_evaluations import SharedEvaluations
from chess_analytics.engine.evaluation import Engine, EngineIdentity, Evaluation
from chess_analytics.engine.profile import Profile
from chess_analytics.games.model import Game
from chess_analytics.games.positions import shared_fens
from chess_analytics.insights.facts import pack_facts
from chess_analytics.insights.records import PackedFacts
from chess_analytics.review.judge import Review, judge_game
from chess_analytics.review.replay import replay
from chess_analytics.store.evaluations import (
    Known,
    look_up_evaluations,
    note_use,
    save_evaluations,
)
from chess_analytics.store.game_text import GameToAnalyse
from chess_analytics.store.runs import NewRun, RunSource, insert_runs

_NOTHING = Known({}, frozenset())


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides a game's numbers besides its moves."""

    identity: EngineIdentity
    profile: Profile

    @property
    def settings_key(self) -> str:
        return settings_key(self.identity, self.profile)

    @property
    def engine_key(self) -> str:
        return engine_key(self.identity)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A game of the library before its analysis."""

    game_id: int
    game: Game
    recipe: Recipe
    known: Known
    """What other games have found out about its first positions."""
    run_id: int | None
    """The run that is there already and would be made again."""

    @property
    def asks_others(self) -> bool:
        """Other games may know something of it, see `look_around`."""
        return self.run_id is None and self.recipe.profile.shared_nodes > 0


@dataclass(frozen=True, slots=True)
class Analysed:
    """What an engine has found in a game, judged, and not kept yet."""

    prepared: Prepared
    run: Run
    review: Review
    facts: PackedFacts
    new: dict[str, Evaluation]
    """Shared positions that were searched for it."""
    nodes: int
    """Searched for this game, and not for one before."""


def prepare_game(stored: GameToAnalyse, recipe: Recipe) -> Prepared:
    """Make the game of its text, and see whether it has been analysed so.

    Raises:
        StoredGameUnreadable: its text is no game any more.
    """
    run_id = stored.runs.get(recipe.settings_key)
    return Prepared(stored.text.game_id, read_text(stored.text), recipe, _NOTHING, run_id)


def look_around(connection: Connection, prepared: Prepared, *, today: int) -> Prepared:
    """Add what other games have found out; ``today`` are days since 1970."""
    known = look_up_evaluations(
        connection,
        shared_fens(prepared.game).values(),
        engine_key=prepared.recipe.engine_key,
        nodes=prepared.recipe.profile.shared_nodes,
        today=today,
    )
    return replace(prepared, known=known)


def analyse_prepared(prepared: Prepared, engine: Engine) -> Analysed:
    """Search and judge a game, by the same rules as every other analysis: the numbers are the same.

    Raises:
        EngineError: the engine failed, or was interrupted.
    """
    shared = SharedEvaluations()
    shared.add_known(prepared.known.evaluations)
    played = replay(prepared.game)
    run = analyse_game(played, engine, prepared.recipe.profile, shared=shared)
    review = judge_game(played, run.evaluations)
    return Analysed(
        prepared,
        run,
        review,
        facts=pack_facts(review, run.evaluations, played),
        new=shared.take_new(),
        nodes=run.nodes - shared.nodes_saved,
    )


def save_analysis(connection: Connection, done: Analysed, *, today: int, now_ms: int) -> int:
    """Keep the run with its moves, and what other games can use; give the run's id."""
    prepared, run = done.prepared, done.run
    recipe = prepared.recipe
    new = NewRun(
        source=RunSource.ENGINE,
        engine=run.engine,
        profile=run.profile,
        settings_key=recipe.settings_key,
        nodes=run.nodes,
        seconds=run.seconds,
        evaluations=run.evaluations,
        facts=done.facts,
    )
    (run_id,) = insert_runs(connection, [(prepared.game_id, new, done.review)], now_ms=now_ms)
    asked_with = {"nodes": recipe.profile.shared_nodes, "today": today}
    key = recipe.engine_key
    note_use(connection, prepared.known.unnoted, engine_key=key, **asked_with)
    save_evaluations(connection, done.new, engine_key=key, **asked_with)
    return run_id
