"""Games that the clock decided: lost in time trouble, and flags that fell in good positions."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from chess_analytics.insights.columns import OutcomeWord
from chess_analytics.insights.endings import Termination
from chess_analytics.insights.loss_table import LossTable
from chess_analytics.insights.measured import Measured, rate_of

TROUBLE_SHARE = 10.0
"""Percent of the initial time and forty increments; below, it is time trouble."""
GOOD = 50.0
"""Percent: from this winning chance on a game was not being lost."""
WINNING = 80.0
"""Percent, as in `Thresholds.winning`."""


@dataclass(frozen=True, slots=True)
class ClockGame:
    """A game that the clock decided."""

    game_id: int
    played_ms: int | None
    win: float
    """The player's winning chance when time trouble began, or when the flag fell."""


@dataclass(frozen=True, slots=True)
class ClockGames:
    """What the clock did to games."""

    games: int
    """Analysed games with clocks."""
    trouble: Measured | None
    """How often the player came into time trouble, in percent of these."""
    spoilt: tuple[ClockGame, ...]
    """Lost, though they stood equal or better when time trouble began; best chance first."""
    flags: int
    """Games lost on time."""
    flags_winning: tuple[ClockGame, ...]
    """Of these: in a won position; the best chance first."""


def clock_games(table: LossTable) -> ClockGames:
    """Find the games, among those of the table, that the clock decided."""
    facts = table.facts
    rows = pl.Series("game", np.unique(table.game), dtype=pl.UInt32).to_frame()
    games = facts.games.select(
        "game_id",
        "played_ms",
        "outcome",
        "termination",
        game=pl.int_range(pl.len(), dtype=pl.UInt32),
    ).join(rows, on="game", how="semi", maintain_order="left")
    timed = facts.own("game", "clock_share", "win_before").filter(
        pl.col("clock_share").is_not_null()
    )
    games = games.join(timed.select("game").unique(), on="game", how="semi", maintain_order="left")
    trouble = (
        timed.filter(pl.col("clock_share") < TROUBLE_SHARE)
        .group_by("game", maintain_order=True)
        .agg(win=pl.col("win_before").first())
    )
    games = games.join(trouble, on="game", how="left", maintain_order="left")
    is_lost = pl.col("outcome") == OutcomeWord.LOSS.value
    flagged = games.filter(is_lost & (pl.col("termination") == Termination.TIME.value))
    ends = facts.moves.group_by("game", maintain_order=True).agg(end=_last_chance())
    won = flagged.join(ends, on="game", how="left", maintain_order="left").with_columns(
        win=pl.col("end")
    )
    return ClockGames(
        games=len(games),
        trouble=rate_of(
            games["game"].cast(pl.Int64).to_numpy(),
            games["win"].is_not_null().cast(pl.Float64).to_numpy(),
        ),
        spoilt=_listed(games.filter(is_lost & (pl.col("win") >= GOOD))),
        flags=len(flagged),
        flags_winning=_listed(won.filter(pl.col("win") >= WINNING)),
    )


def _last_chance() -> pl.Expr:
    """Give the player's winning chance after the last move of a game, whoever made it."""
    after = pl.col("win_after").last()
    return pl.when(pl.col("is_mine").last()).then(after).otherwise(100 - after)


def _listed(games: pl.DataFrame) -> tuple[ClockGame, ...]:
    ordered = games.sort("win", descending=True, maintain_order=True)
    return tuple(
        ClockGame(*row) for row in ordered.select("game_id", "played_ms", "win").iter_rows()
    )
