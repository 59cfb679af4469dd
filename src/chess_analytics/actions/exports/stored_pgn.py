"""A stored game as PGN: as it came, or with what an analysis found out."""

import re
from collections.abc import Sequence
from dataclasses import replace

from chess_analytics.actions.analyse_game import Run
from chess_analytics.actions.exports.annotated import annotated_pgn
from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.model import Game, Place
from chess_analytics.games.pgn import read_one_game
from chess_analytics.review.judge import judge_game
from chess_analytics.store.game_text import GameText
from chess_analytics.store.games import StoredGame
from chess_analytics.store.runs import GameRun

_TAG = re.compile(r'^\s*\[\s*\w+\s*"', re.MULTILINE)
# Without a tag a reader could take the moves for more of the game before.
_LEAST_HEAD = '[Event "?"]\n\n'


class StoredGameUnreadable(ChessAnalyticsError):
    """The text of a stored game gives no game any more."""


def plain_pgn(pgn: str) -> str:
    """Give the text of a game as it came; an empty line ends it, so that another can follow."""
    text = pgn.strip()
    return f"{text if _TAG.search(text) else _LEAST_HEAD + text}\n\n"


def analysed_pgn(game: StoredGame, run: GameRun, evaluations: Sequence[Evaluation | None]) -> str:
    """Give the game with a run's evaluations, judgments and better lines in it.

    Raises:
        StoredGameUnreadable: the text is no game any more.
        EvaluationsMissing: the run does not fit the game.
    """
    review = judge_game(read_again(game), evaluations)
    whole = Run(tuple(evaluations), run.engine, run.profile, run.nodes, run.seconds)
    return f"{annotated_pgn(review, whole)}\n"


def read_again(game: StoredGame) -> Game:
    """Make the game of a stored text.

    Raises:
        StoredGameUnreadable: it is no game any more.
    """
    return read_text(game.text)


def read_text(text: GameText) -> Game:
    """Do the same where only the text was read.

    Raises:
        StoredGameUnreadable: it is no game any more.
    """
    place = Place(f"game {text.game_id}", 1, 1)
    entry = read_one_game(text.pgn, place, text.headers)
    if not isinstance(entry, Game):
        raise StoredGameUnreadable(
            f"the text of game {text.game_id} cannot be read any more: {entry.reason}; delete the "
            "game and import it again"
        )
    # What the import knew counts: the text need not tell where it comes from.
    return replace(entry, site=text.site, site_id=text.site_id, result=text.result)
