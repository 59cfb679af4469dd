"""Administration: which users there are. What they keep, administrators do not see."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.actions.appoint_administrator import appoint_administrator
from chess_analytics.actions.forget_user import forget_another
from chess_analytics.actions.spool_uploads import uploads_folder
from chess_analytics.api import problems
from chess_analytics.api.accounts import User, user_of
from chess_analytics.api.identity import Administrator
from chess_analytics.api.job_resources import NextInLine
from chess_analytics.api.problems import Problem
from chess_analytics.api.resources import TheSettings, TheStore
from chess_analytics.api.routes import Reading, Router, Writing
from chess_analytics.store import accounts
from chess_analytics.store.accounts import AccountSize

router = Router(
    tags=["administration"],
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)

_MOST = 2**63 - 1
UserId = Annotated[int, Path(ge=1, le=_MOST)]
Limit = Annotated[int, Query(ge=1, le=200, description="How many users at most.")]
After = Annotated[
    str | None, Query(max_length=40, description="`next` of the page before; opaque.")
]


class UserItem(BaseModel):
    """A user as administrators see them."""

    model_config = ConfigDict(frozen=True)

    id: int
    name: str
    is_admin: bool
    created_ms: int
    games: int = Field(description="How many games they keep.")


class UserList(BaseModel):
    """Users in the order in which they came."""

    model_config = ConfigDict(frozen=True)

    items: list[UserItem]
    next: str | None = Field(description="Send it as `after` for the next page; null at the end.")


class Appointment(BaseModel):
    """What administrators can change about a user."""

    model_config = ConfigDict(frozen=True)

    is_admin: bool


@router.get("/users")
def list_users(
    _who: Administrator, reading: Reading, limit: Limit = 50, after: After = None
) -> UserList:
    """List all users."""
    found = accounts.accounts_after(reading, _place(after), limit + 1)
    page = found[:limit]
    following = f"u{page[-1].account.id}" if len(found) > limit else None
    return UserList(items=[_item(user) for user in page], next=following)


@router.patch(
    "/users/{user_id}",
    responses=problems.responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def appoint_user(user_id: UserId, wish: Appointment, _who: Administrator, writing: Writing) -> User:
    """Make a user an administrator, or one no more."""
    account = appoint_administrator(writing, user_id, is_admin=wish.is_admin)
    if account is None:
        raise problems.not_found("user")
    return user_of(account)


@router.delete(
    "/users/{user_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems.responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def delete_user(
    user_id: UserId,
    who: Administrator,
    store: TheStore,
    settings: TheSettings,
    next_in_line: NextInLine,
) -> None:
    """Remove another user with everything that is theirs."""
    if not forget_another(store, who, user_id, uploads_folder(settings.data_dir)):
        raise problems.not_found("user")
    next_in_line()


def _place(after: str | None) -> int:
    """Read where the page before ended."""
    if after is None:
        return 0
    number = after.removeprefix("u")
    if not (after.startswith("u") and number.isascii() and number.isdigit()) or (
        int(number) > _MOST
    ):
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "query.after: this is no place in the list; send what `next` was, or nothing to begin",
        )
    return int(number)


def _item(size: AccountSize) -> UserItem:
    account = size.account
    return UserItem(
        id=account.id,
        name=account.name,
        is_admin=account.is_admin,
        created_ms=account.created_ms,
        games=size.games,
    )
