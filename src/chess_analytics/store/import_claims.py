"""Who works on an import: taken for a while, and written to by its worker and nobody else."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.store.imports import (
    Counts,
    ImportKind,
    ImportState,
    ResumePoint,
    StoredImport,
    stored_import,
)
from chess_analytics.store.tables import imports

MOST_ATTEMPTS = 3
"""An import whose worker died so often is given up: it may be what kills them."""

_DIED = (
    f"the server stopped or failed {MOST_ATTEMPTS} times while it worked on this import; what came "
    "before was kept. Split the file, or start the import again later."
)
_NO_FILE = (
    "the command that read this file was stopped; what came before was kept. Give the same command "
    "again: what is there already is not added twice."
)
_RELEASED = {"worker": None, "lease_ms": None}


class ImportLost(ChessAnalyticsError):
    """The import was taken by another worker, or is gone; whoever worked on it has to stop."""

    def __init__(self, import_id: int) -> None:
        super().__init__(
            f"import {import_id} is no longer ours: another worker took it, or its user is gone"
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on an import; the number of the attempt makes an old one worthless."""

    import_id: int
    worker: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Lease:
    """For how long a worker is believed to be alive."""

    now_ms: int
    until_ms: int


def anything_waits(connection: Connection, kinds: Collection[ImportKind]) -> bool:
    """Tell whether it is worth while to claim: looking costs less."""
    wanted = select(imports.c.id).where(
        imports.c.state == ImportState.WAITING, imports.c.kind.in_(kinds)
    )
    return connection.execute(wanted.limit(1)).first() is not None


def anything_is_dead(connection: Connection, now_ms: int) -> bool:
    """Tell whether it is worth while to free what dead workers have left."""
    wanted = select(imports.c.id).where(*_is_dead(now_ms))
    return connection.execute(wanted.limit(1)).first() is not None


def claim_import(
    connection: Connection,
    worker: str,
    lease: Lease,
    *,
    kinds: Collection[ImportKind] = tuple(ImportKind),
    only: int | None = None,
) -> tuple[Claim, StoredImport] | None:
    """Take the import that has waited longest, of a user of whom none is running.

    A site is asked for one import at a time. ``kinds`` says what the worker can do, ``only`` names
    the one import to take. Nothing if there is none, or another worker was quicker.
    """
    waits = imports.c.state == ImportState.WAITING
    # Who locks a row is about to take it: the next worker takes the next one (SQLite has no locks
    # on rows, and leaves the words out).
    wanted = _claimable(kinds, only).with_for_update(skip_locked=True, of=imports)
    take = (
        update(imports)
        .where(imports.c.id == wanted.scalar_subquery(), waits)
        .values(
            state=ImportState.RUNNING,
            worker=worker,
            lease_ms=lease.until_ms,
            attempts=imports.c.attempts + 1,
            started_ms=func.coalesce(imports.c.started_ms, lease.now_ms),
        )
        .returning(imports)
    )
    try:
        with connection.begin_nested():
            row = connection.execute(take).mappings().one_or_none()
    except IntegrityError:
        # Two workers took two imports of one user, or of one site, at the same moment; an index let
        # one through.
        return None
    if row is None:
        return None
    found = stored_import(row)
    return Claim(found.id, worker, found.attempts), found


def hold_import(connection: Connection, claim: Claim, lease: Lease) -> bool:
    """Extend the lease; tell whether the user wants the import to end.

    Until the transaction ends, nobody can take the import away.

    Raises:
        ImportLost: somebody has done so before.
    """
    held = (
        update(imports)
        .where(*_is_ours(claim))
        .values(lease_ms=lease.until_ms)
        .returning(imports.c.wants_cancel)
    )
    wants_cancel: bool | None = connection.execute(held).scalar_one_or_none()
    if wants_cancel is None:
        raise ImportLost(claim.import_id)
    return wants_cancel


def set_counts(connection: Connection, claim: Claim, counts: Counts, *, bytes_read: int) -> None:
    """Note what has become of the entries so far."""
    values = {**_columns(counts), "bytes_read": bytes_read}
    connection.execute(update(imports).where(*_is_ours(claim)).values(values))


def set_resume_point(connection: Connection, claim: Claim, point: ResumePoint) -> None:
    """Note how the import stands as the player's resume is being written."""
    text = json.dumps(asdict(point))
    connection.execute(update(imports).where(*_is_ours(claim)).values(resume_point=text))


