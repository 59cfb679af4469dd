"""Tokens: keys with which programs act for a user."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.actions.issue_token import MOST_NAME_LETTERS, issue_token
from chess_analytics.actions.keys import TOKEN_PREFIX, key_hash
from chess_analytics.actions.recognise import Scope
from chess_analytics.api import problems
from chess_analytics.api.identity import Owner
from chess_analytics.api.resources import Now
from chess_analytics.api.routes import Reading, Router, Writing
from chess_analytics.api.visits import new_secret
from chess_analytics.store import tokens
from chess_analytics.store.tokens import NewToken, Token

router = Router(
    tags=["tokens"],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)

_LAST_MS = 253_402_300_799_999
"""The last millisecond of the year 9999."""
TokenId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class TokenWish(BaseModel):
    """The token that somebody wants."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(
        min_length=1,
        max_length=MOST_NAME_LETTERS,
        description="What it is for, as you will recognise it.",
        examples=["nightly backup"],
    )
    scopes: list[Scope] = Field(
        min_length=1, description="`read` sees everything of yours; `write` changes it."
    )
    expires_ms: int | None = Field(
        default=None, ge=0, le=_LAST_MS, description="When it ends; by default never."
    )


class TokenItem(BaseModel):
    """A token without its secret."""

    model_config = ConfigDict(frozen=True)

    id: int
    name: str
    scopes: list[Scope]
    created_ms: int
    expires_ms: int | None = Field(description="When it ends.")
    used_ms: int | None = Field(description="When it was used last, to the hour.")


class FreshToken(TokenItem):
    """A token with its secret, which is shown this once."""

    token: str = Field(description="Keep it: nobody can show it again.")


class TokenList(BaseModel):
    """All tokens of a user, the newest first; they are few and come at once."""

    model_config = ConfigDict(frozen=True)

    items: list[TokenItem]
    next: None = None


@router.get("/tokens")
def list_tokens(who: Owner, reading: Reading) -> TokenList:
    """List my tokens."""
    return TokenList(items=[_item(token) for token in tokens.tokens_of_user(reading, who.user_id)])


@router.post(
    "/tokens",
    status_code=HTTPStatus.CREATED,
    responses=problems.responses(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def create_token(wish: TokenWish, who: Owner, writing: Writing, now_ms: Now) -> FreshToken:
    """Make a token; its secret is in this answer and nowhere else."""
    secret = f"{TOKEN_PREFIX}{new_secret()}"
    new = NewToken(wish.name, key_hash(secret), frozenset(wish.scopes), wish.expires_ms)
    token_id = issue_token(writing, who.user_id, new, now_ms=now_ms)
    return FreshToken(
        id=token_id,
        name=wish.name,
        scopes=sorted(set(wish.scopes)),
        created_ms=now_ms,
        expires_ms=wish.expires_ms,
        used_ms=None,
        token=secret,
    )


@router.delete(
    "/tokens/{token_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems.responses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def revoke_token(token_id: TokenId, who: Owner, writing: Writing) -> None:
    """Revoke a token; who holds it can do nothing with it from now on."""
    if not tokens.remove_token(writing, who.user_id, token_id):
        raise problems.not_found("token")


def _item(token: Token) -> TokenItem:
    return TokenItem(
        id=token.id,
        name=token.name,
        scopes=sorted(map(Scope, token.scopes)),
        created_ms=token.created_ms,
        expires_ms=token.expires_ms,
        used_ms=token.used_ms,
    )
