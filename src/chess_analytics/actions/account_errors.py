"""What can be said against what somebody wants of an account."""

from chess_analytics.errors import ChessAnalyticsError


class AccountError(ChessAnalyticsError):
    """Something about an account cannot be done."""


class NameRefused(AccountError):
    """This cannot be anybody's name."""


class NameTaken(AccountError):
    """Somebody else goes by this name."""


class PasswordRefused(AccountError):
    """This password would be too easy to guess, or cannot be used."""


class SignUpClosed(AccountError):
    """The operator lets nobody sign up."""


class LogInRefused(AccountError):
    """The name or the password is wrong; which of them, nobody is told."""


class ProofRefused(AccountError):
    """Somebody who is signed in did not prove again that they are who they are."""


class TooManyAttempts(AccountError):
    """Somebody has tried too often, and has to wait."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class LastAdministrator(AccountError):
    """Without this user nobody would administer the others."""


class NotOneself(AccountError):
    """An administrator does to themself what is done to others."""


class TooManyTokens(AccountError):
    """A user has as many tokens as anybody may have."""


class TokenRefused(AccountError):
    """A token cannot be made like this."""


class LichessAccountTaken(AccountError):
    """The account on Lichess belongs to somebody else here, or the user has another one."""


class OnlyWayIn(AccountError):
    """Without this the user could not sign in any more."""


class LichessSignInLost(AccountError):
    """Somebody comes back from Lichess whom we did not send there, or not lately."""


class NotInLocalMode(AccountError):
    """The single user of a local installation has no log-in."""
