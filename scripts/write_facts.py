"""Write the dictionary of facts anew: docs/reference/facts.md, by `just facts`.

A test compares it with the columns that the code defines.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from chess_analytics.insights.columns import (
    FACTS_VERSION,
    GAMES_TABLE,
    MOVES_TABLE,
    Column,
    Kind,
)

FILE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "facts.md"

_HEAD = f"""# Facts

What every analysed game leaves behind, as two tables: one row a game, and one row a ply. They are
what insights are computed from, and what `insights export` writes. This page is written by
`just facts` from `src/chess_analytics/insights/columns.py`; the definitions have version
{FACTS_VERSION}.

What is not known is empty. In the table of games, *the player* is who the games are asked about;
columns that begin with `opponent_` say the same of the other side. In the table of moves everything
is seen from whoever made the move; `is_mine` tells whether that is the player. Facts of games that
nobody has analysed are empty, except for what the library itself knows (`game_id` to `days_since`).

A **session** is a row of games at the board of which each begins within half an hour of the end of
the one before. Games by correspondence, and games of which only the day is known, belong to none.
"""


def described() -> str:
    """Give the page as the file holds it."""
    tables = (("Games", GAMES_TABLE), ("Moves", MOVES_TABLE))
    return _HEAD + "".join(line for name, table in tables for line in _section(name, table))


def _section(name: str, table: Sequence[Column]) -> Iterator[str]:
    yield f"\n## {name}\n\n| column | type | unit | meaning |\n| --- | --- | --- | --- |\n"
    for column in table:
        yield f"| `{column.name}` | {_type(column)} | {column.unit} | {_about(column)} |\n"


def _type(column: Column) -> str:
    return column.kind.value if column.kind is not Kind.NUMBER else "number (32 bits)"


def _about(column: Column) -> str:
    words = f" One of: {', '.join(column.words)}." if column.words else ""
    return column.about + words


if __name__ == "__main__":
    FILE.write_text(described(), encoding="utf-8")
    print(f"written: {FILE}")
