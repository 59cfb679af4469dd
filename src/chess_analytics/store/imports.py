"""Imports as their users see them: what was asked for, how far it is, what came of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from chess_analytics.store.tables import imports


class ImportKind(StrEnum):
    """Where the games of an import come from."""

    UPLOAD = "upload"
    LICHESS = "lichess"
    CHESSCOM = "chesscom"


class ImportState(StrEnum):
    """Where an import stands; the last three are for good."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (ImportState.WAITING, ImportState.RUNNING)


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the entries that were found; every one of them is in one of the four."""

    added: int = 0
    already_there: int = 0
    set_aside: int = 0
    broken: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    """How many were set aside or broken for which reason."""

    @property
    def found(self) -> int:
        return self.added + self.already_there + self.set_aside + self.broken


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """How an import stood when its player's resume was written."""

    counts: Counts = Counts()
    last_game_id: int = 0
    """Games that the import added since have higher numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImport:
    """What a user wants to be imported."""

    user_id: int
    kind: ImportKind
    name: str
    """The file's or the player's, as the user gave it."""
    player_id: int | None = None
    file: str | None = None
    """The name of the upload in its folder."""
    bytes_total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImport:
    """One import as the database has it."""

    id: int
    user_id: int
    kind: ImportKind
    name: str
    player_id: int | None
    file: str | None
    state: ImportState
    wants_cancel: bool
    counts: Counts
    resume_point: ResumePoint
    bytes_read: int
    bytes_total: int | None
    error: str | None
    attempts: int
    created_ms: int
    started_ms: int | None
    ended_ms: int | None


def add_import(connection: Connection, new: NewImport, *, now_ms: int) -> int:
    """Let an import wait for its turn."""
    import_id: int = connection.execute(
        insert(imports)
        .values(
            user_id=new.user_id,
            kind=new.kind,
            name=new.name,
            player_id=new.player_id,
            file=new.file,
            bytes_total=new.bytes_total,
            state=ImportState.WAITING,
            created_ms=now_ms,
        )
        .returning(imports.c.id)
    ).scalar_one()
    return import_id


def find_import(connection: Connection, user_id: int, import_id: int) -> StoredImport | None:
    """Look one up; nothing if it is another user's."""
    wanted = select(imports).where(imports.c.user_id == user_id, imports.c.id == import_id)
    row = connection.execute(wanted).mappings().one_or_none()
    return stored_import(row) if row else None


def imports_before(
    connection: Connection, user_id: int, before_id: int | None, limit: int
) -> list[StoredImport]:
    """Give a page of a user's imports, the newest first, from behind one that was seen."""
    wanted = select(imports).where(imports.c.user_id == user_id)
    if before_id is not None:
        wanted = wanted.where(imports.c.id < before_id)
    rows = connection.execute(wanted.order_by(imports.c.id.desc()).limit(limit)).mappings()
    return [stored_import(row) for row in rows]


def count_waiting(connection: Connection, user_id: int) -> int:
    """Count the imports of a user that have not begun."""
    return connection.execute(
        select(func.count()).where(
            imports.c.user_id == user_id, imports.c.state == ImportState.WAITING
        )
    ).scalar_one()


def open_import_of_player(connection: Connection, player_id: int) -> StoredImport | None:
    """Give the import of a player that waits or runs, if there is one."""
    wanted = (
        select(imports)
        .where(imports.c.player_id == player_id, imports.c.state.in_(OPEN))
        .order_by(imports.c.id)
        .limit(1)
    )
    row = connection.execute(wanted).mappings().one_or_none()
    return stored_import(row) if row else None


def cancel_import(connection: Connection, import_id: int, *, now_ms: int) -> None:
    """End an import that waits; ask one that runs to end; leave alone one that has ended."""
    is_it = imports.c.id == import_id
    connection.execute(
        update(imports)
        .where(is_it, imports.c.state == ImportState.WAITING)
        .values(state=ImportState.CANCELLED, ended_ms=now_ms, file=None)
    )
    connection.execute(
        update(imports)
        .where(is_it, imports.c.state == ImportState.RUNNING)
        .values(wants_cancel=True)
    )


def files_in_use(connection: Connection) -> set[str]:
    """Name the uploads of all users that imports still need."""
    wanted = select(imports.c.file).where(imports.c.file.is_not(None))
    return {file for file in connection.execute(wanted).scalars() if file}


def stored_import(row: RowMapping) -> StoredImport:
    """Understand a row of the table."""
    return StoredImport(
        id=row["id"],
        user_id=row["user_id"],
        kind=ImportKind(row["kind"]),
        name=row["name"],
        player_id=row["player_id"],
        file=row["file"],
        state=ImportState(row["state"]),
        wants_cancel=row["wants_cancel"],
        counts=Counts(
            added=row["added"],
            already_there=row["already_there"],
            set_aside=row["set_aside"],
            broken=row["broken"],
            reasons=json.loads(row["reasons"]),
        ),
        resume_point=_resume_point(json.loads(row["resume_point"])),
        bytes_read=row["bytes_read"],
        bytes_total=row["bytes_total"],
        error=row["error"],
        attempts=row["attempts"],
        created_ms=row["created_ms"],
        started_ms=row["started_ms"],
        ended_ms=row["ended_ms"],
    )


def _resume_point(written: dict[str, Any]) -> ResumePoint:
    counts, last = written.get("counts", {}), written.get("last_game_id", 0)
    return ResumePoint(Counts(**counts), last)
