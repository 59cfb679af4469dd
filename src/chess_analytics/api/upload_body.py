"""The body of an upload: it goes to the disk as it comes, and is never whole in memory."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from chess_analytics.actions.import_errors import TooManyImports
from chess_analytics.actions.receive_upload import IncomingUpload, check_space
from chess_analytics.actions.spool_uploads import uploads_folder
from chess_analytics.actions.start_imports import check_waiting
from chess_analytics.api.idempotency import Key
from chess_analytics.api.identity import Writer
from chess_analytics.api.problems import Problem
from chess_analytics.api.resources import Has, Resources
from chess_analytics.store.idempotency import is_key_known

_MOST_AT_ONCE = 4
"""Uploads of one user that may be on their way to one server."""

_RETRY_S = 10
# Who sends nothing for so long will send nothing more.
_SILENCE_S = 60.0
# Writing smaller pieces would be more errands than work.
_PIECE_BYTES = 1_000_000


@dataclass
class ReceivedUpload:
    """An upload that lies in its folder; it is removed unless somebody takes it."""

    file: str
    bytes: int
    digest: str
    is_taken: bool = False


class _OnTheirWay:
    """Counts the uploads that are on their way, by their users."""

    def __init__(self) -> None:
        self._count: Counter[int] = Counter()

    @contextmanager
    def one_more(self, user_id: int) -> Iterator[None]:
        if self._count[user_id] >= _MOST_AT_ONCE:
            raise TooManyImports(
                f"{_MOST_AT_ONCE} of your uploads are on their way, which is the most; wait until "
                "one has arrived",
                _RETRY_S,
            )
        self._count[user_id] += 1
        try:
            yield
        finally:
            self._count[user_id] -= 1
            self._count += Counter()  # Forgets who has none.


_ON_THEIR_WAY = _OnTheirWay()


async def _received(
    request: Request, who: Writer, has: Has, key: Key = None
) -> AsyncIterator[ReceivedUpload]:
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "send the file itself as the body, not a form with the file in it: with curl, "
            "--data-binary @games.pgn; in a browser, fetch(url, {method: 'POST', body: file})",
            kind="no-form",
        )
    announced = int(request.headers.get("content-length") or 0)
    await run_in_threadpool(_check, has, who.user_id, key, announced)
    with _ON_THEIR_WAY.one_more(who.user_id):
        upload = await run_in_threadpool(IncomingUpload, uploads_folder(has.settings.data_dir))
        is_taken = False
        try:
            await _receive(request, upload)
            received = ReceivedUpload(upload.file, upload.bytes, upload.digest)
            yield received
            is_taken = received.is_taken
        finally:
            if not is_taken:
                await run_in_threadpool(upload.remove)


def _check(has: Resources, user_id: int, key: str | None, announced: int) -> None:
    """Refuse what would be refused anyway, before it is sent."""
    check_space(uploads_folder(has.settings.data_dir), announced)
    with has.store.reading() as connection:
        # Who asks once more under the same key gets the same answer, however many wait by now.
        if key is None or not is_key_known(connection, user_id, key):
            check_waiting(connection, user_id)


async def _receive(request: Request, upload: IncomingUpload) -> None:
    pieces = bytearray()
    stream = request.stream()
    try:
        while True:
            async with asyncio.timeout(_SILENCE_S):
                chunk = await anext(stream, None)
            if chunk is None:
                break
            pieces += chunk
            if len(pieces) >= _PIECE_BYTES:
                await run_in_threadpool(upload.write, bytes(pieces))
                pieces.clear()
    except TimeoutError as error:
        raise Problem(
            HTTPStatus.REQUEST_TIMEOUT,
            f"nothing came for {_SILENCE_S:.0f} seconds; send the file again",
        ) from error
    except ClientDisconnect as error:
        # Nobody is there to read this.
        raise Problem(HTTPStatus.BAD_REQUEST, "the upload broke off; send it again") from error
    await run_in_threadpool(upload.write, bytes(pieces))
    await run_in_threadpool(upload.finish)


TheUpload = Annotated[ReceivedUpload, Depends(_received)]
