"""Users whose level is known, for tests of who compares them."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import cycle, islice

from chess_analytics.actions.describe_game import describe_game
from chess_analytics.games.clocks import Speed
from chess_analytics.games.fingerprint import moves_key
from chess_analytics.games.model import Side, Site
from chess_analytics.insights.facts import pack_facts
from chess_analytics.review.judge import Review
from chess_analytics.store.games import NewGame, insert_games
from chess_analytics.store.runs import NewRun, RunSource, insert_runs
from chess_analytics.store.session import Store
from tests.accounts import NOW_MS
from tests.insights.archives import sample_reviews
from tests.library import link_player

GAMES = 40


def keep_career(
    store: Store, user_id: int, rating: int, *, first: int = 0, speed: Speed = Speed.BLITZ
) -> None:
    """Give a user forty analysed games of the sample, from one on, at a level."""
    player_id = link_player(store, user_id, f"player {user_id}")
    chosen = list(islice(cycle(_sample()), first, first + GAMES))
    with store.writing() as connection:
        games = _seen(chosen, player_id, rating, speed)
        ids = insert_games(connection, user_id, None, games, now_ms=NOW_MS)
        runs = [
            (game_id, run, review) for game_id, (_, run, review) in zip(ids, chosen, strict=True)
        ]
        insert_runs(connection, runs, now_ms=NOW_MS)


def _seen(
    chosen: Iterable[tuple[NewGame, NewRun, Review]], player_id: int, rating: int, speed: Speed
) -> list[NewGame]:
    return [
        replace(
            game,
            site=Site.LICHESS,
            speed=speed,
            player_id=player_id,
            color=Side.BLACK if number % 2 else Side.WHITE,
            rating=rating,
        )
        for number, (game, _, _) in enumerate(chosen)
    ]


@cache
def _sample() -> list[tuple[NewGame, NewRun, Review]]:
    """Give the sample's games with a run each; rows of their moves are not needed."""
    return [
        (
            describe_game(review.game, moves_key(review.game)),
            NewRun(
                source=RunSource.ENGINE,
                engine="Stockfish 17",
                profile="standard",
                settings_key="measured",
                nodes=800,
                seconds=0.5,
                evaluations=tuple(evaluations),
                facts=pack_facts(review, evaluations),
            ),
            replace(review, moves=()),
        )
        for review, evaluations in sample_reviews()
    ]
