"""Everything that a user owns, to take away."""

from http import HTTPStatus

from fastapi.responses import StreamingResponse

from chess_analytics.actions.export_player import export_player
from chess_analytics.api import problems
from chess_analytics.api.file_answers import as_file, day_of, safe_name
from chess_analytics.api.identity import How, Reader
from chess_analytics.api.resources import Now, TheStore
from chess_analytics.api.routes import Router

router = Router(
    tags=["export"],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)

ZIP = "application/zip"


class ZipStream(StreamingResponse):
    """A ZIP that is sent while it is written."""

    media_type = ZIP


@router.get(
    "/export",
    response_class=ZipStream,
    responses={HTTPStatus.OK.value: {"description": "The archive."}},
)
def export_everything(who: Reader, store: TheStore, now_ms: Now) -> ZipStream:
    """Download everything that I own as one ZIP.

    Games as PGN and as JSON Lines with all analyses, imports, players and the account; its README
    explains each file. No password and no token is in it; and a token that asks does not learn
    which sessions and other tokens there are.
    """
    name = f"chess-analytics-{safe_name(who.name)}-{day_of(now_ms)}.zip"
    by_token = who.how is How.TOKEN
    pieces = export_player(store, who.user_id, now_ms=now_ms, with_sign_ins=not by_token)
    return ZipStream(pieces, headers=as_file(name, ZIP))
