"""Which drills a user is to do now: those that come back, and a few new ones a day."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from chess_analytics.insights.chosen_moves import chosen_moves
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span
from chess_analytics.store.drill_mistakes import count_games_to_read, places_of_drills
from chess_analytics.store.drills import (
    DrillCounts,
    StoredDrill,
    count_begun_since,
    count_drills,
    due_drills,
    new_drills,
)
from chess_analytics.training.schedule import DAY_MS, EARLY_MS, NEW_A_DAY


@dataclass(frozen=True, slots=True)
class DueNow:
    """What is to be done, and what there is besides."""

    drills: list[StoredDrill]
    """Those that come back first, the longest overdue at the top; then new ones."""
    counts: DrillCounts
    new_today: int
    """So many new ones are offered now, whether they stand in the list or not."""
    games_to_read: int
    """Analysed games whose mistakes are not known yet: see `gather_drills`."""


def drills_from(connection: Connection, user_id: int, facts: Facts, span: Span) -> set[int]:
    """Name the drills that come from some of the user's moves, such as those of a finding's cut.

    Raises:
        QuestionRefused: a filter names something that does not exist.
    """
    places = places_of_drills(connection, user_id)
    return {places[each] for each in chosen_moves(facts, span, places)}


def drills_due(
    connection: Connection,
    user_id: int,
    *,
    now_ms: int,
    limit: int,
    more_new: int = 0,
    among: Collection[int] | None = None,
) -> DueNow:
    """List at most so many drills; ``more_new`` new ones are offered beyond the day's own.

    With ``among``, only drills with these ids are listed and counted.
    """
    counts = count_drills(connection, user_id, now_ms=now_ms, among=among)
    # A day ends a little early, as drills are due a little early.
    begun = count_begun_since(connection, user_id, now_ms - DAY_MS + EARLY_MS)
    new_today = min(counts.new, max(0, NEW_A_DAY - begun) + more_new)
    drills = due_drills(connection, user_id, now_ms=now_ms, limit=limit, among=among)
    room = min(new_today, limit - len(drills))
    if room > 0:
        drills += new_drills(connection, user_id, now_ms=now_ms, limit=room, among=among)
    left = count_games_to_read(connection, user_id)
    return DueNow(drills, counts, new_today, left)
