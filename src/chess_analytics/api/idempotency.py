"""The header Idempotency-Key: a request that comes twice is carried out once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Header
from pydantic import BaseModel
from sqlalchemy import Connection

from chess_analytics.api.problems import Problem
from chess_analytics.store.idempotency import claim_key, forget_answers, keep_answer

_LIFE_MS = 24 * 60 * 60_000
_HASH_BYTES = 16

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="Any text that you use for this request alone, such as a random one. If you "
        "get no answer, send the request again with the same key: it is carried out once, and for "
        "24 hours you get the same answer.",
    ),
]


@dataclass(frozen=True, slots=True)
class Once:
    """A request that is to be carried out once."""

    user_id: int
    key: str | None
    content: tuple[str, ...]
    """All that has to be the same when the request comes again."""
    now_ms: int


def carry_out(
    connection: Connection, once: Once, work: Callable[[], BaseModel]
) -> tuple[str, bool]:
    """Do the work and give the answer as JSON; if it was done before, give that answer again.

    Tell also whether the work was done now.

    It belongs into the transaction in which the work is done: both are there, or none.

    Raises:
        Problem: the key was used for something else.
    """
    if once.key is None:
        return work().model_dump_json(), True
    forget_answers(connection, once.now_ms - _LIFE_MS)
    request_hash = _hash(once.content)
    given = claim_key(connection, once.user_id, once.key, request_hash, now_ms=once.now_ms)
    if given is None:
        body = work().model_dump_json()
        keep_answer(connection, once.user_id, once.key, status=HTTPStatus.ACCEPTED.value, body=body)
        return body, True
    if given.request_hash != request_hash:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "this Idempotency-Key was used for another request; use a new one for each request",
            kind="key-used-otherwise",
        )
    return given.body, False


def _hash(content: tuple[str, ...]) -> str:
    # Each part with its length, so that no two contents make one text.
    text = "".join(f"{len(part)}:{part}" for part in content)
    return hashlib.blake2b(text.encode(), digest_size=_HASH_BYTES).hexdigest()
