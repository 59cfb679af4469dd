"""Facts of runs: kept beside them, and read for many games at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
)

from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Result, Side, Site
from chess_analytics.insights.columns import FACTS_VERSION, OutcomeWord
from chess_analytics.insights.records import PackedFacts
from chess_analytics.insights.rows import LibraryGame
from chess_analytics.store.dialect import insert_rows
from chess_analytics.store.fact_tables import run_facts
from chess_analytics.store.tables import games, runs
from chess_analytics.store.texts import storable

# SQLite's oldest limit on the variables of one statement is 999.
_IDS_A_STATEMENT = 900

Stamp = tuple[int, ...]
"""Differs when games, their runs or whose they are have changed."""

STRETCH = 512
"""Ids of games that are looked at together: an import adds some hundred at a time, one a game."""


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Through whose eyes a user's games are seen. Without a word: the user's own."""

    player_ids: frozenset[int] | None = None
    """Only games of these linked names of the user's."""
    name: str | None = None
    """Somebody else: the player of this name in any of the user's games, capitals aside."""


OWN = Viewpoint()


@dataclass(frozen=True, slots=True)
class OutdatedRun:
    """A run whose facts are missing, or were made by other definitions."""

    run_id: int
    game_id: int
    user_id: int


def insert_facts(connection: Connection, facts: Mapping[int, PackedFacts]) -> None:
    """Store the facts of runs, named by their ids, that have none."""
    rows = [(run_id, each.version, each.game, each.moves) for run_id, each in facts.items()]
    insert_rows(connection, run_facts, rows)


def replace_facts(connection: Connection, facts: Mapping[int, PackedFacts]) -> None:
    """Store the facts of runs in place of what they may have had."""
    for part in _parts(facts):
        connection.execute(delete(run_facts).where(run_facts.c.run_id.in_(part)))
    insert_facts(connection, facts)


def facts_of_runs(connection: Connection, run_ids: Collection[int]) -> dict[int, PackedFacts]:
    """Give the facts of runs; those that are outdated are left out."""
    found: dict[int, PackedFacts] = {}
    for part in _parts(run_ids):
        rows = connection.execute(
            select(run_facts.c.run_id, run_facts.c.game, run_facts.c.moves).where(
                run_facts.c.run_id.in_(part), run_facts.c.version == FACTS_VERSION
            )
        )
        found.update({row.run_id: PackedFacts(row.game, row.moves) for row in rows})
    return found


def outdated_runs(connection: Connection, after_id: int, *, limit: int) -> list[OutdatedRun]:
    """List runs whose facts have to be made anew, in the order of their ids, so many at a time."""
    rows = connection.execute(
        select(runs.c.id, runs.c.game_id, games.c.user_id)
        .join(games, games.c.id == runs.c.game_id)
        .outerjoin(run_facts, run_facts.c.run_id == runs.c.id)
        .where(
            runs.c.id > after_id,
            or_(run_facts.c.run_id.is_(None), run_facts.c.version != FACTS_VERSION),
        )
        .order_by(runs.c.id)
        .limit(limit)
    )
    return [OutdatedRun(row.id, row.game_id, row.user_id) for row in rows]


def facts_stamps(connection: Connection, user_id: int) -> dict[int, Stamp]:
    """Give numbers that stay the same while nothing changes that a user's facts depend on.

    There are some for each stretch of `STRETCH` ids in which the user has games, named by the
    ids divided by that; so they tell as well where something has changed.
    """
    rows = connection.execute(_STAMPS, {"of_user": user_id})
    return {int(place): tuple(int(number) for number in numbers) for place, *numbers in rows}


