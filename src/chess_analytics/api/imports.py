"""Imports: games on their way in, from a file or from a site."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.actions.spool_uploads import remove_uploads, uploads_folder
from chess_analytics.actions.start_imports import LONGEST_FILE_NAME, start_import
from chess_analytics.api import problems
from chess_analytics.api.idempotency import Key, Once, carry_out
from chess_analytics.api.identity import Reader, Writer
from chess_analytics.api.import_worker import TheImporter
from chess_analytics.api.resources import Has, Now
from chess_analytics.api.routes import Glancing, Reading, Router
from chess_analytics.api.upload_body import TheUpload
from chess_analytics.store.import_problems import problems_after
from chess_analytics.store.imports import (
    ImportKind,
    ImportState,
    NewImport,
    StoredImport,
    cancel_import,
    find_import,
    imports_before,
)
from chess_analytics.store.texts import storable

router = Router(
    tags=["imports"],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)

_MOST = 2**63 - 1
_PAGE = 50
_MOST_A_PAGE = 200

ImportId = Annotated[int, Path(ge=1, le=_MOST)]
Limit = Annotated[int, Query(ge=1, le=_MOST_A_PAGE, description="How many at most.")]
After = Annotated[
    str | None,
    Query(pattern="^[0-9]{1,18}$", description="The `next` of the page before."),
]


class Import(BaseModel):
    """One import; `found` is the sum of what became of the entries."""

    model_config = ConfigDict(frozen=True)

    id: int
    kind: ImportKind
    name: str = Field(description="The file's or the player's.", examples=["games.pgn"])
    player_id: int | None = Field(description="Whose games are fetched.")
    state: ImportState = Field(description="`done`, `failed` and `cancelled` are for good.")
    is_stopping: bool = Field(description="It was cancelled, and ends in a moment.")
    found: int = Field(description="Entries that were read so far.")
    added: int = Field(description="Games that are new in the library.")
    already_there: int = Field(description="Games that were there, or came before in this import.")
    set_aside: int = Field(description="Sound, but not for us: other variants, no moves …")
    broken: int = Field(description="Not readable as games.")
    reasons: dict[str, int] = Field(
        description="How many were set aside or broken for which reason."
    )
    bytes_read: int
    bytes_total: int | None = Field(description="Of a file; nobody knows of a site.")
    error: str | None = Field(description="Why it ended early, and what to do next.")
    created_ms: int
    started_ms: int | None
    ended_ms: int | None


class ImportList(BaseModel):
    """A page of imports, the newest first."""

    model_config = ConfigDict(frozen=True)

    items: list[Import]
    next: str | None = Field(description="Give it as `after` for the next page; null on the last.")


class ImportProblem(BaseModel):
    """An entry that is not in the library."""

    model_config = ConfigDict(frozen=True)

    ordinal: int = Field(description="Its place in the import, from 1.")
    kind: str = Field(description="`set_aside` or `broken`.")
    reason: str
    detail: str
    source: str = Field(description="The file, or where it was fetched.")
    number: int = Field(description="Its place in its source, from 1.")
    line: int | None
    white: str | None
    black: str | None


class ImportProblemList(BaseModel):
    """A page of problems, in the order of the input; the first ten thousand are kept."""

    model_config = ConfigDict(frozen=True)

    items: list[ImportProblem]
    next: str | None = Field(description="Give it as `after` for the next page; null on the last.")


@router.post(
    "/imports",
    status_code=HTTPStatus.ACCEPTED,
    response_model=Import,
    responses=problems.responses(
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.TOO_MANY_REQUESTS,
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
def upload_games(
    name: Annotated[
        str,
        Query(
            min_length=1,
            max_length=LONGEST_FILE_NAME,
            description="The file's name, as you will recognise it.",
            examples=["games.pgn"],
        ),
    ],
    upload: TheUpload,
    who: Writer,
    has: Has,
    importer: TheImporter,
    key: Key = None,
) -> Response:
    """Upload a file with games; they are imported in the background.

    The body is the file itself, whatever its content type: PGN, NDJSON as Lichess exports it, JSON
    as Chess.com does, or any of these packed with zip, gzip, zstd, bzip2 or xz. Games that are in
    the library already are not added twice, so a file can be uploaded again at any time.
    """
    now_ms = has.now_ms()
    new = NewImport(
        user_id=who.user_id,
        kind=ImportKind.UPLOAD,
        name=storable(name),
        file=upload.file,
        bytes_total=upload.bytes,
    )
    once = Once(who.user_id, key, ("POST /imports", name, upload.digest), now_ms)
    with has.store.writing() as connection:
        body, is_new = carry_out(
            connection, once, lambda: import_of(start_import(connection, new, now_ms=now_ms))
        )
    upload.is_taken = is_new
    importer.ring()
    return accepted(body)


@router.get("/imports")
def list_imports(
    who: Reader, glancing: Glancing, limit: Limit = _PAGE, after: After = None
) -> ImportList:
    """List my imports, the newest first."""
    before_id = int(after) if after else None
    found = imports_before(glancing, who.user_id, before_id, limit + 1)
    shown = found[:limit]
    last = str(shown[-1].id) if len(found) > limit else None
    return ImportList(items=[import_of(each) for each in shown], next=last)


@router.get("/imports/{import_id}", responses=problems.responses(HTTPStatus.NOT_FOUND))
def get_import(import_id: ImportId, who: Reader, glancing: Glancing) -> Import:
    """Tell how an import stands."""
    found = find_import(glancing, who.user_id, import_id)
    if found is None:
        raise problems.not_found("import")
    return import_of(found)


@router.get("/imports/{import_id}/problems", responses=problems.responses(HTTPStatus.NOT_FOUND))
def list_import_problems(
    import_id: ImportId, who: Reader, reading: Reading, limit: Limit = _PAGE, after: After = None
) -> ImportProblemList:
    """List the entries of an import that are not in the library, with the reasons."""
    if find_import(reading, who.user_id, import_id) is None:
        raise problems.not_found("import")
    found = problems_after(reading, import_id, int(after or 0), limit + 1)
    shown = found[:limit]
    last = str(shown[-1].ordinal) if len(found) > limit else None
    items = [ImportProblem.model_validate(each, from_attributes=True) for each in shown]
    return ImportProblemList(items=items, next=last)


@router.post("/imports/{import_id}/cancel", responses=problems.responses(HTTPStatus.NOT_FOUND))
def cancel_running_import(
    import_id: ImportId, who: Writer, has: Has, now_ms: Now, importer: TheImporter
) -> Import:
    """Cancel an import; what it has added stays.

    One that waits ends at once, one that is running in a moment. One that has ended stays as it is.
    """
    with has.store.writing() as connection:
        before = find_import(connection, who.user_id, import_id)
        if before is None:
            raise problems.not_found("import")
        cancel_import(connection, import_id, now_ms=now_ms)
        after = find_import(connection, who.user_id, import_id)
        assert after is not None  # noqa: S101 - it was there a line before
    if before.file and after.file is None:
        remove_uploads(uploads_folder(has.settings.data_dir), [before.file])
    importer.ring()
    return import_of(after)


def accepted(body: str) -> Response:
    """Answer that an import waits, and where one sees how it stands."""
    import_id = Import.model_validate_json(body).id
    return Response(
        body,
        HTTPStatus.ACCEPTED,
        headers={"Location": f"/api/v1/imports/{import_id}"},
        media_type="application/json",
    )


def import_of(stored: StoredImport) -> Import:
    """Show an import to its user."""
    counts = stored.counts
    return Import(
        id=stored.id,
        kind=stored.kind,
        name=stored.name,
        player_id=stored.player_id,
        state=stored.state,
        is_stopping=stored.wants_cancel and stored.state is ImportState.RUNNING,
        found=counts.found,
        added=counts.added,
        already_there=counts.already_there,
        set_aside=counts.set_aside,
        broken=counts.broken,
        reasons=dict(counts.reasons),
        bytes_read=stored.bytes_read,
        bytes_total=stored.bytes_total,
        error=stored.error,
        created_ms=stored.created_ms,
        started_ms=stored.started_ms,
        ended_ms=stored.ended_ms,
    )
