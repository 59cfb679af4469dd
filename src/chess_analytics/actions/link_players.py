"""Link a name to a user, or unlink it; every game that is there is seen anew."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from chess_analytics.actions.find_sides import Seats, View, view_from
from chess_analytics.actions.hold_owner import hold_owner
from chess_analytics.actions.import_errors import PlayerLinked, PlayerRefused, TooManyPlayers
from chess_analytics.games.model import Site
from chess_analytics.games.names import name_words
from chess_analytics.store.game_sides import Sides, StoredNames, set_sides, stored_names
from chess_analytics.store.imports import cancel_import, open_import_of_player
from chess_analytics.store.players import (
    LinkedPlayer,
    add_player,
    find_player,
    players_of,
    remove_player,
)
from chess_analytics.store.texts import storable

MOST_PLAYERS = 50
"""How many names one user can link."""

LONGEST_NAME = 100
_GAMES_A_STEP = 5000


@dataclass(frozen=True, slots=True)
class _Naming:
    """How the names of a site look."""

    pattern: re.Pattern[str]
    words: str


_NAMING = {
    Site.LICHESS: _Naming(
        re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,28}[A-Za-z0-9]"),
        "names on Lichess have 2 to 30 letters, digits, hyphens and underscores",
    ),
    Site.CHESSCOM: _Naming(
        re.compile("[A-Za-z0-9_-]{2,25}"),
        "names on Chess.com have 2 to 25 letters, digits, hyphens and underscores",
    ),
}


def link_player(
    connection: Connection, user_id: int, site: Site, name: str, *, now_ms: int
) -> LinkedPlayer:
    """Link a name; the games that are its become the user's own.

    Raises:
        PlayerRefused: no such name can be.
        PlayerLinked: it is linked already.
        TooManyPlayers: enough is enough.
    """
    name = checked_name(site, name)
    # An import that adds games looks up the names under the same lock.
    hold_owner(connection, user_id)
    if len(players_of(connection, user_id)) >= MOST_PLAYERS:
        raise TooManyPlayers(
            f"{MOST_PLAYERS} names are linked already, which is the most; unlink one first"
        )
    player_id = add_player(connection, user_id, site, name, now_ms=now_ms)
    if player_id is None:
        raise PlayerLinked(f"{name} is linked already; there is nothing to do")
    _see_anew(connection, user_id)
    return LinkedPlayer(player_id, site, name, now_ms, None)


def unlink_player(connection: Connection, user_id: int, player_id: int, *, now_ms: int) -> bool:
    """Unlink a name, and end its import; the games stay. Tell whether there was such a name."""
    hold_owner(connection, user_id)
    if find_player(connection, user_id, player_id) is None:
        return False
    running = open_import_of_player(connection, player_id)
    if running:
        cancel_import(connection, running.id, now_ms=now_ms)
    remove_player(connection, user_id, player_id)
    _see_anew(connection, user_id)
    return True


def checked_name(site: Site, name: str) -> str:
    """Give a name as it is kept: without spaces around it and with single ones inside.

    Raises:
        PlayerRefused: no such name can be.
    """
    name = " ".join(storable(name).split())
    naming = _NAMING.get(site)
    if naming and not naming.pattern.fullmatch(name):
        raise PlayerRefused(f"{name[:LONGEST_NAME]!r} cannot be: {naming.words}. Check the name.")
    is_a_name = name_words(name) and any(map(str.isalnum, name)) and len(name) <= LONGEST_NAME
    if not naming and not is_a_name:
        raise PlayerRefused(
            f"{name[:LONGEST_NAME]!r} names nobody: write the name as it stands in the games, "
            f"with at most {LONGEST_NAME} letters"
        )
    return name


def _see_anew(connection: Connection, user_id: int) -> None:
    """Find the user in all their games, and write down what has changed."""
    seats = Seats(players_of(connection, user_id))
    for games in _stored_games(connection, user_id):
        views = ((game, view_from(seats.find(game), game)) for game in games)
        changed = [
            _sides(game.game_id, view)
            for game, view in views
            if (view.player_id, view.color) != (game.player_id, game.color)
        ]
        set_sides(connection, user_id, changed)


def _sides(game_id: int, view: View) -> Sides:
    # Field by field: `asdict` copies deeply, which took longer than to write the games.
    return Sides(
        game_id=game_id,
        player_id=view.player_id,
        color=view.color,
        outcome=view.outcome,
        rating=view.rating,
        opponent=view.opponent,
        opponent_rating=view.opponent_rating,
    )


def _stored_games(connection: Connection, user_id: int) -> Iterator[list[StoredNames]]:
    last = 0
    while games := stored_names(connection, user_id, last, limit=_GAMES_A_STEP):
        yield games
        last = games[-1].game_id
