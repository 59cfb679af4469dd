"""Lists of a user's games, a page at a time: each page begins where the last one ended."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import BigInteger, ColumnElement, Connection, Float, func, literal, select, tuple_

from chess_analytics.store.game_filters import GameFilter, conditions
from chess_analytics.store.game_rows import ListedGame, listed_columns, listed_game
from chess_analytics.store.tables import games, runs


class GameSort(StrEnum):
    """The order of a list; with a minus the greatest comes first, and the last added of equals.

    What is not known comes last either way; only a game without a date stands in 1970.
    """

    NEWEST = "-played"
    OLDEST = "played"
    LAST_ADDED = "-added"
    FIRST_ADDED = "added"
    BEST_RATED = "-rating"
    WORST_RATED = "rating"
    STRONGEST_OPPONENT = "-opponent_rating"
    WEAKEST_OPPONENT = "opponent_rating"
    LONGEST = "-plies"
    SHORTEST = "plies"
    MOST_ACCURATE = "-accuracy"
    LEAST_ACCURATE = "accuracy"

    @property
    def is_falling(self) -> bool:
        return self.value.startswith("-")


@dataclass(frozen=True, slots=True)
class GameCursor:
    """The last game of a page: by what it was sorted (absent where not known), and its id."""

    value: float | None
    id: int


@dataclass(frozen=True, slots=True)
class GamePage:
    """Some games of a list, and where the next page begins; absent on the last page."""

    games: tuple[ListedGame, ...]
    next: GameCursor | None


def game_page(
    connection: Connection,
    user_id: int,
    wanted: GameFilter,
    sort: GameSort,
    *,
    after: GameCursor | None,
    limit: int,
) -> GamePage:
    """List a user's games that are wanted, the first ones after the cursor."""
    value = _value(sort)
    order = [value, games.c.id]
    if sort.is_falling:
        order = [column.desc() for column in order]
    chosen = select(games.c.id).where(*conditions(user_id, wanted)).order_by(*order)
    if after is not None:
        here = tuple_(value, games.c.id)
        there = tuple_(_of_cursor(after, sort), literal(after.id, BigInteger))
        chosen = chosen.where(here < there if sort.is_falling else here > there)
    # First the ids alone: an index of the games holds all that is asked of them.
    page = chosen.limit(limit + 1).subquery("page")
    rows = connection.execute(
        select(*listed_columns(), games.c.accuracy)
        .select_from(page.join(games, games.c.id == page.c.id))
        .outerjoin(runs, runs.c.id == games.c.run_id)
        .order_by(*order)
    )
    found = rows.mappings().all()
    shown = tuple(listed_game(row) for row in found[:limit])
    if len(found) <= limit:
        return GamePage(shown, None)
    last = found[limit - 1]
    return GamePage(shown, GameCursor(last[_COLUMNS[sort].name], last["id"]))


def count_games(connection: Connection, user_id: int, wanted: GameFilter) -> int:
    """Count a user's games that are wanted; it reads all of the user's part of an index."""
    counted = select(func.count()).select_from(games).where(*conditions(user_id, wanted))
    return connection.execute(counted).scalar_one()


_COLUMNS = {
    GameSort.NEWEST: games.c.played_ms,
    GameSort.OLDEST: games.c.played_ms,
    GameSort.LAST_ADDED: games.c.added_ms,
    GameSort.FIRST_ADDED: games.c.added_ms,
    GameSort.BEST_RATED: games.c.rating,
    GameSort.WORST_RATED: games.c.rating,
    GameSort.STRONGEST_OPPONENT: games.c.opponent_rating,
    GameSort.WEAKEST_OPPONENT: games.c.opponent_rating,
    GameSort.LONGEST: games.c.plies,
    GameSort.SHORTEST: games.c.plies,
    GameSort.MOST_ACCURATE: games.c.accuracy,
    GameSort.LEAST_ACCURATE: games.c.accuracy,
}
# Where a value that is not known stands: below or above everything that there is.
_BELOW = -1
_ABOVE = 1_000_000


def _value(sort: GameSort) -> ColumnElement[float]:
    column = _COLUMNS[sort]
    return func.coalesce(column, _unknown(sort)) if column.nullable else column


def _unknown(sort: GameSort) -> ColumnElement[float]:
    number = _BELOW if sort.is_falling else _ABOVE
    return literal(number, _type(sort))


def _of_cursor(cursor: GameCursor, sort: GameSort) -> ColumnElement[float]:
    return _unknown(sort) if cursor.value is None else literal(cursor.value, _type(sort))


def _type(sort: GameSort) -> BigInteger | Float[float]:
    return Float() if _COLUMNS[sort].name == "accuracy" else BigInteger()
