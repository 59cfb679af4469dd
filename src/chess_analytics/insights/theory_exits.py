"""Where games leave known theory, who leaves it, and how that turns out.

Theory is what named openings know. The first move that none of them knows leaves it; positions are
named however they were reached, so that transpositions count together.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from chess_analytics.games.model import Side
from chess_analytics.insights.evidence import MoveRef, move_refs, move_uci
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.measured import Measured, means, rates, sum_groups
from chess_analytics.insights.selection import Floats, select

LEAST_GAMES = 2
MOST_SEEN = 5
_GROUP = ("position", "move", "color")


@dataclass(frozen=True, slots=True)
class TheoryExit:
    """A move that leaves theory, in one position."""

    position: str
    """Name of the position, as in `openings_tree.TreePosition`."""
    uci: str
    color: Side
    """The player's pieces."""
    is_mine: bool
    """The player leaves theory; else the opponent."""
    opening: str | None
    """Of the newest of these games."""
    games: int
    score: Measured | None
    """The player's points in these games, in percent, with Wilson's interval."""
    loss: Measured | None
    """Points of winning chance that this very move gave away, of whoever made it."""
    eval_cp: Measured | None
    """The player's evaluation before the move, in centipawns."""
    seen: tuple[MoveRef, ...]
    """The newest times, the newest first."""

    @property
    def san(self) -> str | None:
        """Give the move as players write it, which it is alike every time."""
        return self.seen[0].san


def theory_exits(
    facts: Facts, span: Span | None = None, *, least_games: int = LEAST_GAMES
) -> tuple[TheoryExit, ...]:
    """List the moves that leave theory in at least so many standard games, the commonest first."""
    exits = _exits(facts, span or Span())
    groups = (
        exits.group_by(_GROUP, maintain_order=True)
        .agg(games=pl.len())
        .filter(pl.col("games") >= least_games)
        .sort("games", descending=True, maintain_order=True)
        .with_row_index("group")
    )
    exits = exits.join(groups, on=_GROUP, how="inner", maintain_order="left")
    group = exits["group"].cast(pl.Int64).to_numpy()
    game = exits["game"].cast(pl.Int64).to_numpy()

    def sums(name: str, *, rate: bool = False) -> list[Measured | None]:
        value: Floats = exits[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        known = ~np.isnan(value)
        summed = sum_groups(group[known], game[known], value[known], len(groups))
        return rates(summed) if rate else means(summed)

    measured = zip(sums("points", rate=True), sums("loss"), sums("eval_cp"), strict=True)
    of_group = exits.partition_by("group", maintain_order=True, as_dict=True)
    return tuple(
        _exit(facts, of_group[number,], *numbers) for number, numbers in enumerate(measured)
    )


def _exits(facts: Facts, span: Span) -> pl.DataFrame:
    """Give the first move of each game that no named opening knows."""
    selection = select(facts, span.question("score"))
    games = facts.games.select(
        "color",
        "book_ply",
        "variant",
        game=pl.int_range(pl.len(), dtype=pl.UInt32),
        keep=pl.Series(selection.games),
        points=pl.Series(selection.value),
    ).filter(pl.col("keep") & (pl.col("variant") == "standard"))
    sign = pl.when("is_mine").then(1).otherwise(-1)
    return (
        facts.moves.select(
            "game", "ply", "position", "move", "loss", "win_before", "eval_cp", "is_mine"
        )
        .filter(pl.col("position").is_not_null())
        .join(games, on="game", how="inner", maintain_order="left")
        .filter(pl.col("ply").cast(pl.Int32) == pl.col("book_ply").cast(pl.Int32) + 1)
        .with_columns(eval_cp=sign * pl.col("eval_cp").cast(pl.Float64))
    )


def _exit(
    facts: Facts,
    games: pl.DataFrame,
    score: Measured | None,
    loss: Measured | None,
    eval_cp: Measured | None,
) -> TheoryExit:
    # Games are in the order of play, so the greatest row is the newest.
    newest = games.sort("game", descending=True)
    first = newest.row(0, named=True)
    return TheoryExit(
        position=f"{first['position']:016x}",
        uci=move_uci(first["move"]),
        color=Side(first["color"]),
        is_mine=first["is_mine"],
        opening=facts.games["opening"][first["game"]],
        games=len(games),
        score=score,
        loss=loss,
        eval_cp=eval_cp,
        seen=move_refs(newest.head(MOST_SEEN), facts.games),
    )
