"""Which side of a game its owner sat on, by the names that they have linked."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from chess_analytics.games.model import Result, Side, Site
from chess_analytics.games.names import is_named
from chess_analytics.store.game_rows import Outcome
from chess_analytics.store.game_sides import StoredNames
from chess_analytics.store.games import NewGame
from chess_analytics.store.players import LinkedPlayer, name_key

# Names of players are asked about again and again; an archive of tournaments has many.
_NAMES_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Seat:
    """Which of the owner's names sat where."""

    player_id: int
    side: Side


class Seats:
    """Finds the owner in games.

    A name on a site counts in games of that site, whatever their capitals. A name from PGNs counts
    everywhere, whatever its spelling, where no name on the site does. In a game of the owner
    against themself they are White.
    """

    def __init__(self, players: Iterable[LinkedPlayer]) -> None:
        linked = list(players)
        self._on_site: dict[tuple[Site, str], int] = {
            (player.site, name_key(player.name)): player.id
            for player in linked
            if player.site is not Site.OTHER
        }
        self._in_pgns = [player for player in linked if player.site is Site.OTHER]
        self._in_pgn = lru_cache(_NAMES_REMEMBERED)(self._named)

    def find(self, game: NewGame | StoredNames) -> Seat | None:
        """Tell where the owner sat; nothing in a game of others."""
        names = ((Side.WHITE, game.white), (Side.BLACK, game.black))
        for side, name in names:
            player_id = self._on_site.get((game.site, name_key(name))) if name else None
            if player_id is not None:
                return Seat(player_id, side)
        if self._in_pgns:
            for side, name in names:
                player_id = self._in_pgn(name) if name else None
                if player_id is not None:
                    return Seat(player_id, side)
        return None

    def _named(self, name: str) -> int | None:
        found = (player.id for player in self._in_pgns if is_named(name, [player.name]))
        return next(found, None)


@dataclass(frozen=True, slots=True)
class View:
    """A game as its owner sees it; all absent in games of others."""

    player_id: int | None = None
    color: Side | None = None
    outcome: Outcome | None = None
    rating: int | None = None
    opponent: str | None = None
    opponent_rating: int | None = None


def view_from(seat: Seat | None, game: NewGame | StoredNames) -> View:
    """Tell what the owner sees from a seat."""
    if seat is None:
        return View()
    is_white = seat.side is Side.WHITE
    return View(
        player_id=seat.player_id,
        color=seat.side,
        outcome=_outcome(game.result, seat.side),
        rating=game.white_rating if is_white else game.black_rating,
        opponent=game.black if is_white else game.white,
        opponent_rating=game.black_rating if is_white else game.white_rating,
    )


def take_seat(game: NewGame, seats: Seats) -> NewGame:
    """Describe a new game as its owner sees it."""
    seat = seats.find(game)
    return dataclasses.replace(game, **dataclasses.asdict(view_from(seat, game))) if seat else game


def _outcome(result: Result, side: Side) -> Outcome | None:
    if result is Result.DRAW:
        return Outcome.DRAW
    if result.winner is None:
        return None
    return Outcome.WIN if result.winner is side else Outcome.LOSS
