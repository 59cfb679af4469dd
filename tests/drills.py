"""Drills for tests: of games whose owner has made a mistake."""

from typing import Any

from chess_analytics.actions.answer_drill import Answered, Given, answer_drill
from chess_analytics.actions.check_move import MoveCheck, no_check
from chess_analytics.actions.gather_drills import gather_drills
from chess_analytics.engine.evaluation import Score
from chess_analytics.games.model import Side
from chess_analytics.store.drills import StoredDrill, drills_after
from chess_analytics.store.session import Store
from chess_analytics.training.drill import DrillPosition
from tests.accounts import NOW_MS
from tests.library import MOVES, keep_game, keep_run


class Oracle:
    """A check that says the same of every move, and remembers what it was asked."""

    def __init__(self, cp: int) -> None:
        self._score = Score(cp=cp)
        self.asked: list[str] = []

    def __call__(self, position: DrillPosition, uci: str) -> Score | None:
        assert position.board().is_legal(position.move(uci))
        self.asked.append(uci)
        return self._score


def keep_mistaken_game(store: Store, user_id: int, played: str = MOVES, **values: Any) -> int:
    """Store an analysed game in which White, the user, errs on the third move; give its id."""
    game_id = keep_game(store, user_id, played, color=Side.WHITE, **values)
    keep_run(store, game_id, played)
    return game_id


def keep_drill(store: Store, user_id: int, **values: Any) -> int:
    """Store such a game and make its drill: a3 (or what is as good) instead of Ba6."""
    keep_mistaken_game(store, user_id, **values)
    gather_drills(store, user_id, now_ms=NOW_MS)
    return drills_of(store, user_id)[-1].id


def drills_of(store: Store, user_id: int) -> list[StoredDrill]:
    """List all drills of a user."""
    with store.reading() as connection:
        return drills_after(connection, user_id, 0, 1_000)


def answer(  # noqa: PLR0913 - each of them makes another answer
    store: Store,
    user_id: int,
    drill_id: int,
    move: str,
    *,
    worth: int | None = None,
    now_ms: int = NOW_MS,
    spent_ms: int | None = 5_000,
) -> Answered:
    """Answer a drill; a move that nobody knows is worth so many centipawns, or not known."""
    check: MoveCheck = no_check if worth is None else Oracle(worth)
    given = Given(move, spent_ms)
    answered = answer_drill(store, user_id, drill_id, given, check=check, now_ms=now_ms)
    assert answered is not None
    return answered
