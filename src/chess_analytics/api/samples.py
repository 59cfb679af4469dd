"""The sample archive: games to try everything with."""

from http import HTTPStatus

from fastapi import Response

from chess_analytics.actions.import_sample import copy_sample, start_sample_import
from chess_analytics.actions.spool_uploads import remove_uploads, uploads_folder
from chess_analytics.api import problems
from chess_analytics.api.idempotency import Key, Once, carry_out
from chess_analytics.api.identity import Writer
from chess_analytics.api.import_worker import TheImporter
from chess_analytics.api.imports import Import, accepted, import_of
from chess_analytics.api.resources import Has
from chess_analytics.api.routes import Router

router = Router(
    tags=["imports"],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)


@router.post(
    "/imports/sample",
    status_code=HTTPStatus.ACCEPTED,
    response_model=Import,
    responses=problems.responses(HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
)
def import_sample(who: Writer, has: Has, importer: TheImporter, key: Key = None) -> Response:
    """Import the sample archive: 64 games of four players, who count as you from then on."""
    now_ms = has.now_ms()
    folder = uploads_folder(has.settings.data_dir)
    file = copy_sample(folder)
    is_new = False
    once = Once(who.user_id, key, ("POST /imports/sample",), now_ms)
    try:
        with has.store.writing() as connection:
            body, is_new = carry_out(
                connection,
                once,
                lambda: import_of(
                    start_sample_import(connection, who.user_id, file, now_ms=now_ms)
                ),
            )
    finally:
        if not is_new:
            remove_uploads(folder, [file])
    importer.ring()
    return accepted(body)
