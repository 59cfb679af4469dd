"""Analyses of games: who made them, what came out, and what each move was worth."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.actions.exports.library_json import move_object, run_object
from chess_analytics.api import problems
from chess_analytics.api.game_query import MOST
from chess_analytics.api.identity import Reader
from chess_analytics.api.routes import Reading, Router
from chess_analytics.review.judgment import Judgment
from chess_analytics.review.phases import Phase
from chess_analytics.review.rules import LabelKind
from chess_analytics.store.games import find_game
from chess_analytics.store.moves import moves_of_run
from chess_analytics.store.runs import RunSource, find_run, runs_of_game

router = Router(
    tags=["runs"],
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
)

GameId = Annotated[int, Path(ge=1, le=MOST, description="The game's number.")]
RunId = Annotated[int, Path(ge=1, le=MOST, description="The run's number.")]


class RunSide(BaseModel):
    """One player's game in numbers, not rounded."""

    model_config = ConfigDict(frozen=True)

    accuracy: float | None = Field(description="0 to 100; null while the side has not moved.")
    acpl: float | None = Field(description="Average centipawn loss.")
    inaccuracies: int
    mistakes: int
    blunders: int


class Run(BaseModel):
    """One analysis of one game; it is never changed."""

    model_config = ConfigDict(frozen=True)

    id: int
    game_id: int
    source: RunSource = Field(
        description="`engine`: an engine of this server; `supplied`: it came with the game."
    )
    engine: str = Field(examples=["Stockfish 17", "lichess server analysis"])
    profile: str | None = Field(description="How hard the engine worked.")
    settings_key: str = Field(
        description="All that decides the numbers: the same key and the same moves give the same."
    )
    nodes: int = Field(description="Positions that the engine visited.")
    seconds: float
    created_ms: int
    white: RunSide
    black: RunSide


class Move(BaseModel):
    """What one move was worth."""

    model_config = ConfigDict(frozen=True)

    ply: int = Field(description="1 for the first move of the game, whoever makes it.")
    uci: str = Field(examples=["g1f3"])
    san: str = Field(examples=["Nf3"])
    cp: int | None = Field(
        description="The evaluation after the move in centipawns, White's; null where it is a mate."
    )
    mate: int | None = Field(
        description="Moves to mate, negative when Black mates. After checkmate both are null."
    )
    best: str | None = Field(
        description="The engine's first choice before the move, UCI; it may be the move played."
    )
    judgment: Judgment | None
    label: LabelKind
    loss: float = Field(description="Winning chance given away, in percent points.")
    accuracy: float = Field(description="0 to 100.")
    phase: Phase
    clock_s: float | None = Field(description="Seconds left after the move.")
    spent_s: float | None = Field(description="Seconds spent on it.")


class RunWithMoves(Run):
    """One analysis, move by move."""

    moves: list[Move]


class RunList(BaseModel):
    """All runs of a game, the newest first; they are few and come at once."""

    model_config = ConfigDict(frozen=True)

    items: list[Run]
    next: None = None


@router.get("/games/{game_id}/runs")
def list_runs(game_id: GameId, who: Reader, reading: Reading) -> RunList:
    """List the analyses of a game."""
    if find_game(reading, who.user_id, game_id) is None:
        raise problems.not_found("game")
    runs = runs_of_game(reading, game_id)
    return RunList(items=[Run.model_validate(run_object(run)) for run in runs])


@router.get("/games/{game_id}/runs/{run_id}")
def get_run(game_id: GameId, run_id: RunId, who: Reader, reading: Reading) -> RunWithMoves:
    """Show an analysis with all its moves."""
    run = find_run(reading, who.user_id, run_id)
    if run is None or run.game_id != game_id:
        raise problems.not_found("analysis of this game")
    moves = [move_object(move) for move in moves_of_run(reading, run.id)]
    return RunWithMoves.model_validate({**run_object(run), "moves": moves})
