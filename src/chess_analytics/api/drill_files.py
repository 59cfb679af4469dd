"""Drills as files for other programs."""

from collections.abc import Iterator
from http import HTTPStatus

from fastapi.responses import StreamingResponse

from chess_analytics.actions.write_drills import write_drills_anki, write_drills_pgn
from chess_analytics.api import problems
from chess_analytics.api.file_answers import as_file, day_of, safe_name
from chess_analytics.api.identity import Reader
from chess_analytics.api.pgn import PGN, PgnStream
from chess_analytics.api.resources import Now, TheStore
from chess_analytics.api.routes import Router

router = Router(
    tags=["training"],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)

TEXT = "text/plain"


class TextStream(StreamingResponse):
    """A text that is sent while it is written."""

    media_type = TEXT


@router.get(
    "/drills.pgn",
    response_class=PgnStream,
    responses={HTTPStatus.OK.value: {"description": "The drills, one after the other."}},
)
def download_drills_as_pgn(who: Reader, store: TheStore, now_ms: Now) -> PgnStream:
    """Download my drills as PGN: each a game from its position, with its solution.

    Those that were set aside are left out.
    """
    name = f"{safe_name(who.name)}-drills-{day_of(now_ms)}.pgn"
    texts = write_drills_pgn(store, who.user_id)
    return PgnStream(_encoded(texts), headers=as_file(name, f"{PGN}; charset=utf-8"))


@router.get(
    "/drills.anki.txt",
    response_class=TextStream,
    responses={HTTPStatus.OK.value: {"description": "A text that Anki imports."}},
)
def download_drills_for_anki(who: Reader, store: TheStore, now_ms: Now) -> TextStream:
    """Download my drills as a text that Anki imports: the board in front, the solution behind.

    Fields are separated by tabs. A drill that is imported again takes the place of its card.
    """
    name = f"{safe_name(who.name)}-drills-{day_of(now_ms)}.txt"
    texts = write_drills_anki(store, who.user_id)
    return TextStream(_encoded(texts), headers=as_file(name, f"{TEXT}; charset=utf-8"))


def _encoded(texts: Iterator[str]) -> Iterator[bytes]:
    return (text.encode() for text in texts)