_COUNTED = (
    games.c.id,
    games.c.run_id,
    games.c.player_id * games.c.id,
    *(case((games.c.color == color, games.c.id)) for color in Side),
)
# Asked before every answer: building it anew each time took as long as the database does.
_STAMPS = (
    select(
        (games.c.id // literal_column(str(STRETCH))).label("stretch"),
        func.count(),
        *(func.coalesce(func.sum(each), 0) for each in _COUNTED),
    )
    # That ids are positive makes SQLite read the games in their order, twice as quickly.
    .where(games.c.user_id == bindparam("of_user"), games.c.id > 0)
    .group_by("stretch")
)


def library_games(
    connection: Connection,
    user_id: int,
    viewpoint: Viewpoint = OWN,
    *,
    stretch: int | None = None,
) -> list[LibraryGame]:
    """List the games of a user that this player played, as the player sees them, in any order.

    With ``stretch``, only those of one stretch of ids; see `facts_stamps`.
    """
    wanted = [games.c.user_id == user_id]
    if stretch is not None:
        wanted.append(games.c.id.between(stretch * STRETCH, (stretch + 1) * STRETCH - 1))
    if viewpoint.name is not None:
        return _games_of_name(connection, wanted, storable(viewpoint.name.strip()))
    wanted.append(games.c.color.is_not(None))
    if viewpoint.player_ids is not None:
        wanted.append(games.c.player_id.in_(viewpoint.player_ids))
    rows = connection.execute(select(*_OWN_GAME).where(*wanted))
    # All at once: one by one they take twice as long.
    return [LibraryGame._make(row) for row in rows.all()]


def newest_games(
    connection: Connection, user_id: int, site: Site, speed: Speed, *, limit: int
) -> list[LibraryGame]:
    """List the newest of a user's own analysed games that were played there and so fast."""
    rows = connection.execute(
        select(*_OWN_GAME)
        .where(
            games.c.user_id == user_id,
            games.c.color.is_not(None),
            games.c.run_id.is_not(None),
            games.c.site == site,
            games.c.speed == speed,
        )
        .order_by(games.c.played_ms.desc(), games.c.id.desc())
        .limit(limit)
    )
    return [LibraryGame._make(row) for row in rows.all()]


_COMMON = (
    games.c.id.label("game_id"),
    games.c.run_id,
    # Where the game does not tell when it was played, the library has 0.
    func.nullif(games.c.played_ms, 0).label("played_ms"),
    games.c.site,
    games.c.variant,
    games.c.speed,
    games.c.eco,
    games.c.opening,
    games.c.run_source,
)
_SEEN = (
    games.c.player_id,
    games.c.color,
    games.c.outcome,
    games.c.rating,
    games.c.opponent,
    games.c.opponent_rating,
)
_OWN_GAME = tuple(
    {column.name: column for column in (*_COMMON, *_SEEN)}[name] for name in LibraryGame._fields
)
_PLAYED = (
    games.c.white,
    games.c.black,
    games.c.white_rating,
    games.c.black_rating,
    games.c.result,
)


def _games_of_name(
    connection: Connection, wanted: Iterable[ColumnElement[bool]], name: str
) -> list[LibraryGame]:
    """List the games of whoever is called so; against themself they are White."""
    # SQLite knows the small letters of English alone: other names match as they are written.
    small = name.lower()
    named = or_(
        *(
            or_(func.lower(column) == small, column == name)
            for column in (games.c.white, games.c.black)
        )
    )
    rows = connection.execute(select(*_COMMON, *_PLAYED).where(*wanted, named)).mappings()
    found = []
    for row in rows:
        values = dict(row)
        played = {column.name: values.pop(column.name) for column in _PLAYED}
        is_white = (played["white"] or "").lower() == small
        own, other = (Side.WHITE, Side.BLACK) if is_white else (Side.BLACK, Side.WHITE)
        found.append(
            LibraryGame(
                **values,
                player_id=None,
                color=own,
                outcome=_outcome(Result(played["result"]), own),
                rating=played[f"{own}_rating"],
                opponent=played[other],
                opponent_rating=played[f"{other}_rating"],
            )
        )
    return found


def _outcome(result: Result, side: Side) -> OutcomeWord | None:
    if result is Result.DRAW:
        return OutcomeWord.DRAW
    if result.winner is None:
        return None
    return OutcomeWord.WIN if result.winner is side else OutcomeWord.LOSS


def _parts(ids: Collection[int]) -> Iterator[list[int]]:
    wanted = list(ids)
    for start in range(0, len(wanted), _IDS_A_STATEMENT):
        yield wanted[start : start + _IDS_A_STATEMENT]
