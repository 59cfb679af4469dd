"""Real games with evaluations, judged, as facts: the sample of the project, and shared archives."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

from chess_analytics.actions.analyse_game import Run
from chess_analytics.actions.describe_game import describe_game
from chess_analytics.actions.judge_supplied import supplied_run
from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.games.model import Game, Side
from chess_analytics.insights.facts import game_facts
from chess_analytics.insights.frames import Facts, assemble, gather, library_frame
from chess_analytics.insights.records import pack
from chess_analytics.insights.rows import GameFacts, LibraryGame
from chess_analytics.review.judge import EvaluationsMissing, Review, judge_game
from chess_analytics.samples import SAMPLE
from chess_analytics.sources.files import read_paths
from tests.shared_data import shared_data

SHARED = (
    "archives/lichess_Lance5500_evals.pgn",
    "gold/lichess_mixed_players_evals.pgn",
    "gold/lichess_db_2021-10_evals.pgn",
)

# Every worker of the tests that needs them judges them anew.
_GAMES_AN_ARCHIVE = 25

Reviewed = tuple[Review, Sequence[Evaluation | None]]
Known = tuple[LibraryGame, GameFacts | None]
"""A game as the library knows it, and its facts as values."""


@cache
def sample_reviews() -> list[Reviewed]:
    """Judge the games of the project's own sample."""
    return list(_reviews([SAMPLE]))


@cache
def shared_reviews() -> list[Reviewed]:
    """Judge some games of each of the shared archives that have evaluations."""
    paths = [shared_data(name) for name in SHARED]
    return [each for path in paths for each in islice(_reviews([path]), _GAMES_AN_ARCHIVE)]


@cache
def sample_games() -> list[Known]:
    """Give the sample's games as seen by White and Black in turn, and some without facts."""
    return known_games(sample_reviews())


@cache
def shared_games() -> list[Known]:
    """Do the same with the shared archives."""
    return known_games(shared_reviews())


def known_games(reviews: Sequence[Reviewed]) -> list[Known]:
    """Describe games as the library does, every seventh as if nobody had analysed it."""
    return [
        (
            library_game(review.game, number, Side.WHITE if number % 2 else Side.BLACK),
            game_facts(review, evaluations) if number % 7 else None,
        )
        for number, (review, evaluations) in enumerate(reviews)
    ]


def facts_of(games: Sequence[Known]) -> Facts:
    """Load facts as a library would."""
    packed = {game.game_id: pack(facts) for game, facts in games if facts}
    library = [game for game, _ in games]
    return assemble(library_frame(library), gather(packed))


def library_game(game: Game, number: int, side: Side) -> LibraryGame:
    """Give a game as the player of one side sees it."""
    new = describe_game(game, "")
    own, other = game.player(side), game.player(side.other)
    winner = game.result.winner
    drawn = "draw" if game.result.value == "1/2-1/2" else None
    return LibraryGame(
        game_id=number,
        run_id=number if number % 7 else None,
        player_id=1 + number % 2,
        played_ms=new.played_ms or None,
        site=game.site,
        variant=game.variant,
        speed=new.speed,
        color=side,
        outcome=drawn if winner is None else "win" if winner is side else "loss",
        rating=own.rating,
        opponent_rating=other.rating,
        opponent=other.name,
        eco=new.eco,
        opening=new.opening,
        run_source="supplied" if number % 7 else None,
    )


def _reviews(paths: Sequence[Path]) -> Iterator[Reviewed]:
    for entry in read_paths([str(path) for path in paths]):
        run = supplied_run(entry) if isinstance(entry, Game) else None
        if isinstance(entry, Game) and isinstance(run, Run):
            try:
                yield judge_game(entry, run.evaluations), run.evaluations
            except EvaluationsMissing:
                continue
