"""What the clients of chess sites share: where and as whom they ask, how they wait, what fails."""

from collections.abc import Callable
from dataclasses import dataclass, field

from chess_analytics.errors import ChessAnalyticsError

Wait = Callable[[float], None]
"""Waits that many seconds; it may raise (StoppedByUser) to end the fetching instead."""

OnBytes = Callable[[int], None]
"""Is told of every piece that arrives, by its size; it may raise to end the fetching."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAccess:
    """Where the two sites are, and who asks them."""

    lichess_base: str = "https://lichess.org"
    chesscom_base: str = "https://api.chess.com"
    user_agent: str
    """Names this program and a contact: Chess.com refuses requests that have none."""
    lichess_token: str | None = field(default=None, repr=False)
    silence_s: float = 90.0
    """How long a site may send nothing: Lichess keeps a slow answer alive every 70 seconds."""


class SourceError(ChessAnalyticsError):
    """A site does not give a player's games."""


class PlayerUnknown(SourceError):
    """The site has no such player, or no such player any more."""


class SourceBusy(SourceError):
    """The site limits our requests, and waiting did not help."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class SourceUnreachable(SourceError):
    """The site cannot be reached, or fails, and trying again did not help."""


class SourceRefused(SourceError):
    """The site refuses, or answers what cannot be used; trying again would not help."""


class StoppedByUser(SourceError):
    """Somebody stopped the fetching on purpose."""


class Hiccup(Exception):
    """One try failed, and the next may not; never leaves this room."""

    def __init__(self, why: str, *, least_s: float = 0.0, is_busy: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.least_s = least_s
        """How long the site wants to be left alone."""
        self.is_busy = is_busy
        """The site works, and asks for fewer requests."""
