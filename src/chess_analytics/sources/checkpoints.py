"""How far the fetching of a player's games has come: plain values that any JSON can hold."""

from dataclasses import dataclass

from chess_analytics.games.model import Entry


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All games of Lichess before this are there; the next time they are asked for from here."""

    since_ms: int
    """When the last game that was seen was started; it comes once more the next time."""
    unfinished: tuple[str, ...] = ()
    """Games that were started before, and were still being played: correspondence, mostly."""


@dataclass(frozen=True, slots=True)
class MonthSeen:
    """One month of Chess.com as it was when all its games were read."""

    etag: str | None
    last_modified: str | None
    games: int
    seen_ms: int
    """When it was asked for: a month that was not over then is asked for again."""


@dataclass(frozen=True, slots=True)
class MonthCheckpoint:
    """All games of one month of Chess.com are there."""

    month: str
    """``YYYY/MM``, the key under which the next fetching wants it."""
    seen: MonthSeen


Fetched = Entry | Checkpoint | MonthCheckpoint
