"""One game judged, with the reasons: what a page about a game shows."""

from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.actions.exports.stored_pgn import StoredGameUnreadable
from chess_analytics.actions.review_stored_game import review_stored_game
from chess_analytics.api import problems
from chess_analytics.api.identity import Reader
from chess_analytics.api.problems import Problem
from chess_analytics.api.routes import Reading, Router
from chess_analytics.api.runs import GameId, RunId
from chess_analytics.games.model import Side
from chess_analytics.review.judge import EvaluationsMissing, JudgedMove, Review, SideSummary
from chess_analytics.review.judgment import Judgment
from chess_analytics.review.moments import Moment, MomentKind
from chess_analytics.review.phases import Phase
from chess_analytics.review.rules import LabelKind
from chess_analytics.review.thresholds import PROFILES
from chess_analytics.store.games import find_game
from chess_analytics.store.runs import evaluations_of_run, find_run

router = Router(
    tags=["runs"],
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
)


class ThresholdsName(StrEnum):
    """How strictly moves are judged: the names of `review.thresholds.PROFILES`."""

    LICHESS = "lichess"
    LICHESS_UNCAPPED = "lichess-uncapped"
    LICHESS_2020 = "lichess-2020"
    STRICT = "strict"
    CHESSCOM_LIKE = "chesscom-like"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Why(_Frozen):
    """Why a move has its label."""

    rule: str = Field(description="Its name; docs/concepts/move-labels.md lists them all.")
    text: str = Field(description="The rule with the numbers of this move, in English.")
    numbers: dict[str, float | int | str] = Field(description="What met the rule.")


class ReviewedMove(_Frozen):
    """A move, what it was worth, and why. Evaluations are White's, chances are the mover's."""

    ply: int = Field(description="1 for the first move of the game, whoever makes it.")
    side: Side
    uci: str = Field(examples=["g1f3"])
    san: str = Field(examples=["Nf3"])
    cp: int | None = Field(description="After the move in centipawns; null where it is a mate.")
    mate: int | None = Field(
        description="Moves to mate, negative when Black mates. After checkmate both are null."
    )
    best: str | None = Field(description="The engine's first choice before the move, UCI.")
    best_san: str | None
    line: list[str] = Field(
        description="What would have been better, in standard algebraic notation; of judged moves."
    )
    judgment: Judgment | None
    label: LabelKind
    why: Why
    loss: float = Field(description="Winning chance given away, in percent points.")
    win_before: float = Field(description="In percent.")
    win_after: float
    accuracy: float = Field(description="0 to 100.")
    phase: Phase
    clock_s: float | None = Field(description="Seconds left after the move.")
    spent_s: float | None = Field(description="Seconds spent on it.")


class ReviewedSide(_Frozen):
    """One player's game in numbers, not rounded."""

    accuracy: float | None = Field(description="0 to 100; null while the side has not moved.")
    acpl: float | None = Field(description="Average centipawn loss.")
    inaccuracies: int
    mistakes: int
    blunders: int
    labels: dict[LabelKind, int] = Field(description="How many moves have each label.")


class ReviewedMoment(_Frozen):
    """A move worth coming back to."""

    kind: MomentKind
    ply: int
    side: Side


class JudgedGame(_Frozen):
    """One game, judged."""

    thresholds: str = Field(description="How strictly moves were judged.")
    initial_fen: str = Field(description="The position in which the game begins.")
    middlegame_ply: int | None = Field(description="The first ply of the middlegame.")
    endgame_ply: int | None = Field(description="The first ply of the endgame.")
    white: ReviewedSide
    black: ReviewedSide
    moments: list[ReviewedMoment] = Field(description="In the order of play.")
    moves: list[ReviewedMove]


class GameReview(JudgedGame):
    """One of your games, judged by one of its analyses."""

    run_id: int


@router.get(
    "/games/{game_id}/runs/{run_id}/review", responses=problems.responses(HTTPStatus.CONFLICT)
)
def review_game(
    game_id: GameId,
    run_id: RunId,
    who: Reader,
    reading: Reading,
    *,
    thresholds: Annotated[
        ThresholdsName,
        Query(description="How strictly. Lists, insights and drills keep those of Lichess."),
    ] = ThresholdsName.LICHESS,
) -> GameReview:
    """Judge a game by one of its analyses: every move with the reason for its label.

    Worked out again each time from the stored evaluations, in some hundredths of a second.
    """
    game = find_game(reading, who.user_id, game_id)
    run = find_run(reading, who.user_id, run_id)
    if game is None or run is None or run.game_id != game_id:
        raise problems.not_found("analysis of this game")
    try:
        evaluations = evaluations_of_run(reading, run_id)
        review = review_stored_game(game, evaluations, PROFILES[thresholds])
    except (StoredGameUnreadable, EvaluationsMissing) as error:
        raise Problem(HTTPStatus.CONFLICT, str(error), kind="not-to-be-reviewed") from error
    return GameReview(run_id=run_id, **dict(judged_game(review)))


def judged_game(review: Review) -> JudgedGame:
    """Show a review as the API does."""
    moments = (*review.turning_points, *review.missed_wins, *review.time_trouble_errors)
    return JudgedGame(
        thresholds=review.thresholds.name,
        initial_fen=review.game.initial_fen,
        middlegame_ply=review.division.middle,
        endgame_ply=review.division.end,
        white=_side(review.white),
        black=_side(review.black),
        moments=[_moment(it) for it in sorted(moments, key=lambda it: (it.ply, it.kind))],
        moves=[_move(it) for it in review.moves],
    )


def _side(side: SideSummary) -> ReviewedSide:
    return ReviewedSide(
        accuracy=side.accuracy,
        acpl=side.acpl,
        inaccuracies=side.inaccuracies,
        mistakes=side.mistakes,
        blunders=side.blunders,
        labels=dict(side.labels),
    )


def _moment(moment: Moment) -> ReviewedMoment:
    return ReviewedMoment(kind=moment.kind, ply=moment.ply, side=moment.side)


def _move(move: JudgedMove) -> ReviewedMove:
    label = move.label
    return ReviewedMove(
        ply=move.ply,
        side=move.side,
        uci=move.uci,
        san=move.san,
        cp=move.score.cp if move.score else None,
        mate=move.score.mate if move.score else None,
        best=move.best,
        best_san=move.best_san,
        line=list(move.better_sans),
        judgment=move.judgment,
        label=label.kind,
        why=Why(rule=label.rule, text=label.text, numbers=dict(label.numbers)),
        loss=move.loss,
        win_before=move.win_before,
        win_after=move.win_after,
        accuracy=move.accuracy,
        phase=move.phase,
        clock_s=move.clock_s,
        spent_s=move.spent_s,
    )
