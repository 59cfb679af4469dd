"""A player's own opening tree, from the positions of their games: transpositions meet in one place.

tree = opening_tree(facts, Side.WHITE)
tree.positions[tree.root].moves[0]      # what was played most
"""

from collections.abc import Mapping
from dataclasses import dataclass

import chess
import polars as pl

from chess_analytics.games.model import Side
from chess_analytics.games.openings import opening_at
from chess_analytics.insights.board_facts import position_name
from chess_analytics.insights.columns import POSITION_PLIES
from chess_analytics.insights.confidence import Sums
from chess_analytics.insights.evidence import move_uci
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.measured import Measured, means, rates
from chess_analytics.insights.selection import select

LEAST_GAMES = 2
MOST_PLIES = 30


@dataclass(frozen=True, slots=True)
class TreeMove:
    """A move out of a position of the tree."""

    uci: str
    games: int
    score: Measured | None
    """The player's points with it, in percent, with Wilson's interval."""
    loss: Measured | None
    """Points of winning chance that it gave away on average, of whoever made it."""
    leads_to: str
    """Name of the position after it; it is in the tree if enough games went on."""


@dataclass(frozen=True, slots=True)
class TreePosition:
    """A position of the tree, however the games came there."""

    name: str
    """16 hexadecimal digits, of the column ``position`` of the facts."""
    fen: str
    """As it is reached by the moves played most."""
    ply: int
    """Moves of both before it, on that way."""
    opening: str | None
    """The name of this very position, if it has one."""
    is_mine: bool
    """The player is to move."""
    games: int
    score: Measured | None
    eval_cp: Measured | None
    """The player's evaluation, in centipawns."""
    moves: tuple[TreeMove, ...]
    """The one played most first; seldom ones are left out."""


@dataclass(frozen=True, slots=True)
class OpeningTree:
    """The beginnings of the analysed standard games with one colour."""

    color: Side
    root: str
    positions: Mapping[str, TreePosition]
    """By name; empty where there are no games."""
    games: int


def opening_tree(
    facts: Facts,
    color: Side,
    span: Span | None = None,
    *,
    least_games: int = LEAST_GAMES,
    most_plies: int = MOST_PLIES,
) -> OpeningTree:
    """Gather the beginnings of the player's games with a colour, as far as enough went alike.

    In the tree are the positions that are reached by moves which enough games made.
    """
    moves = _beginnings(facts, color, span or Span(), most_plies)
    root = position_name(chess.Board())
    nodes = _measured(moves, ["position"]).filter(pl.col("games") >= least_games)
    edges = _measured(moves, ["position", "move"]).filter(pl.col("games") >= least_games)
    boards = _boards(root, edges)
    return OpeningTree(
        color, _hex(root), _positions(nodes, _moves(edges), boards), moves["game"].n_unique()
    )


def _beginnings(facts: Facts, color: Side, span: Span, most_plies: int) -> pl.DataFrame:
    """Give the first moves of the games, with the position that each leads to."""
    selection = select(facts, span.question("score"))
    games = facts.games.select(
        game=pl.int_range(pl.len(), dtype=pl.UInt32),
        keep=pl.Series(selection.games)
        & (pl.col("color") == color.value)
        & (pl.col("variant") == "standard"),
        points=pl.Series(selection.value),
    ).filter("keep")
    start = position_name(chess.Board())
    depth = min(most_plies, POSITION_PLIES - 1)
    moves = (
        facts.moves.select("game", "ply", "position", "move", "loss", "eval_cp", "is_mine")
        .filter(pl.col("ply") <= depth + 1)
        .join(games.select("game", "points"), on="game", how="inner", maintain_order="left")
        .with_columns(next=pl.col("position").shift(-1).over("game"))
    )
    from_start = moves.filter((pl.col("ply") == 1) & (pl.col("position") == start))
    sign = pl.when("is_mine").then(1).otherwise(-1)
    return (
        moves.filter(pl.col("game").is_in(from_start["game"].to_list()))
        .filter((pl.col("ply") <= depth) & pl.col("next").is_not_null())
        .with_columns(eval_cp=sign * pl.col("eval_cp").cast(pl.Float64))
        .with_columns(pl.col("loss", "points").cast(pl.Float64))
    )


def _measured(moves: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Sum over games; a game that comes twice to a position counts once."""
    once = moves.unique(["game", *by], keep="first", maintain_order=True)
    value = ("points", "loss", "eval_cp")
    return (
        once.group_by(by, maintain_order=True)
        .agg(
            pl.len().alias("games"),
            pl.col("next", "is_mine").first(),
            *(pl.col(name).is_not_nan().sum().alias(f"{name}_n") for name in value),
            *(pl.col(name).fill_nan(0).sum().alias(name) for name in value),
            *((pl.col(name).fill_nan(0) ** 2).sum().alias(f"{name}_2") for name in value),
        )
        .sort("games", descending=True, maintain_order=True)
    )


def _moves(edges: pl.DataFrame) -> dict[int, list[TreeMove]]:
    """Give the moves out of each position, the one played most first."""
    scores, losses = rates(_sums(edges, "points")), means(_sums(edges, "loss"))
    rows = edges.select("position", "move", "next", "games").iter_rows()
    found: dict[int, list[TreeMove]] = {}
    for (name, move, following, games), score, loss in zip(rows, scores, losses, strict=True):
        made = TreeMove(move_uci(move), games, score, loss, _hex(following))
        found.setdefault(name, []).append(made)
    return found


def _positions(
    nodes: pl.DataFrame, moves: Mapping[int, list[TreeMove]], boards: Mapping[int, chess.Board]
) -> dict[str, TreePosition]:
    scores, evaluations = rates(_sums(nodes, "points")), means(_sums(nodes, "eval_cp"))
    rows = nodes.select("position", "games", "is_mine").iter_rows()
    return {
        _hex(name): TreePosition(
            name=_hex(name),
            fen=boards[name].fen(),
            ply=boards[name].ply(),
            opening=_named(boards[name]),
            is_mine=is_mine,
            games=games,
            score=score,
            eval_cp=eval_cp,
            moves=tuple(moves.get(name, ())),
        )
        for (name, games, is_mine), score, eval_cp in zip(rows, scores, evaluations, strict=True)
        if name in boards
    }


def _boards(root: int, edges: pl.DataFrame) -> dict[int, chess.Board]:
    """Reach every position by the moves played most, the short ways first."""
    ways: dict[int, list[tuple[int, int]]] = {}
    for name, move, following in edges.select("position", "move", "next").iter_rows():
        ways.setdefault(name, []).append((move, following))
    boards = {root: chess.Board()}
    reached = [root]
    for name in reached:
        for move, following in ways.get(name, ()):
            if following not in boards:
                board = boards[name].copy(stack=False)
                board.push(chess.Move.from_uci(move_uci(move)))
                boards[following] = board
                reached.append(following)
    return boards


def _named(board: chess.Board) -> str | None:
    named = opening_at(board)
    return named.name if named else None


def _hex(name: int) -> str:
    return f"{name:016x}"


def _sums(measured: pl.DataFrame, name: str) -> Sums:
    """Give sums over games, in each of which the value counts once."""
    count, y, yy = (
        measured[each].cast(pl.Float64).to_numpy() for each in (f"{name}_n", name, f"{name}_2")
    )
    return Sums(games=count, x=count, y=y, xx=count, xy=y, yy=yy)
