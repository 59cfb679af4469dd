"""Write all drills of a user for another program, however many there are."""

from collections.abc import Callable, Iterator

from chess_analytics.actions.exports.drill_texts import (
    ANKI_HEAD,
    WholeDrill,
    anki_card,
    drill_pgn,
)
from chess_analytics.store.drill_mistakes import mistakes_of
from chess_analytics.store.drills import drills_after, known_moves
from chess_analytics.store.session import Store

_DRILLS_A_PAGE = 100


def write_drills_pgn(store: Store, user_id: int) -> Iterator[str]:
    """Yield the PGN of each drill that is not set aside."""
    return _written(store, user_id, drill_pgn)


def write_drills_anki(store: Store, user_id: int) -> Iterator[str]:
    """Yield the lines of a text that Anki imports, the same drills in it."""
    yield ANKI_HEAD
    yield from _written(store, user_id, anki_card)


def whole_drills(
    store: Store, user_id: int, *, is_suspended: bool | None = None
) -> Iterator[WholeDrill]:
    """Yield a user's drills with all that is known of them; no transaction waits meanwhile."""
    after = 0
    while True:
        with store.reading() as connection:
            page = drills_after(
                connection, user_id, after, _DRILLS_A_PAGE, is_suspended=is_suspended
            )
            mistakes = mistakes_of(connection, [drill.id for drill in page])
            whole = [
                WholeDrill(drill, mistakes[drill.id], known_moves(connection, drill.id))
                for drill in page
            ]
        yield from whole
        if not page:
            return
        after = page[-1].id


def _written(store: Store, user_id: int, write: Callable[[WholeDrill], str]) -> Iterator[str]:
    return (write(whole) for whole in whole_drills(store, user_id, is_suspended=False))
