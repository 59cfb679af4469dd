"""Tell on which site a game was played, and its name there."""

import re
from collections.abc import Mapping

from chess_analytics.games.model import Site

# Eight letters name the game; four more only show it from a player's side.
_LICHESS = re.compile(r"lichess\.(?:org|dev)/([A-Za-z0-9]{8})(?:[A-Za-z0-9]{4})?(?![\w-])")
_CHESSCOM = re.compile(r"chess\.com/(?:[a-z-]+/)*(\d{1,20})(?!\w)")
_LICHESS_ID = re.compile(r"[A-Za-z0-9]{8}")
# Pages of Lichess whose names have as many letters as a game's.
_PAGES = frozenset({"analysis", "training", "practice", "opening"})


def origin_of(headers: Mapping[str, str]) -> tuple[Site, str | None]:
    """Read site and id from the headers Site, Link and GameId."""
    addresses = f"{headers.get('Link', '')} {headers.get('Site', '')}"
    if "lichess.org" in addresses or "lichess.dev" in addresses:
        return Site.LICHESS, _lichess_id(addresses, headers.get("GameId", ""))
    if "chess.com" in addresses.lower():
        found = _CHESSCOM.search(addresses)
        return Site.CHESSCOM, found[1] if found else None
    return Site.OTHER, None


def _lichess_id(addresses: str, game_id: str) -> str | None:
    if _LICHESS_ID.fullmatch(game_id):
        return game_id
    found = _LICHESS.search(addresses)
    return found[1] if found and found[1] not in _PAGES else None
