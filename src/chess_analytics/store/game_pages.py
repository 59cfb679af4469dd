"""Lists of a user's games, a page at a time: each page begins where the last one ended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Float,
    RowMapping,
    Select,
    func,
    literal,
    select,
    tuple_,
)

from chess_analytics.store.dialect import plan_for_these_values
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
    asked = _Asked(user_id, wanted, sort, after)
    search = _whole_list if wanted == GameFilter() else _filtered
    # One more than are shown tells whether there is another page.
    found = search(connection, asked, limit + 1)
    shown = tuple(listed_game(row) for row in found[:limit])
    if len(found) <= limit:
        return GamePage(shown, None)
    last = found[limit - 1]
    return GamePage(shown, GameCursor(last[_COLUMNS[sort].name], last["id"]))


def count_games(connection: Connection, user_id: int, wanted: GameFilter) -> int:
    """Count a user's games that are wanted; it reads all of the user's part of an index."""
    plan_for_these_values(connection)
    counted = select(func.count()).select_from(games).where(*conditions(user_id, wanted))
    return connection.execute(counted).scalar_one()


_COLUMNS = {
    GameSort.NEWEST: games.c.played_ms,
    GameSort.OLDEST: games.c.played_ms,
    # Who was added later has the greater number.
    GameSort.LAST_ADDED: games.c.id,
    GameSort.FIRST_ADDED: games.c.id,
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
# What one game in twenty is fills a page from so many, and to look at them costs a twentieth of a
# look through a hundred thousand.
_NEAR = 1000


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which games are asked for."""

    user_id: int
    wanted: GameFilter
    sort: GameSort
    after: GameCursor | None

    @property
    def can_be_near(self) -> bool:
        """Whether games that are meant may stand next in an index that does not tell of itself.

        Dates are the order of the index of lists, which is read up to where a page is full anyway;
        and who is named, or played one opponent, is found at once.
        """
        by_played = _COLUMNS[self.sort] is games.c.played_ms
        is_named = self.wanted.ids or self.wanted.opponent is not None
        is_behind = self.after is not None and self.after.value is None
        return not (by_played or is_named or is_behind)


def _whole_list(connection: Connection, asked: _Asked, limit: int) -> list[RowMapping]:
    """Read the list along its index: where nothing is filtered, no game is passed over."""
    found: list[RowMapping] = []
    for stretch in _stretches(asked):
        found += _listed(connection, stretch.limit(limit - len(found)), asked.sort)
        if len(found) == limit:
            break
    return found


def _filtered(connection: Connection, asked: _Asked, limit: int) -> list[RowMapping]:
    """Look at the next games of the list, which hold a page of what is usual, then through all."""
    plan_for_these_values(connection)
    if asked.can_be_near:
        found = _listed(connection, _near(asked).limit(limit), asked.sort)
        if len(found) == limit:
            return found
    return _listed(connection, _anywhere(asked).limit(limit), asked.sort)


def _stretches(asked: _Asked) -> Iterator[Select[*tuple[Any, ...]]]:
    """Give all the user's games after the cursor: those whose value is known, and the others.

    Each stretch is a piece of one index, in its order.
    """
    after, columns = asked.after, _columns(asked.sort)
    is_theirs = games.c.user_id == asked.user_id
    if after is None or after.value is not None or not columns[0].nullable:
        known = select(*columns).where(is_theirs, columns[0].is_not(None))
        yield _in_order(known, columns, after, asked.sort)
    if columns[0].nullable:
        here = after if after and after.value is None else None
        unknown = select(games.c.id).where(is_theirs, columns[0].is_(None))
        yield _in_order(unknown, [games.c.id], here, asked.sort)


def _near(asked: _Asked) -> Select[*tuple[Any, ...]]:
    """Give the ids of those games that are meant among the next ones whose value is known."""
    near = next(_stretches(asked)).limit(_NEAR).subquery("near")
    meant = select(games.c.id).select_from(near.join(games, games.c.id == near.c.id))
    return meant.where(*conditions(asked.user_id, asked.wanted)).order_by(
        *_directed(_columns(asked.sort), asked.sort)
    )


def _anywhere(asked: _Asked) -> Select[*tuple[Any, ...]]:
    """Give the ids of all games that are meant; the index of lists holds all that is asked."""
    meant = select(games.c.id).where(*conditions(asked.user_id, asked.wanted))
    after = asked.after
    if after and after.value is None:
        after = replace(after, value=_unknown(asked.sort))
    return _in_order(meant, _values(asked.sort), after, asked.sort)


def _in_order(
    wanted: Select[*tuple[Any, ...]],
    by: Sequence[ColumnElement[Any]],
    after: GameCursor | None,
    sort: GameSort,
) -> Select[*tuple[Any, ...]]:
    """Sort by values of which the last is the id, and begin after the cursor."""
    if after is not None:
        value = literal(after.value, _type(_COLUMNS[sort]))
        cursor = (value, literal(after.id, BigInteger()))[-len(by) :]
        here, there = tuple_(*by), tuple_(*cursor)
        wanted = wanted.where(here < there if sort.is_falling else here > there)
    return wanted.order_by(*_directed(by, sort))


def _listed(
    connection: Connection, chosen: Select[*tuple[Any, ...]], sort: GameSort
) -> list[RowMapping]:
    """Read the games that were chosen by their ids, in their order."""
    page = chosen.subquery("page")
    rows = connection.execute(
        select(*listed_columns(), games.c.accuracy)
        .select_from(page.join(games, games.c.id == page.c.id))
        .outerjoin(runs, runs.c.id == games.c.run_id)
        .order_by(*_directed(_values(sort), sort))
    )
    return list(rows.mappings())


def _directed(by: Iterable[ColumnElement[Any]], sort: GameSort) -> list[ColumnElement[Any]]:
    return [value.desc() if sort.is_falling else value.asc() for value in by]


def _columns(sort: GameSort) -> list[Column[Any]]:
    """Give the columns of the index that holds all games in this order."""
    column = _COLUMNS[sort]
    return [column] if column is games.c.id else [column, games.c.id]


def _values(sort: GameSort) -> list[ColumnElement[Any]]:
    """Give the same with numbers where nothing is known.

    No index but that of lists fits such values, and that is meant: a database that takes the index
    of a sort to look for what is rare reads the games one by one.
    """
    column, *id_ = _columns(sort)
    if column is games.c.played_ms:
        return [column, *id_]
    return [func.coalesce(column, literal(_unknown(sort), _type(column))), *id_]


def _unknown(sort: GameSort) -> int:
    return _BELOW if sort.is_falling else _ABOVE


def _type(column: Column[Any]) -> BigInteger | Float[float]:
    return Float() if column is games.c.accuracy else BigInteger()
