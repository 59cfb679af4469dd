"""Write the games of a list as one PGN, however many there are."""

from collections.abc import Iterator

from sqlalchemy import Connection

from chess_analytics.actions.exports.stored_pgn import (
    StoredGameUnreadable,
    analysed_pgn,
    plain_pgn,
)
from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.review.judge import EvaluationsMissing
from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.game_pages import GameCursor, GameSort, game_page
from chess_analytics.store.games import StoredGame, find_games
from chess_analytics.store.runs import evaluations_of_run
from chess_analytics.store.session import Store

_GAMES_A_PAGE = 50

_Evaluations = tuple[Evaluation | None, ...]


def write_games(
    store: Store, user_id: int, wanted: GameFilter, sort: GameSort, *, annotated: bool = False
) -> Iterator[str]:
    """Yield the text of each game; ``annotated`` ones have their analysis in it, if there is one.

    They are read some at a time, and no transaction waits for whoever takes them.
    """
    after: GameCursor | None = None
    while True:
        with store.reading() as connection:
            page = game_page(connection, user_id, wanted, sort, after=after, limit=_GAMES_A_PAGE)
            ids = [listed.id for listed in page.games]
            found = find_games(connection, user_id, ids)
            games = [found[game_id] for game_id in ids if game_id in found]
            evaluations = _evaluations(connection, games) if annotated else {}
        yield from (_text(game, evaluations.get(game.listed.id)) for game in games)
        after = page.next
        if after is None:
            return


def _evaluations(connection: Connection, games: list[StoredGame]) -> dict[int, _Evaluations]:
    """Read the runs that stand for the games, where they have one."""
    return {
        game.listed.id: evaluations_of_run(connection, game.listed.run.id)
        for game in games
        if game.listed.run
    }


def _text(game: StoredGame, evaluations: _Evaluations | None) -> str:
    run = game.listed.run
    if run is None or evaluations is None:
        return plain_pgn(game.pgn)
    try:
        return analysed_pgn(game, run, evaluations)
    except (StoredGameUnreadable, EvaluationsMissing):
        # One game that cannot be annotated must not take the others from their owner.
        return plain_pgn(game.pgn)
