"""Games behind secret links: for whoever has the link, and for the owner who makes and ends it."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from chess_analytics.actions.exports.position_picture import position_svg
from chess_analytics.actions.exports.stored_pgn import StoredGameUnreadable, read_again
from chess_analytics.actions.review_stored_game import review_stored_game
from chess_analytics.actions.share_game import ShownGame, open_shared_game, share_game
from chess_analytics.api import problems
from chess_analytics.api.identity import Reader, Writer
from chess_analytics.api.problems import Problem
from chess_analytics.api.resources import Now
from chess_analytics.api.reviews import JudgedGame, judged_game
from chess_analytics.api.routes import Reading, Router, Writing
from chess_analytics.api.runs import GameId
from chess_analytics.api.visits import new_secret
from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Game, Result, Side
from chess_analytics.review.judge import EvaluationsMissing
from chess_analytics.store.games import StoredGame, find_game
from chess_analytics.store.runs import evaluations_of_run
from chess_analytics.store.shared_games import GameLink, find_link, remove_link

router = Router(
    tags=["sharing"],
    responses=problems.responses(
        HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)

SVG = "image/svg+xml"
_PICTURE_HEADERS = {
    # Opened alone it is a page, too, and may do nothing; a link that has ended shows nothing.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
_MOST_PLIES = 1_000
_OF_OWNERS = problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)

Secret = Annotated[str, Path(min_length=1, max_length=64, description="From the link.")]
Ply = Annotated[
    int, Query(ge=0, le=_MOST_PLIES, description="After so many plies; 0 is the start.")
]
Below = Annotated[Side | None, Query(description="Who sits below; by default the owner's side.")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class ShareWish(_Frozen):
    """What a link is to show."""

    hides_opponent: bool = Field(
        default=False, description="Leave out the opponent's name and rating."
    )


class GameShare(_Frozen):
    """Whether a game is shared, and by which link."""

    secret: str | None = Field(description="The link is /shared/{secret}; null: not shared.")
    hides_opponent: bool
    created_ms: int | None


class SharedGame(_Frozen):
    """A game that somebody shares; nothing else of theirs."""

    white: str | None = Field(description="Null where it is not known or not shown.")
    black: str | None
    white_rating: int | None
    black_rating: int | None
    color: Side | None = Field(description="The pieces of who shares it.")
    result: Result
    played_ms: int | None
    time_control: str | None
    speed: Speed | None
    eco: str | None
    opening: str | None
    initial_fen: str = Field(description="The position in which the game begins.")
    moves: list[str] = Field(description="In UCI.")
    review: JudgedGame | None = Field(description="Null where nobody has analysed it.")


class SvgResponse(Response):
    """A picture."""

    media_type = SVG


_A_PICTURE: dict[int | str, dict[str, Any]] = {
    HTTPStatus.OK.value: {"description": "The picture.", "content": {SVG: {}}}
}


@router.get("/games/{game_id}/share", responses=_OF_OWNERS)
def show_share(game_id: GameId, who: Reader, reading: Reading) -> GameShare:
    """Tell whether one of my games is shared."""
    _own_game(reading, who.user_id, game_id)
    return _shown_share(find_link(reading, who.user_id, game_id))


@router.put("/games/{game_id}/share", responses=_OF_OWNERS)
def put_share(
    game_id: GameId, who: Writer, writing: Writing, now_ms: Now, wish: ShareWish | None = None
) -> GameShare:
    """Share a game: whoever has the link sees it with its analysis, and nothing else of mine.

    A game that is shared keeps its link; one whose link was ended gets another.
    """
    share = GameLink(new_secret(), wish is not None and wish.hides_opponent, now_ms)
    kept = share_game(writing, who.user_id, game_id, share)
    if kept is None:
        raise problems.not_found("game")
    return _shown_share(kept)


@router.delete("/games/{game_id}/share", status_code=HTTPStatus.NO_CONTENT, responses=_OF_OWNERS)
def end_share(game_id: GameId, who: Writer, writing: Writing) -> None:
    """End a link; nobody sees anything by it from now on."""
    if not remove_link(writing, who.user_id, game_id):
        raise problems.not_found("link to this game")


@router.get(
    "/games/{game_id}/position.svg", response_class=SvgResponse, responses=_OF_OWNERS | _A_PICTURE
)
def picture_position(
    game_id: GameId, who: Reader, reading: Reading, ply: Ply = 0, side: Below = None
) -> SvgResponse:
    """Draw a position of one of my games."""
    game = _own_game(reading, who.user_id, game_id)
    return _picture(game, ply, side)


@router.get("/shared/{secret}")
def show_shared_game(secret: Secret, reading: Reading) -> SharedGame:
    """Show a game to whoever has its link."""
    shown = _shared(reading, secret)
    played, listed = _read(shown.game), shown.listed
    return SharedGame(
        white=listed.white,
        black=listed.black,
        white_rating=listed.white_rating,
        black_rating=listed.black_rating,
        color=listed.color,
        result=listed.result,
        played_ms=listed.played_ms or None,
        time_control=listed.time_control,
        speed=listed.speed,
        eco=listed.eco,
        opening=listed.opening,
        initial_fen=played.initial_fen,
        moves=[move.move.uci() for move in played.moves],
        review=_review(reading, shown),
    )


@router.get("/shared/{secret}/position.svg", response_class=SvgResponse, responses=_A_PICTURE)
def picture_shared_position(
    secret: Secret, reading: Reading, ply: Ply = 0, side: Below = None
) -> SvgResponse:
    """Draw a position of a shared game, for other pages to show."""
    return _picture(_shared(reading, secret).game, ply, side)


def _own_game(reading: Connection, user_id: int, game_id: int) -> StoredGame:
    game = find_game(reading, user_id, game_id)
    if game is None:
        raise problems.not_found("game")
    return game


def _shared(reading: Connection, secret: str) -> ShownGame:
    shown = open_shared_game(reading, secret)
    if shown is None:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "there is no such link, or it has ended; ask who gave it to you",
            kind="not-found",
        )
    return shown


def _review(reading: Connection, shown: ShownGame) -> JudgedGame | None:
    run = shown.listed.run
    if run is None:
        return None
    try:
        return judged_game(review_stored_game(shown.game, evaluations_of_run(reading, run.id)))
    except EvaluationsMissing:
        # The game itself can be shown all the same.
        return None


def _read(game: StoredGame) -> Game:
    try:
        return read_again(game)
    except StoredGameUnreadable as error:
        raise Problem(HTTPStatus.CONFLICT, str(error), kind="not-to-be-read") from error


def _picture(game: StoredGame, ply: int, side: Side | None) -> SvgResponse:
    below = side or game.listed.color or Side.WHITE
    return SvgResponse(position_svg(_read(game), ply, below), headers=_PICTURE_HEADERS)


def _shown_share(share: GameLink | None) -> GameShare:
    return GameShare(
        secret=share.secret if share else None,
        hides_opponent=share is not None and share.hides_opponent,
        created_ms=share.created_ms if share else None,
    )
