"""What can be looked at: the moves and games in which most was lost."""

from dataclasses import dataclass

import chess
import numpy as np
import polars as pl

from chess_analytics.insights.frames import Facts
from chess_analytics.insights.measured import Rows

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


def evidence(facts: Facts, rows: Rows) -> Evidence:
    """Give the worst of some of the player's moves; ``rows`` are those of ``facts.own_moves``."""
    chosen = facts.own("game", "ply", "move", "loss", "win_before")[rows]
    games = facts.games.select("game_id", "played_ms")
    return Evidence(_worst_moves(chosen, games), _worst_games(chosen, games))


def move_refs(moves: pl.DataFrame, games: pl.DataFrame) -> tuple[MoveRef, ...]:
    """Name moves by their games and plies, in their order."""
    ids = games["game_id"].to_list()
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


def _worst_moves(chosen: pl.DataFrame, games: pl.DataFrame) -> tuple[MoveRef, ...]:
    worst = chosen.filter(pl.col("loss") > 0).sort("loss", descending=True, maintain_order=True)
    place = pl.int_range(pl.len()).over("game")
    return move_refs(worst.filter(place < MOST_OF_A_GAME).head(MOST_MOVES), games)


def _worst_games(chosen: pl.DataFrame, games: pl.DataFrame) -> tuple[GameRef, ...]:
    game = chosen["game"].cast(pl.Int64).to_numpy()
    loss = np.bincount(game, weights=chosen["loss"].cast(pl.Float64).to_numpy())
    moves = np.bincount(game)
    worst = np.argsort(-loss, kind="stable")[:MOST_GAMES]
    ids, played = games["game_id"], games["played_ms"]
    return tuple(
        GameRef(ids[int(row)], played[int(row)], float(loss[row]), int(moves[row]))
        for row in worst
        if loss[row] > 0
    )
