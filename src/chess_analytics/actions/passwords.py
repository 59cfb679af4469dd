"""Passwords: which ones are accepted, and how they are kept and recognised."""

import threading
import unicodedata
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from chess_analytics.actions.account_errors import PasswordRefused

FEWEST_LETTERS = 10
MOST_LETTERS = 200
_FEWEST_DIFFERENT = 4

# RFC 9106, the second recommended option: 64 MiB, three passes, four lanes.
_PASSES = 3
_MEMORY_KIB = 65536
_LANES = 4
# Each takes that much memory: so many at a time, however many people log in at once.
_AT_ONCE = 2

# The commonest of at least ten letters among passwords that leaked, without their capitals, and
# what chess players would think of.
_COMMONEST_TEXT = """
    0123456789 0987654321 1029384756 1122334455 1234512345 1234554321 123456789a 123456789q
    12345678910 1234567890 12345qwert 1357924680 147258369 147852369 1q2w3e4r5t 1q2w3e4r5t6y
    1qaz2wsx3edc 9876543210 a123456789 abcd123456 abcdefghij administrator alexander1 asdfghjkl1
    asdfghjkl; basketball california chocolate1 christopher computer123 elizabeth1 football123
    iloveyou12 iloveyou123 jennifer123 leverkusen liverpool1 manchester mickeymouse motherlode
    password01 password10 password11 password12 password123 password1234 password12345 passw0rd123
    princess123 q1w2e3r4t5 q1w2e3r4t5y6 qazwsxedcrfv qwerty1234 qwerty12345 qwerty123456 qwertyuiop
    qwertyuiop[] qwertzuiop sunshine123 superman123 volleyball welcome123 zaq12wsxcde
    checkmate1 checkmate123 chessmaster chessplayer grandmaster lichess123 magnuscarlsen
    stockfish123
"""
_COMMONEST = frozenset(_COMMONEST_TEXT.split())


class Passwords:
    """Makes and recognises what is kept of a password."""

    def __init__(self, hashing: PasswordHash, at_once: int = _AT_ONCE) -> None:
        self._hashing = hashing
        self._gate = threading.BoundedSemaphore(at_once)

    def hash(self, password: str) -> str:
        """Make what is kept of a password."""
        with self._gate:
            return self._hashing.hash(_spelled(password))

    def verify(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        """Tell whether a password is the one; and give a better hash where that one is outdated.

        Where there is none, it takes as long to say no: nobody learns who has an account.
        """
        if password_hash is None:
            self.hash(password)
            return False, None
        with self._gate:
            try:
                return self._hashing.verify_and_update(_spelled(password), password_hash)
            except UnknownHashError:
                return False, None


@cache
def argon2_passwords() -> Passwords:
    """Give the one that all of this process share."""
    hasher = Argon2Hasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)
    return Passwords(PasswordHash((hasher,)))


def check_password(password: str, name: str) -> None:
    """Refuse a new password that is too easy to guess.

    Raises:
        PasswordRefused: says what is wrong with it.
    """
    if len(password) < FEWEST_LETTERS:
        raise PasswordRefused(
            f"a password has at least {FEWEST_LETTERS} letters; choose a longer one"
        )
    if len(password) > MOST_LETTERS:
        raise PasswordRefused(
            f"a password has at most {MOST_LETTERS} letters; choose a shorter one"
        )
    if not _is_text(password):
        raise PasswordRefused("this password holds half a character; choose another one")
    lower = password.lower()
    if name.lower() in (lower, lower[::-1]):
        raise PasswordRefused("a password is not the user's name; choose another one")
    if lower in _COMMONEST or len(set(lower)) < _FEWEST_DIFFERENT:
        raise PasswordRefused(
            "this is one of the passwords that are tried first; choose another one"
        )


def _is_text(password: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in password)


def _spelled(password: str) -> bytes:
    # The same letters can come in several spellings, by the keyboard or the system.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
