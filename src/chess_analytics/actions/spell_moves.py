"""Spell the moves that insights refer to; only those that are shown are looked up."""

from typing import TypeVar

from chess_analytics.insights.spelling import places, spelled
from chess_analytics.store.moves import sans_of
from chess_analytics.store.session import Store

_Found = TypeVar("_Found")


def spell_moves(store: Store, found: _Found) -> _Found:
    """Put standard notation beside the moves of what insights found; all that is known of it."""
    wanted = set(places(found))
    if not wanted:
        return found
    with store.reading() as connection:
        return spelled(found, sans_of(connection, wanted))
