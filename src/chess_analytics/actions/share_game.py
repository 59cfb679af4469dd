"""Show one game to whoever has its secret link, and nothing else of its owner."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from chess_analytics.games.model import Side
from chess_analytics.store.game_rows import ListedGame
from chess_analytics.store.games import StoredGame, find_game
from chess_analytics.store.shared_games import GameLink, find_link, find_shared, keep_link


@dataclass(frozen=True, slots=True)
class ShownGame:
    """A game as who has the link may see it."""

    game: StoredGame
    """Its text and headers name both players, whoever is hidden: they are for nobody's eyes."""
    listed: ListedGame
    """What may be shown."""


def share_game(
    connection: Connection, user_id: int, game_id: int, link: GameLink
) -> GameLink | None:
    """Make a link to one of a user's games, or change what the one that is there hides.

    Gives the link that holds from now on, or nothing where there is no such game.
    """
    if find_game(connection, user_id, game_id) is None:
        return None
    keep_link(connection, game_id, link)
    return find_link(connection, user_id, game_id)


def open_shared_game(connection: Connection, secret: str) -> ShownGame | None:
    """Find the game of a link, names hidden as its owner wished; nothing if the link has ended."""
    shared = find_shared(connection, secret)
    if shared is None:
        return None
    game = find_game(connection, shared.user_id, shared.game_id)
    if game is None:
        return None
    return ShownGame(game, _hidden(game.listed) if shared.hides_opponent else game.listed)


def _hidden(game: ListedGame) -> ListedGame:
    """Leave out who the opponent was; in a game of others, both."""
    if game.color is not Side.WHITE:
        game = replace(game, white=None, white_rating=None)
    if game.color is not Side.BLACK:
        game = replace(game, black=None, black_rating=None)
    return replace(game, opponent=None, opponent_rating=None)
