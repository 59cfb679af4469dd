"""Bad moves made again and again: the same move in the same position, however it came about.

Positions are named in the first 40 plies of a game (`columns.POSITION_PLIES`), so these are opening
lines.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from chess_analytics.games.model import Side
from chess_analytics.insights.columns import POSITION_PLIES
from chess_analytics.insights.evidence import MoveRef, move_refs, move_uci
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span, loss_table

LEAST_TIMES = 2
_COLUMNS = ("game", "ply", "move", "position", "is_white", "judgment", "loss", "win_before")


@dataclass(frozen=True, slots=True)
class RepeatedMistake:
    """One bad move that was made several times."""

    position: str
    """Name of the position, as in `openings_tree.TreePosition`."""
    uci: str
    color: Side
    times: int
    times_there: int
    """Games in which the player had to move in this position."""
    opening: str | None
    """Of the newest of these games."""
    loss: float
    """Points of winning chance lost each time, on average."""
    points: float
    """Lost by all of them together."""
    last_ms: int | None
    seen: tuple[MoveRef, ...]
    """Every time, the newest first."""

    @property
    def san(self) -> str | None:
        """Give the move as players write it, which it is alike every time."""
        return self.seen[0].san


def repeated_mistakes(
    facts: Facts, span: Span | None = None, *, least_times: int = LEAST_TIMES
) -> tuple[RepeatedMistake, ...]:
    """Give the inaccuracies, mistakes and blunders that were repeated; what cost most first."""
    table = loss_table(facts, span or Span())
    moves = facts.own(*_COLUMNS)[table.rows].filter(pl.col("ply") <= POSITION_PLIES)
    moves = moves.with_columns(pl.col("loss").cast(pl.Float64))
    there = moves.group_by("position").agg(times_there=pl.col("game").n_unique())
    bad = moves.filter(pl.col("judgment").is_not_null()).unique(
        ["game", "position", "move"], keep="first", maintain_order=True
    )
    repeated = (
        bad.group_by("position", "move", maintain_order=True)
        .agg(times=pl.len(), points=pl.col("loss").sum())
        .filter(pl.col("times") >= least_times)
        .join(there, on="position", how="left", maintain_order="left")
        .sort("points", descending=True, maintain_order=True)
    )
    worst = bad.join(repeated, on=["position", "move"], how="semi", maintain_order="left")
    groups = dict(worst.group_by("position", "move"))
    return tuple(
        _mistake(facts, groups[position, move], times_there)
        for position, move, times_there in repeated.select(
            "position", "move", "times_there"
        ).iter_rows()
    )


def _mistake(facts: Facts, seen: pl.DataFrame, times_there: int) -> RepeatedMistake:
    # Games are in the order of play, so the greatest row is the newest.
    seen = seen.sort("game", descending=True)
    newest = facts.games.row(seen["game"][0], named=True)
    loss = seen["loss"].to_numpy()
    return RepeatedMistake(
        position=f"{seen['position'][0]:016x}",
        uci=move_uci(seen["move"][0]),
        color=Side.WHITE if seen["is_white"][0] else Side.BLACK,
        times=len(seen),
        times_there=times_there,
        opening=newest["opening"],
        loss=float(np.mean(loss)),
        points=float(np.sum(loss)),
        last_ms=newest["played_ms"],
        seen=move_refs(seen, facts.games),
    )
