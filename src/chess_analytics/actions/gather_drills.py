"""Read the mistakes of analysed games into drills: some games at a time, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from chess_analytics.actions.exports.stored_pgn import StoredGameUnreadable, read_again
from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.review.judge import EvaluationsMissing, cases_of
from chess_analytics.review.replay import replay
from chess_analytics.review.thresholds import LICHESS
from chess_analytics.store.accounts import hold_account
from chess_analytics.store.drill_mistakes import (
    GameToRead,
    count_games_to_read,
    games_to_read,
    keep_mistakes,
)
from chess_analytics.store.drills import delete_drills_without_mistakes
from chess_analytics.store.games import StoredGame, find_games
from chess_analytics.store.import_games import hold_games
from chess_analytics.store.runs import evaluations_of_run
from chess_analytics.store.session import Store
from chess_analytics.training.drill import Mistake
from chess_analytics.training.selection import find_mistakes

# A commit is for so many: some tenths of a second of work.
_GAMES_A_COMMIT = 20
# To find out what is to be read takes a look at all games.
_GAMES_A_LOOK = 400


@dataclass(frozen=True, slots=True)
class Gathered:
    """How far the mistakes of a user's games are known."""

    games: int
    """Read just now."""
    left: int
    """Still to be read."""


def gather_drills(
    store: Store, user_id: int, *, now_ms: int, most_games: int | None = None
) -> Gathered:
    """Read games that were not read yet, so many at most.

    It may be stopped at any moment and started again, and may run beside everything else.
    """
    with store.writing() as connection:
        hold_account(connection, user_id)
        delete_drills_without_mistakes(connection, user_id)
    done = 0
    while most_games is None or done < most_games:
        size = _GAMES_A_LOOK if most_games is None else min(_GAMES_A_LOOK, most_games - done)
        with store.reading() as connection:
            found = games_to_read(connection, user_id, size)
        for start in range(0, len(found), _GAMES_A_COMMIT):
            _read(store, user_id, found[start : start + _GAMES_A_COMMIT], now_ms)
        if not found:
            break
        done += len(found)
    with store.reading() as connection:
        return Gathered(done, count_games_to_read(connection, user_id))


def _read(store: Store, user_id: int, batch: Sequence[GameToRead], now_ms: int) -> None:
    with store.reading() as connection:
        wanted = {game.game_id: game for game in batch if game.may_have_mistakes}
        stored = find_games(connection, user_id, wanted)
        evaluations = {
            game_id: evaluations_of_run(connection, wanted[game_id].run_id or 0)
            for game_id in stored
        }
    found = {
        game: _mistakes(stored.get(game.game_id), evaluations.get(game.game_id, ()), game)
        for game in batch
    }
    with store.writing() as connection:
        # Two who read at once would both make the same drills; who deletes a game comes first.
        hold_account(connection, user_id)
        there = hold_games(connection, [game.game_id for game in batch])
        kept = {game: mistakes for game, mistakes in found.items() if game.game_id in there}
        keep_mistakes(connection, user_id, kept, now_ms=now_ms)


def _mistakes(
    stored: StoredGame | None, evaluations: tuple[Evaluation | None, ...], game: GameToRead
) -> list[Mistake]:
    if stored is None or game.color is None:
        return []
    try:
        played = replay(read_again(stored))
        return find_mistakes(cases_of(played, evaluations, LICHESS), game.color, LICHESS)
    except (StoredGameUnreadable, EvaluationsMissing, ValueError):
        # The run and the text do not fit together any more; ValueError: more evaluations than
        # the game has positions. There is nothing to be learnt from it.
        return []
