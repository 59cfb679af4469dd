"""What can be said against what somebody wants to import, and why an import ends early."""

from chess_analytics.errors import ChessAnalyticsError


class ImportingError(ChessAnalyticsError):
    """Something about an import, or a player whose games are imported, cannot be done."""


class OwnerGone(ImportingError):
    """The user was deleted in the meantime."""


class PlayerRefused(ImportingError):
    """Nobody on that site could be called so."""


class PlayerLinked(ImportingError):
    """The user has linked this name before."""


class TooManyPlayers(ImportingError):
    """The user has linked as many names as one can."""


class SyncRefused(ImportingError):
    """This name is not one on a site, so no games can be fetched."""


class UploadEmpty(ImportingError):
    """There is nothing in the file."""


class UploadNotGames(ImportingError):
    """The file is of a kind that never holds games."""


class TooManyImports(ImportingError):
    """The user has as many imports waiting, or on their way, as anybody may have."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class DiskFull(ImportingError):
    """There is no room for the file."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ImportFailed(ImportingError):
    """An import ends before its input does; what came before stays."""