def end_import(
    connection: Connection, claim: Claim, state: ImportState, *, error: str | None, now_ms: int
) -> None:
    """Note that an import has ended, and why; its file is not needed any more.

    Raises:
        ImportLost: another worker has it.
    """
    ended = connection.execute(
        update(imports)
        .where(*_is_ours(claim))
        .values(state=state, error=error, ended_ms=now_ms, file=None, **_RELEASED)
    )
    if not ended.rowcount:
        raise ImportLost(claim.import_id)


def give_back(connection: Connection, claim: Claim) -> None:
    """Let an import wait again, because its worker is told to stop; that is no failed attempt."""
    connection.execute(
        update(imports)
        .where(*_is_ours(claim))
        .values(state=ImportState.WAITING, attempts=imports.c.attempts - 1, **_RELEASED)
    )


def drop_import(connection: Connection, claim: Claim, *, now_ms: int) -> None:
    """Let an import wait again after a fault of ours, or give it up after too many."""
    _end_or_wait(connection, list(_is_ours(claim)), now_ms)


def extend_leases(connection: Connection, claims: Collection[Claim], lease: Lease) -> set[int]:
    """Extend the leases of a living worker's imports; name those that their users want to end."""
    ids = [claim.import_id for claim in claims]
    workers = {claim.worker for claim in claims}
    held = (
        update(imports)
        .where(
            imports.c.id.in_(ids),
            imports.c.worker.in_(workers),
            imports.c.state == ImportState.RUNNING,
        )
        .values(lease_ms=lease.until_ms)
        .returning(imports.c.id, imports.c.wants_cancel)
    )
    return {import_id for import_id, wants_cancel in connection.execute(held) if wants_cancel}


def free_dead_imports(connection: Connection, *, now_ms: int, all_are_dead: bool = False) -> None:
    """Let the imports of dead workers wait again, and give up those that can or should not go on.

    A worker is dead when its lease has run out. ``all_are_dead`` says that no worker lives: where
    the data folder has just been opened, there was none.
    """
    is_running = [imports.c.state == ImportState.RUNNING]
    _end_or_wait(connection, is_running if all_are_dead else _is_dead(now_ms), now_ms)


def _is_dead(now_ms: int) -> list[ColumnElement[bool]]:
    # Who runs has a lease; without one nobody could tell that it has ended.
    has_ended = or_(imports.c.lease_ms < now_ms, imports.c.lease_ms.is_(None))
    return [imports.c.state == ImportState.RUNNING, has_ended]


def _end_or_wait(connection: Connection, is_it: list[ColumnElement[bool]], now_ms: int) -> None:
    ends: list[tuple[ColumnElement[bool], ImportState, str | None]] = [
        (imports.c.wants_cancel, ImportState.CANCELLED, None),
        (_has_no_file(), ImportState.FAILED, _NO_FILE),
        (imports.c.attempts >= MOST_ATTEMPTS, ImportState.FAILED, _DIED),
    ]
    for why, state, error in ends:
        connection.execute(
            update(imports)
            .where(*is_it, why)
            .values(state=state, error=error, ended_ms=now_ms, file=None, **_RELEASED)
        )
    connection.execute(update(imports).where(*is_it).values(state=ImportState.WAITING, **_RELEASED))


def _claimable(kinds: Collection[ImportKind], only: int | None) -> Select[tuple[int]]:
    """Choose the import that is next."""
    running = imports.alias()
    of_site = (running.c.kind == imports.c.kind) & (imports.c.kind != ImportKind.UPLOAD)
    has_to_wait = (
        select(running.c.id)
        .where(
            running.c.state == ImportState.RUNNING,
            or_(running.c.user_id == imports.c.user_id, of_site),
        )
        .exists()
    )
    # A file that only a command can read is that command's.
    is_for_us = ~_has_no_file() if only is None else imports.c.id == only
    return (
        select(imports.c.id)
        .where(
            imports.c.state == ImportState.WAITING,
            imports.c.kind.in_(kinds),
            is_for_us,
            ~has_to_wait,
        )
        .order_by(imports.c.id)
        .limit(1)
    )


def _has_no_file() -> ColumnElement[bool]:
    return (imports.c.kind == ImportKind.UPLOAD) & imports.c.file.is_(None)


def _is_ours(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        imports.c.id == claim.import_id,
        imports.c.worker == claim.worker,
        imports.c.attempts == claim.attempt,
        imports.c.state == ImportState.RUNNING,
    )


def _columns(counts: Counts) -> dict[str, int | str]:
    return {
        "found": counts.found,
        "added": counts.added,
        "already_there": counts.already_there,
        "set_aside": counts.set_aside,
        "broken": counts.broken,
        "reasons": json.dumps(dict(counts.reasons)),
    }
