"""Facts as tables, to be taken to other programs, and what their columns mean."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from chess_analytics.actions.export_facts import FactsFormat, FactsTable, write_facts
from chess_analytics.api import problems
from chess_analytics.api.file_answers import as_file, day_of, safe_name
from chess_analytics.api.identity import Reader
from chess_analytics.api.insight_query import WhoseQuery
from chess_analytics.api.insight_resources import TheDesk
from chess_analytics.api.resources import Now
from chess_analytics.api.routes import Router
from chess_analytics.api.view import View
from chess_analytics.insights.columns import FACTS_VERSION, Kind
from chess_analytics.insights.dictionary import TABLES

router = Router(
    prefix="/insights",
    tags=["insights"],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)

_TYPES = {
    FactsFormat.PARQUET: "application/vnd.apache.parquet",
    FactsFormat.CSV: "text/csv; charset=utf-8",
}
_TABLE: dict[str, Any] = {
    "description": "The table.",
    "content": {
        kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for kind in _TYPES.values()
    },
}


class FactsColumn(View):
    """A column of facts."""

    name: str
    kind: Kind
    unit: str
    about: str
    words: tuple[str, ...]
    """Of a word: all there are."""


class FactsDictionary(View):
    """What the tables hold. What is not known is empty in them."""

    version: int
    """Of the definitions; another one means that numbers may have changed their meaning."""
    games: list[FactsColumn]
    """One row a game."""
    moves: list[FactsColumn]
    """One row a ply of the analysed games, in the order of play."""


class TableQuery(WhoseQuery):
    """Which table, and in which form."""

    table: FactsTable = Field(description="One row a game, or one row a ply.")
    format: FactsFormat = Field(default=FactsFormat.PARQUET)


class TableStream(StreamingResponse):
    """A file that is sent while it is read."""


@router.get("/facts/dictionary")
def get_facts_dictionary(_who: Reader) -> FactsDictionary:
    """Explain the columns of the tables of facts: types, units, meaning, words."""
    tables = {
        name: [FactsColumn.of(column) for column in columns] for name, columns in TABLES.items()
    }
    return FactsDictionary(version=FACTS_VERSION, **tables)


@router.get(
    "/facts",
    response_class=TableStream,
    responses={
        HTTPStatus.OK.value: _TABLE,
        **problems.responses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    },
)
def download_facts(
    query: Annotated[TableQuery, Query()], who: Reader, now_ms: Now, desk: TheDesk
) -> TableStream:
    """Download the facts of all games, or of all moves, as Parquet or CSV."""
    pieces = write_facts(desk.facts(query), query.table, query.format)
    name = f"{safe_name(who.name)}-{query.table}-{day_of(now_ms)}.{query.format}"
    return TableStream(pieces, headers=as_file(name, _TYPES[query.format]))
