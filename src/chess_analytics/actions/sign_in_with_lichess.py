"""Sign in, sign up or link an account with what Lichess says of somebody."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from sqlalchemy import Connection

from chess_analytics.actions.account_errors import (
    LichessAccountTaken,
    LichessSignInLost,
    OnlyWayIn,
)
from chess_analytics.actions.add_user import add_account, check_open
from chess_analytics.actions.keep_sessions import Visit, open_session
from chess_analytics.actions.keys import key_hash
from chess_analytics.actions.recognise import Who
from chess_analytics.actions.throttle_attempts import count_attempt, lichess_sign_ins_from
from chess_analytics.actions.user_names import LOCAL_NAME, MOST_NAME_LETTERS, is_name
from chess_analytics.sources.lichess_sign_in import LichessPlayer
from chess_analytics.store import accounts, lichess_sign_ins
from chess_analytics.store.accounts import Account, NewAccount
from chess_analytics.store.lichess_sign_ins import LichessSignIn
from chess_analytics.store.session import Store

SIGN_IN_LIFE_MS = 10 * 60_000


class Identifies(Protocol):
    """Lichess, or what stands in for it."""

    def identify(self, code: str, verifier: str) -> LichessPlayer: ...


@dataclass(frozen=True, slots=True)
class Return:
    """What somebody brings back from Lichess."""

    state: str = field(repr=False)
    kept_state: str | None = field(repr=False)
    """What the browser had kept since it was sent there."""
    code: str | None = field(repr=False)
    error: str | None
    """Why Lichess, or the user there, said no."""


def begin_lichess_sign_in(
    store: Store, visit: Visit, who: Who | None, *, state: str, verifier: str
) -> None:
    """Remember that we send somebody to Lichess; who is signed in links their account there.

    Raises:
        TooManyAttempts: too many went there from the same address.
    """
    now_ms = visit.now_ms
    with store.writing() as connection:
        count_attempt(connection, [lichess_sign_ins_from(visit.address)], now_ms=now_ms)
        lichess_sign_ins.sweep_lichess_sign_ins(connection, before_ms=now_ms - SIGN_IN_LIFE_MS)
        sign_in = LichessSignIn(verifier, who.user_id if who else None, now_ms)
        lichess_sign_ins.add_lichess_sign_in(connection, key_hash(state), sign_in)


def finish_lichess_sign_in(
    store: Store,
    lichess: Identifies,
    back: Return,
    visit: Visit,
    who: Who | None,
    *,
    is_open: bool,
) -> Account:
    """Open a session for whom Lichess says it is; they get an account if they had none.

    Raises:
        AccountError: it was somebody else who went there, sign-up is closed, or the account on
            Lichess is another user's.
        SourceError: Lichess does not say.
    """
    begun = _take(store, back, who, visit.now_ms)
    if back.error or not back.code:
        raise LichessSignInLost(
            f"Lichess says no ({_shortened(back.error or 'without a reason')}); sign in again, "
            "and agree there"
        )
    player = lichess.identify(back.code, begun.verifier)
    with store.writing() as connection:
        accounts.hold_accounts(connection)
        if begun.user_id is None:
            account = _enter(connection, player, is_open=is_open, now_ms=visit.now_ms)
        else:
            account = _link(connection, player, begun.user_id)
        open_session(connection, account.id, visit)
    return account


def unlink_lichess(connection: Connection, user_id: int) -> None:
    """Forget a user's account on Lichess.

    Raises:
        OnlyWayIn: they have no password.
    """
    account = accounts.hold_account(connection, user_id)
    if account and account.password_hash is None:
        raise OnlyWayIn("without Lichess you could not sign in any more; set a password first")
    accounts.set_lichess_id(connection, user_id, None)


def _take(store: Store, back: Return, who: Who | None, now_ms: int) -> LichessSignIn:
    # A foreign page could send a browser here with its own answer of Lichess, to have it signed in
    # as somebody else; only the browser that we sent there knows the state.
    if not hmac.compare_digest(key_hash(back.state), key_hash(back.kept_state or "")):
        raise _lost()
    with store.writing() as connection:
        begun = lichess_sign_ins.take_lichess_sign_in(connection, key_hash(back.state))
    if begun is None or begun.created_ms <= now_ms - SIGN_IN_LIFE_MS:
        raise _lost()
    if begun.user_id is not None and (who is None or who.user_id != begun.user_id):
        raise _lost()
    return begun


def _lost() -> LichessSignInLost:
    return LichessSignInLost(
        "this sign-in with Lichess took too long, was used before, or was begun in another "
        "browser; sign in again"
    )


def _enter(connection: Connection, player: LichessPlayer, *, is_open: bool, now_ms: int) -> Account:
    known = accounts.find_account_by_lichess(connection, player.id)
    if known:
        return known
    check_open(connection, is_open=is_open)
    name = next(
        name
        for name in _names_like(player.name)
        if accounts.find_account_by_name(connection, name) is None
    )
    new = NewAccount(name, lichess_id=player.id)
    return add_account(connection, new, is_open=is_open, now_ms=now_ms)


def _link(connection: Connection, player: LichessPlayer, user_id: int) -> Account:
    owner = accounts.find_account_by_lichess(connection, player.id)
    if owner and owner.id != user_id:
        raise LichessAccountTaken(
            f"the Lichess account {player.name!r} is linked to another user of this server"
        )
    account = accounts.hold_account(connection, user_id)
    if account is None:
        raise _lost()
    if account.lichess_id not in (None, player.id):
        raise LichessAccountTaken(
            f"you are linked to the Lichess account {account.lichess_id!r}; unlink it before you "
            f"link {player.name!r}"
        )
    accounts.set_lichess_id(connection, user_id, player.id)
    return account


def _names_like(name: str) -> Iterator[str]:
    """Give the name, if we allow it, and then numbered ones: somebody else may have it here."""
    wanted = name if is_name(name) else f"u{name}"
    if wanted.lower() != LOCAL_NAME:
        yield wanted[:MOST_NAME_LETTERS]
    for number in count(2):
        suffix = f"-{number}"
        yield wanted[: MOST_NAME_LETTERS - len(suffix)] + suffix


def _shortened(reason: str) -> str:
    return "".join(letter for letter in reason if letter.isprintable())[:200]
