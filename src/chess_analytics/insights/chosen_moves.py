"""Which of some moves are among those that are asked about, such as those of a finding's cut."""

from collections.abc import Collection

import polars as pl

from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span, loss_table
from chess_analytics.insights.spelling import Place


def chosen_moves(facts: Facts, span: Span, among: Collection[Place]) -> set[Place]:
    """Give those of the player's moves that count and pass the filters, of all that are named.

    Raises:
        QuestionRefused: a filter names something that does not exist.
    """
    table = loss_table(facts, span)
    moves = facts.own("game", "ply")[table.rows]
    kept = pl.DataFrame(
        {
            "game_id": facts.games["game_id"].gather(moves["game"]).cast(pl.Int64),
            "ply": moves["ply"].cast(pl.Int64),
        }
    )
    named = pl.DataFrame(sorted(among), schema={"game_id": pl.Int64, "ply": pl.Int64}, orient="row")
    return set(named.join(kept, on=["game_id", "ply"], how="semi").iter_rows())
