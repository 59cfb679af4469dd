"""Tell which games are in a library already (docs/decisions/0003-same-game.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from chess_analytics.games.fingerprint import Fingerprint, is_same_game
from chess_analytics.games.model import Site
from chess_analytics.store.games import StoredLikeness

MOST_ALIKE = 1000
"""Different games with the very same moves that one user may keep: nobody plays so many, and each
new one is compared with all of them."""


class Novelty(Enum):
    """What a game is to a library."""

    NEW = auto()
    STORED = auto()
    """It is there."""
    EARLIER = auto()
    """It is the same as one before it, which is about to be stored."""
    CROWDED = auto()
    """There are MOST_ALIKE others of its moves."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What became of one game."""

    novelty: Novelty
    game_id: int | None = None
    """Which of the stored games it is."""


def recognise_games(
    prints: Sequence[Fingerprint], stored: Mapping[str, Sequence[StoredLikeness]]
) -> list[Recognised]:
    """Look for games among those of the same moves that are stored, and among each other.

    Where several fit, it is the one with the same name on its site, else the oldest.
    """
    alike = {key: _Alike(likenesses) for key, likenesses in stored.items()}
    return [alike.setdefault(each.moves_key, _Alike(())).meet(each) for each in prints]


class _Alike:
    """All games of the same moves; those without a number are about to be stored."""

    def __init__(self, stored: Sequence[StoredLikeness]) -> None:
        self._games: list[tuple[Fingerprint, int | None]] = [
            (likeness.fingerprint, likeness.game_id) for likeness in stored
        ]
        self._by_name = {
            name: game_id for print_, game_id in reversed(self._games) if (name := _name(print_))
        }

    def meet(self, game: Fingerprint) -> Recognised:
        name = _name(game)
        if name in self._by_name:
            return _there(self._by_name[name])
        for print_, game_id in self._games:
            if is_same_game(print_, game):
                return _there(game_id)
        if len(self._games) >= MOST_ALIKE:
            return Recognised(Novelty.CROWDED)
        self._games.append((game, None))
        if name:
            self._by_name[name] = None
        return Recognised(Novelty.NEW)


def _there(game_id: int | None) -> Recognised:
    if game_id is None:
        return Recognised(Novelty.EARLIER)
    return Recognised(Novelty.STORED, game_id)


def _name(game: Fingerprint) -> tuple[Site, str] | None:
    return (game.site, game.site_id) if game.site is not Site.OTHER and game.site_id else None
