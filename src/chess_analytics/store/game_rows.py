"""A stored game as lists show it, read in one statement with the run that stands for it."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, RowMapping

from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Result, Side, Site, Variant
from chess_analytics.store.runs import RUN_COLUMNS, GameRun, RunSource, game_run
from chess_analytics.store.tables import games

_RUN = "shown_run_"


class Outcome(StrEnum):
    """How a game ended for the user whose it is."""

    WIN = "win"
    DRAW = "draw"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class ListedGame:
    """One row of a list of games."""

    id: int
    site: Site
    site_id: str | None
    variant: Variant
    white: str | None
    black: str | None
    white_rating: int | None
    black_rating: int | None
    result: Result
    played_ms: int
    """0 where the game does not tell."""
    time_control: str | None
    speed: Speed | None
    eco: str | None
    opening: str | None
    plies: int
    added_ms: int
    import_id: int | None
    player_id: int | None
    """Which of the user's names played; absent, like all that follows, in games of others."""
    color: Side | None
    outcome: Outcome | None
    rating: int | None
    opponent: str | None
    opponent_rating: int | None
    run: GameRun | None
    """The newest run of an engine of ours, else the newest that came with the game."""

    @property
    def is_analysed(self) -> bool:
        """An engine of ours has been at work."""
        return self.run is not None and self.run.source is RunSource.ENGINE


def listed_columns() -> list[ColumnElement[object]]:
    """Name all that a `ListedGame` is made of; games are joined with their run, where there is."""
    return [*_GAME_COLUMNS, *(column.label(_RUN + column.name) for column in RUN_COLUMNS)]


def listed_game(row: RowMapping) -> ListedGame:
    """Read a game from a row that holds `listed_columns`."""
    return ListedGame(
        id=row["id"],
        site=Site(row["site"]),
        site_id=row["site_id"],
        variant=Variant(row["variant"]),
        white=row["white"],
        black=row["black"],
        white_rating=row["white_rating"],
        black_rating=row["black_rating"],
        result=Result(row["result"]),
        played_ms=row["played_ms"],
        time_control=row["time_control"],
        speed=Speed(row["speed"]) if row["speed"] else None,
        eco=row["eco"],
        opening=row["opening"],
        plies=row["plies"],
        added_ms=row["added_ms"],
        import_id=row["import_id"],
        player_id=row["player_id"],
        color=Side(row["color"]) if row["color"] else None,
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        rating=row["rating"],
        opponent=row["opponent"],
        opponent_rating=row["opponent_rating"],
        run=game_run(row, _RUN) if row[f"{_RUN}id"] is not None else None,
    )


_NOT_SHOWN = {
    "user_id",
    "moves_key",
    "opening_key",
    "opponent_key",
    "run_id",
    "run_source",
    "accuracy",
}
_GAME_COLUMNS = [column for column in games.c if column.name not in _NOT_SHOWN]
