"""Keep the evaluations that came with a game, as a run of their own beside those of our engines."""

from chess_analytics.actions.analyse_game import Run
from chess_analytics.actions.judge_supplied import supplied_run
from chess_analytics.games.annotate import PROGRAM
from chess_analytics.games.model import Game, Site
from chess_analytics.insights.facts import pack_facts
from chess_analytics.review.judge import EvaluationsMissing, Review, judge_game
from chess_analytics.store.runs import NewRun, RunSource

LICHESS_ENGINE = "lichess server analysis"
FILE_ENGINE = "evaluations of the file"

SuppliedRun = tuple[NewRun, Review]

_KEYS = {LICHESS_ENGINE: "supplied:lichess", FILE_ENGINE: "supplied:file"}


def has_evaluations(game: Game) -> bool:
    """Tell whether any evaluation came with the game."""
    return any(played.supplied for played in game.moves)


def supplied_key(game: Game) -> str:
    """Name the source of a game's evaluations, as the settings of its run."""
    return _KEYS[_engine(game)]


def judge_supplied(game: Game) -> SuppliedRun | None:
    """Judge a game by its own evaluations; nothing where they do not reach for all its moves."""
    if not has_evaluations(game):
        return None
    run = supplied_run(game)
    if not isinstance(run, Run):
        return None
    try:
        review = judge_game(game, run.evaluations)
    except EvaluationsMissing:
        return None
    new = NewRun(
        source=RunSource.SUPPLIED,
        engine=_engine(game),
        profile=None,
        settings_key=supplied_key(game),
        nodes=0,
        seconds=0.0,
        evaluations=run.evaluations,
        facts=pack_facts(review, run.evaluations),
    )
    return new, review


def _engine(game: Game) -> str:
    # What we wrote into a game of Lichess ourselves is not Lichess's word.
    is_ours = PROGRAM in game.headers.get("Annotator", "")
    return LICHESS_ENGINE if game.site is Site.LICHESS and not is_ours else FILE_ENGINE
