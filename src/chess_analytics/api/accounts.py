"""Accounts: signing up, and what a user can do with their own."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from chess_analytics.actions.change_password import PasswordChange, change_password
from chess_analytics.actions.forget_user import forget_oneself
from chess_analytics.actions.passwords import FEWEST_LETTERS, MOST_LETTERS
from chess_analytics.actions.prove_identity import prove_identity
from chess_analytics.actions.rename_user import rename_user
from chess_analytics.actions.sign_up import Credentials, sign_up
from chess_analytics.actions.spool_uploads import uploads_folder
from chess_analytics.actions.user_names import NAME_PATTERN
from chess_analytics.api import problems, session_cookie
from chess_analytics.api.identity import How, Owner, Reader, Scope, Who
from chess_analytics.api.job_resources import NextInLine
from chess_analytics.api.resources import Has
from chess_analytics.api.routes import Glancing, Router, Writing
from chess_analytics.api.visits import NOT_LOCAL, TheVisit
from chess_analytics.store import accounts
from chess_analytics.store.accounts import Account

router = Router(tags=["accounts"])

_PROOF_PROBLEMS = problems.responses(
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
)

# Documented here and checked by the action, whose words say more.
Name = Annotated[
    str,
    Field(
        description="2 to 30 letters, digits, `-`, `_` and `.`; no two users differ in capitals "
        "only.",
        json_schema_extra={"pattern": NAME_PATTERN},
        examples=["ada"],
    ),
]
NewPassword = Annotated[
    str,
    Field(
        description="Not the name, and none of those that are tried first.",
        json_schema_extra={"minLength": FEWEST_LETTERS, "maxLength": MOST_LETTERS},
        examples=["correct horse battery staple"],
    ),
]


class SignUp(BaseModel):
    """Who wants an account."""

    model_config = ConfigDict(frozen=True)

    name: Name
    password: NewPassword


class User(BaseModel):
    """A user, as they see themself."""

    model_config = ConfigDict(frozen=True)

    id: int
    name: str
    is_admin: bool = Field(description="Whether this user administers the others.")
    created_ms: int = Field(description="When the account was made.")
    has_password: bool = Field(description="Whether one can log in with a password.")
    lichess_id: str | None = Field(description="The linked account on Lichess.")


class Me(User):
    """A user with what they have here."""

    how: How = Field(description="How you are signed in.")
    scopes: list[Scope] = Field(description="What you may do like this.")
    players: int = Field(description="How many players are linked.")
    imports: int = Field(description="How many imports there were.")
    games: int = Field(description="How many games you keep.")


class Rename(BaseModel):
    """What about an account can be changed."""

    model_config = ConfigDict(frozen=True)

    name: Name


class NewPasswordWish(BaseModel):
    """Another password."""

    model_config = ConfigDict(frozen=True)

    old_password: str | None = Field(
        default=None,
        max_length=MOST_LETTERS,
        description="The password until now. Who has none needs a session that began within the "
        "last 15 minutes instead.",
    )
    new_password: NewPassword


class Farewell(BaseModel):
    """A proof that it is the user who wants to leave."""

    model_config = ConfigDict(frozen=True)

    password: str | None = Field(
        default=None,
        max_length=MOST_LETTERS,
        description="Who has none needs a session that began within the last 15 minutes instead.",
    )


_NO_PROOF = Farewell()


@router.post(
    "/users",
    status_code=HTTPStatus.CREATED,
    responses=_PROOF_PROBLEMS,
    dependencies=[NOT_LOCAL],
)
def sign_up_user(*, wish: SignUp, response: Response, has: Has, visit: TheVisit) -> User:
    """Make an account and sign in; the first user is the administrator."""
    credentials = Credentials(wish.name, wish.password)
    account = sign_up(has.store, has.passwords, credentials, visit, is_open=has.settings.sign_up)
    session_cookie.give(response, has.settings, visit.new_key)
    return user_of(account)


@router.get("/me", responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN))
def get_me(who: Reader, glancing: Glancing) -> Me:
    """Tell who I am, how I am signed in, and how much I keep."""
    me = me_of(glancing, who)
    if me is None:
        raise problems.not_found("account")
    return me


@router.patch(
    "/me",
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
    dependencies=[NOT_LOCAL],
)
def rename_me(wish: Rename, who: Owner, writing: Writing) -> User:
    """Go by another name from now on."""
    rename_user(writing, who.user_id, wish.name)
    account = accounts.find_account(writing, who.user_id)
    if account is None:
        raise problems.not_found("account")
    return user_of(account)


@router.put(
    "/me/password",
    status_code=HTTPStatus.NO_CONTENT,
    responses={**problems.responses(HTTPStatus.UNAUTHORIZED), **_PROOF_PROBLEMS},
    dependencies=[NOT_LOCAL],
)
def change_my_password(*, wish: NewPasswordWish, who: Owner, has: Has, visit: TheVisit) -> None:
    """Change my password; all my other sessions end, my tokens stay."""
    change_password(
        has.store,
        has.passwords,
        who,
        PasswordChange(wish.old_password, wish.new_password),
        address=visit.address,
        now_ms=visit.now_ms,
    )


@router.delete(
    "/me",
    status_code=HTTPStatus.NO_CONTENT,
    responses={**problems.responses(HTTPStatus.UNAUTHORIZED), **_PROOF_PROBLEMS},
)
def delete_me(
    *,
    who: Owner,
    response: Response,
    has: Has,
    visit: TheVisit,
    next_in_line: NextInLine,
    farewell: Farewell = _NO_PROOF,
) -> None:
    """Remove my account and everything that is mine: games, analyses, imports, tokens.

    On a server for a single user the library is emptied, and its user begins anew.
    """
    now_ms = visit.now_ms
    prove_identity(
        has.store, has.passwords, who, farewell.password, address=visit.address, now_ms=now_ms
    )
    forget_oneself(has.store, who, uploads_folder(has.settings.data_dir), now_ms=now_ms)
    session_cookie.take_away(response, has.settings)
    next_in_line()


def me_of(reading: Connection, who: Who) -> Me | None:
    """Tell somebody of themself; nothing where the account has just gone."""
    account = accounts.find_account(reading, who.user_id)
    if account is None:
        return None
    held = accounts.holdings(reading, who.user_id)
    return Me(
        **user_of(account).model_dump(),
        how=who.how,
        scopes=sorted(who.scopes),
        players=held.players,
        imports=held.imports,
        games=held.games,
    )


def user_of(account: Account) -> User:
    """Show an account to its user."""
    return User(
        id=account.id,
        name=account.name,
        is_admin=account.is_admin,
        created_ms=account.created_ms,
        has_password=account.password_hash is not None,
        lichess_id=account.lichess_id,
    )
