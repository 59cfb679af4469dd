"""The data dictionary: what the tables of facts hold, for people."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from chess_analytics.insights.columns import (
    FACTS_VERSION,
    GAMES_TABLE,
    LIBRARY_COLUMNS,
    MOVES_TABLE,
    Column,
    Kind,
)

GAME_ID = next(column for column in LIBRARY_COLUMNS if column.name == "game_id")

TABLES: Mapping[str, Sequence[Column]] = MappingProxyType(
    {"games": GAMES_TABLE, "moves": (GAME_ID, *MOVES_TABLE)}
)
"""The tables as they are exported: moves name their game."""

_HEAD = f"""# Facts

What every analysed game leaves behind, as two tables: one row a game, and one row a ply. They are
what insights are computed from, and what `chess-analytics facts` writes, and the API at
`/insights/facts`. The definitions have version {FACTS_VERSION}.

What is not known is empty. In the table of games, *the player* is who the games are asked about;
columns that begin with `opponent_` say the same of the other side. In the table of moves everything
is seen from whoever made the move; `is_mine` tells whether that is the player. Facts of games that
nobody has analysed are empty, except for what the library itself knows (`game_id` to `days_since`).

A **session** is a row of games at the board of which each begins within half an hour of the end of
the one before. Games by correspondence, and games of which only the day is known, belong to none.
"""


def described() -> str:
    """Write the dictionary as a page of Markdown."""
    sections = (_section(name.capitalize(), table) for name, table in TABLES.items())
    return _HEAD + "".join(line for section in sections for line in section)


def _section(name: str, table: Sequence[Column]) -> Iterator[str]:
    yield f"\n## {name}\n\n| column | type | unit | meaning |\n| --- | --- | --- | --- |\n"
    for column in table:
        yield f"| `{column.name}` | {_type(column)} | {column.unit} | {_about(column)} |\n"


def _type(column: Column) -> str:
    return column.kind.value if column.kind is not Kind.NUMBER else "number (32 bits)"


def _about(column: Column) -> str:
    words = f" One of: {', '.join(column.words)}." if column.words else ""
    return column.about + words
