"""Which of a user's games a list holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, literal

from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Result, Side, Site, Variant
from chess_analytics.store.game_rows import Outcome
from chess_analytics.store.runs import RunSource
from chess_analytics.store.tables import games
from chess_analytics.store.texts import search_key, storable


@dataclass(frozen=True, slots=True, kw_only=True)
class GameFilter:
    """What is asked of a game; a game is listed if it meets all that is not absent.

    Names are compared without capitals and accents. A game of which something is not known is not
    listed when that is asked for.
    """

    ids: tuple[int, ...] = ()
    """Any of these games; empty for all."""
    player_id: int | None = None
    import_id: int | None = None
    site: Site | None = None
    variant: Variant | None = None
    speeds: tuple[Speed, ...] = ()
    """Any of them; empty for all games, also those of which it is not known."""
    color: Side | None = None
    outcome: Outcome | None = None
    result: Result | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    """Before this moment."""
    eco: str | None = None
    """A code or its beginning: ``B``, ``B9``, ``B90``."""
    opening: str | None = None
    """The beginning of its name: ``Sicilian Defense``."""
    opening_part: str | None = None
    """Any part of its name: ``gambit``."""
    opponent: str | None = None
    """The whole name."""
    opponent_part: str | None = None
    rating_from: int | None = None
    rating_to: int | None = None
    """With it, as with the others."""
    opponent_rating_from: int | None = None
    opponent_rating_to: int | None = None
    is_analysed: bool | None = None
    """By an engine of ours."""


def conditions(user_id: int, wanted: GameFilter) -> list[ColumnElement[bool]]:
    """Say in SQL which games are meant; each condition reads the index of lists alone."""
    return [games.c.user_id == user_id, *_equal(wanted), *_between(wanted), *_named(wanted)]


def _equal(wanted: GameFilter) -> Iterator[ColumnElement[bool]]:
    pairs = (
        (games.c.player_id, wanted.player_id),
        (games.c.import_id, wanted.import_id),
        (games.c.site, wanted.site),
        (games.c.variant, wanted.variant),
        (games.c.color, wanted.color),
        (games.c.outcome, wanted.outcome),
        (games.c.result, wanted.result),
    )
    yield from (column == value for column, value in pairs if value is not None)
    if wanted.ids:
        yield games.c.id.in_(wanted.ids)
    if wanted.speeds:
        yield games.c.speed.in_(wanted.speeds)
    if wanted.is_analysed is not None:
        # Not «not equal»: in SQL that holds of nothing that is absent.
        is_engine = games.c.run_source.is_not_distinct_from(RunSource.ENGINE)
        yield is_engine if wanted.is_analysed else ~is_engine


def _between(wanted: GameFilter) -> Iterator[ColumnElement[bool]]:
    # Not the bare columns: SQLite would take the indexes that are for sorting by them, which hold
    # nothing else that is asked, and read most games one by one.
    rating, opponent_rating = games.c.rating + 0, games.c.opponent_rating + 0
    least = (
        (games.c.played_ms, wanted.since_ms),
        (rating, wanted.rating_from),
        (opponent_rating, wanted.opponent_rating_from),
    )
    most = ((rating, wanted.rating_to), (opponent_rating, wanted.opponent_rating_to))
    # Big numbers, because nobody can have a rating of 100,000, but anybody can ask for one.
    yield from (column >= literal(it, BigInteger) for column, it in least if it is not None)
    yield from (column <= literal(it, BigInteger) for column, it in most if it is not None)
    if wanted.until_ms is not None:
        yield games.c.played_ms < wanted.until_ms


def _named(wanted: GameFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.eco is not None:
        yield games.c.eco.startswith(storable(wanted.eco).strip().upper(), autoescape=True)
    if wanted.opening is not None:
        yield games.c.opening_key.startswith(search_key(wanted.opening), autoescape=True)
    if wanted.opening_part is not None:
        yield games.c.opening_key.contains(search_key(wanted.opening_part), autoescape=True)
    if wanted.opponent is not None:
        yield games.c.opponent_key == search_key(wanted.opponent)
    if wanted.opponent_part is not None:
        yield games.c.opponent_key.contains(search_key(wanted.opponent_part), autoescape=True)
