"""Games as PGN: one, or all of a list, sent while they are written."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated

from fastapi import Query
from fastapi.responses import Response, StreamingResponse
from pydantic import Field
from sqlalchemy import Connection

from chess_analytics.actions.exports.stored_pgn import (
    StoredGameUnreadable,
    analysed_pgn,
    plain_pgn,
)
from chess_analytics.actions.write_games import write_games
from chess_analytics.api import problems
from chess_analytics.api.file_answers import as_file, day_of, safe_name
from chess_analytics.api.game_query import MOST, GameChoice
from chess_analytics.api.identity import Reader
from chess_analytics.api.problems import Problem
from chess_analytics.api.resources import Now, TheStore
from chess_analytics.api.routes import Reading, Router
from chess_analytics.api.runs import GameId
from chess_analytics.review.judge import EvaluationsMissing
from chess_analytics.store.game_rows import ListedGame
from chess_analytics.store.games import StoredGame, find_game
from chess_analytics.store.runs import GameRun, evaluations_of_run, find_run

router = Router(
    tags=["games"],
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)

PGN = "application/x-chess-pgn"
_CONTENT_TYPE = f"{PGN}; charset=utf-8"


class PgnResponse(Response):
    """The PGN of one game."""

    media_type = PGN


class PgnStream(StreamingResponse):
    """The PGN of many games, one after the other."""

    media_type = PGN


class PgnChoice(GameChoice):
    """Which games are to be written, in which order, and how."""

    annotated: bool = Field(
        default=False,
        description="Write the analysis into each game that has one.",
    )


@router.get(
    "/games.pgn",
    response_class=PgnStream,
    responses={HTTPStatus.OK.value: {"description": "The games, one after the other."}},
)
def download_games(
    choice: Annotated[PgnChoice, Query()], who: Reader, store: TheStore, now_ms: Now
) -> PgnStream:
    """Download all games of a list as one PGN, however many there are."""
    texts = write_games(
        store, who.user_id, choice.filter(), choice.sort, annotated=choice.annotated
    )
    name = f"{safe_name(who.name)}-{day_of(now_ms)}.pgn"
    return PgnStream(_encoded(texts), headers=as_file(name, _CONTENT_TYPE))


@router.get(
    "/games/{game_id}/pgn",
    response_class=PgnResponse,
    responses=problems.responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
    | {HTTPStatus.OK.value: {"description": "The game."}},
)
def download_game(
    game_id: GameId,
    who: Reader,
    reading: Reading,
    *,
    annotated: Annotated[
        bool, Query(description="With its analysis: evaluations, judgments and better lines.")
    ] = False,
    run_id: Annotated[
        int | None,
        Query(ge=1, le=MOST, description="With this analysis; by default the one that lists show."),
    ] = None,
) -> PgnResponse:
    """Download one game: as it came, or annotated."""
    game = find_game(reading, who.user_id, game_id)
    if game is None:
        raise problems.not_found("game")
    if annotated or run_id is not None:
        text = _annotated(reading, game, _run(reading, who.user_id, game, run_id))
    else:
        text = plain_pgn(game.pgn)
    return PgnResponse(text, headers=as_file(_file_name(game.listed), _CONTENT_TYPE))


def _run(connection: Connection, user_id: int, game: StoredGame, run_id: int | None) -> GameRun:
    run = game.listed.run if run_id is None else find_run(connection, user_id, run_id)
    if run is None and run_id is None:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "this game has no analysis yet; ask for it without `annotated`",
            kind="not-analysed",
        )
    if run is None or run.game_id != game.listed.id:
        raise problems.not_found("analysis of this game")
    return run


def _annotated(connection: Connection, game: StoredGame, run: GameRun) -> str:
    try:
        return analysed_pgn(game, run, evaluations_of_run(connection, run.id))
    except (StoredGameUnreadable, EvaluationsMissing) as error:
        raise Problem(HTTPStatus.CONFLICT, str(error), kind="not-to-be-annotated") from error


def _encoded(texts: Iterator[str]) -> Iterator[bytes]:
    return (text.encode() for text in texts)


def _file_name(game: ListedGame) -> str:
    day = day_of(game.played_ms) if game.played_ms else ""
    parts = (day, safe_name(game.white or ""), safe_name(game.black or ""), str(game.id))
    return f"{'-'.join(filter(None, parts))}.pgn"
