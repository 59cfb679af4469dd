"""What can be looked at: the moves and games in which most was lost."""

from collections import Counter
from dataclasses import dataclass

import chess
import numpy as np
import polars as pl

from chess_analytics.insights.loss_table import LossTable
from chess_analytics.insights.measured import Rows
from chess_analytics.insights.selection import Floats, Truths

MOST_MOVES = 12
MOST_OF_A_GAME = 2
"""So that one lost game does not fill the list."""
MOST_GAMES = 5


@dataclass(frozen=True, slots=True)
class MoveRef:
    """One move, and where it is to be seen."""

    game_id: int
    ply: int
    uci: str
    san: str | None
    """As players write it. Null until it was looked up, and where it is not known."""
    loss: float
    win_before: float


@dataclass(frozen=True, slots=True)
class GameRef:
    """One game, and what was lost there by the moves in question."""

    game_id: int
    played_ms: int | None
    loss: float
    moves: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """The worst moves and games, the worst first."""

    moves: tuple[MoveRef, ...]
    games: tuple[GameRef, ...]


def evidence(table: LossTable, chosen: Truths) -> Evidence:
    """Give the worst of some of the player's moves; ``chosen`` tells which of the table's."""
    rows, game, loss = table.rows[chosen], table.game[chosen], table.loss[chosen]
    worst = rows[_worst_moves(game, loss)]
    moves = table.facts.own("game", "ply", "move", "loss", "win_before")[worst]
    games = table.facts.games
    return Evidence(move_refs(moves, games), _worst_games(game, loss, games))


def move_refs(moves: pl.DataFrame, games: pl.DataFrame) -> tuple[MoveRef, ...]:
    """Name moves by their games and plies, in their order."""
    ids = games["game_id"]
    return tuple(
        MoveRef(ids[game], ply, move_uci(move), None, loss, win_before)
        for game, ply, move, loss, win_before in moves.select(
            "game", "ply", "move", "loss", "win_before"
        ).iter_rows()
    )


def move_uci(number: int) -> str:
    """Write a move as engines do, from its number among the facts.

    >>> move_uci(12 + 64 * 28)
    'e2e4'
    """
    promotion = number >> 12
    return chess.Move(number & 63, number >> 6 & 63, promotion or None).uci()


def _worst_moves(game: Rows, loss: Floats) -> list[int]:
    """Name the moves in which most was lost, a few of each game; the worst first."""
    shown: Counter[int] = Counter()
    worst: list[int] = []
    for move in np.argsort(-loss, kind="stable"):
        if loss[move] <= 0 or len(worst) == MOST_MOVES:
            break
        if shown[game[move]] < MOST_OF_A_GAME:
            shown[game[move]] += 1
            worst.append(move)
    return worst


def _worst_games(game: Rows, loss: Floats, games: pl.DataFrame) -> tuple[GameRef, ...]:
    lost = np.bincount(game, weights=loss)
    moves = np.bincount(game)
    worst = np.argsort(-lost, kind="stable")[:MOST_GAMES].tolist()
    ids, played = games["game_id"], games["played_ms"]
    return tuple(
        GameRef(ids[row], played[row], float(lost[row]), int(moves[row]))
        for row in worst
        if lost[row] > 0
    )
