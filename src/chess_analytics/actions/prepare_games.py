"""Find out which games are new to a library, and all that is stored of these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chess_analytics.actions.describe_game import describe_game
from chess_analytics.actions.keep_supplied import (
    SuppliedRun,
    has_evaluations,
    judge_supplied,
    supplied_key,
)
from chess_analytics.actions.recognise_games import Novelty, Recognised, recognise_games
from chess_analytics.games.fingerprint import Fingerprint, fingerprint
from chess_analytics.games.model import Game
from chess_analytics.store.games import NewGame, games_alike
from chess_analytics.store.import_games import runs_of_games
from chess_analytics.store.session import Store


@dataclass(frozen=True, slots=True)
class Prepared:
    """A game with all that can be said of it before anything is written."""

    game: Game
    is_what: Recognised
    new: NewGame | None
    """What to store, if it is new."""
    supplied: SuppliedRun | None
    """The run that came with it, if the game is new or has no such run yet."""


def prepare_games(
    store: Store, user_id: int, games: Sequence[Game], *, give_way: Callable[[], None]
) -> list[Prepared]:
    """Prepare games of a batch, in order; nobody else may add games of this user meanwhile.

    ``give_way`` is called before each game.
    """
    if not games:
        return []
    prints = [fingerprint(game) for game in games]
    with store.reading() as connection:
        alike = games_alike(connection, user_id, {each.moves_key for each in prints})
        found = recognise_games(prints, alike)
        evaluated = [
            is_what.game_id
            for game, is_what in zip(games, found, strict=True)
            if is_what.game_id is not None and has_evaluations(game)
        ]
        judged = runs_of_games(connection, evaluated)
    prepared = []
    for game, print_, is_what in zip(games, prints, found, strict=True):
        give_way()
        prepared.append(_prepared(game, print_, is_what, judged))
    return prepared


def _prepared(
    game: Game, print_: Fingerprint, is_what: Recognised, judged: set[tuple[int, str]]
) -> Prepared:
    if is_what.novelty is Novelty.NEW:
        new = describe_game(game, print_.moves_key)
        return Prepared(game, is_what, new, judge_supplied(game))
    # Lichess analyses a game when somebody asks it to: it may come a second time, with numbers.
    gains = is_what.game_id is not None and has_evaluations(game)
    if gains and (is_what.game_id, supplied_key(game)) not in judged:
        return Prepared(game, is_what, None, judge_supplied(game))
    return Prepared(game, is_what, None, None)
