"""The entries of an import that are not in the library: which, where and why."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from chess_analytics.store.tables import import_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One entry that was set aside, or is broken."""

    ordinal: int
    """The entry's place in the import, from 1."""
    kind: str
    """``set_aside`` or ``broken``."""
    reason: str
    detail: str
    source: str
    """The file, or where it was fetched."""
    number: int
    """The entry's place in its source, from 1."""
    line: int | None
    white: str | None
    black: str | None


def insert_problems(connection: Connection, import_id: int, problems: Sequence[Problem]) -> None:
    """Keep problems of an import."""
    if problems:
        rows = [{"import_id": import_id, **asdict(problem)} for problem in problems]
        connection.execute(insert(import_problems), rows)


def forget_problems(connection: Connection, import_id: int, *, after: int) -> None:
    """Forget those whose entries will be counted again."""
    connection.execute(
        delete(import_problems).where(
            import_problems.c.import_id == import_id, import_problems.c.ordinal > after
        )
    )


def problems_after(connection: Connection, import_id: int, after: int, limit: int) -> list[Problem]:
    """Give a page of an import's problems, in the order of the input."""
    columns = [column for column in import_problems.c if column.name != "import_id"]
    rows = connection.execute(
        select(*columns)
        .where(import_problems.c.import_id == import_id, import_problems.c.ordinal > after)
        .order_by(import_problems.c.ordinal)
        .limit(limit)
    ).mappings()
    return [Problem(**row) for row in rows]
