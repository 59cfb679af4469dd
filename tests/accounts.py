"""Users for tests: with passwords that cost nothing to hash, and many who do things at once."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import uuid4

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from chess_analytics.actions.keep_sessions import Visit
from chess_analytics.actions.passwords import Passwords
from chess_analytics.actions.sign_up import Credentials, sign_up
from chess_analytics.store.accounts import Account
from chess_analytics.store.session import Store

NOW_MS = 1_700_000_000_000
MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
PASSWORD = "correct horse battery staple"  # noqa: S105 - of nobody
# As weak as argon2 can be: how strong the hashes are has a test of its own.
WEAK = Passwords(PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))

_Result = TypeVar("_Result")


def visit(
    key: str | None = None,
    *,
    now_ms: int = NOW_MS,
    address: str = "192.0.2.1",
    old_key: str | None = None,
    agent: str = "a browser",
) -> Visit:
    """Have somebody at the door; the session that is opened has this key, or one of its own."""
    return Visit(address, agent, now_ms, key or uuid4().hex, old_key)


def signed_up(store: Store, name: str = "ada", *, now_ms: int = NOW_MS) -> Account:
    """Sign somebody up who has the usual password and a session with the key «NAME's key»."""
    wish = Credentials(name, PASSWORD)
    return sign_up(store, WEAK, wish, visit(f"{name}'s key", now_ms=now_ms), is_open=True)


def all_at_once(work: Sequence[Callable[[], _Result]]) -> list[_Result | Exception]:
    """Do everything in threads that begin together; give what came out of each, errors as well."""
    begin = threading.Barrier(len(work))

    def run(one: Callable[[], _Result]) -> _Result | Exception:
        begin.wait()
        try:
            return one()
        except Exception as error:  # noqa: BLE001 - handed to the test
            return error

    with ThreadPoolExecutor(len(work)) as threads:
        return list(threads.map(run, work))
