"""The games that a user keeps: lists of them, one of them, and deleting one."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.actions.exports.library_json import (
    game_object,
    listed_game_object,
    run_object,
)
from chess_analytics.api import problems
from chess_analytics.api.game_query import GameQuery, write_cursor
from chess_analytics.api.identity import Reader, Writer
from chess_analytics.api.routes import Reading, Router, Writing
from chess_analytics.api.runs import GameId, Run
from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Result, Side, Site, Variant
from chess_analytics.store.game_pages import count_games, game_page
from chess_analytics.store.game_rows import Outcome
from chess_analytics.store.games import delete_game as delete_stored_game
from chess_analytics.store.games import find_game
from chess_analytics.store.runs import runs_of_game

router = Router(
    tags=["games"],
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)


class ListedGame(BaseModel):
    """A game as lists show it; what is not known of it is null."""

    model_config = ConfigDict(frozen=True)

    id: int
    site: Site
    site_id: str | None = Field(description="Its name on its site.", examples=["q7ZvsdUF"])
    variant: Variant
    white: str | None
    black: str | None
    white_rating: int | None
    black_rating: int | None
    result: Result
    played_ms: int | None = Field(description="When it was played, as well as its headers tell.")
    time_control: str | None = Field(description="In PGN's words.", examples=["300+3"])
    speed: Speed | None = Field(description="By the rule of Lichess.")
    eco: str | None = Field(examples=["B90"])
    opening: str | None = Field(examples=["Sicilian Defense: Najdorf Variation"])
    plies: int = Field(description="Moves of either side.")
    added_ms: int = Field(description="When it came into the library.")
    import_id: int | None = Field(description="The import that added it.")
    player_id: int | None = Field(
        description="Which of your names played; null, like all of yours, in games of others."
    )
    color: Side | None = Field(description="Your pieces.")
    outcome: Outcome | None = Field(description="How it ended for you.")
    rating: int | None = Field(description="Yours.")
    opponent: str | None
    opponent_rating: int | None
    is_analysed: bool = Field(description="An engine of this server has been at work.")
    run: Run | None = Field(
        description="The newest analysis by an engine of this server, else the newest that came "
        "with the game."
    )


class Game(ListedGame):
    """One game with all that is known of it."""

    headers: dict[str, str] = Field(description="The tags as they came.")
    pgn: str = Field(description="The text as it came.")
    runs: list[Run] = Field(description="All its analyses, the newest first.")


class GameList(BaseModel):
    """A page of games."""

    model_config = ConfigDict(frozen=True)

    items: list[ListedGame]
    next: str | None = Field(description="Give it as `after` for the next page; null on the last.")
    total: int | None = Field(
        description="How many games there are on all pages, where `count` asked for it."
    )


@router.get("/games")
def list_games(query: Annotated[GameQuery, Query()], who: Reader, reading: Reading) -> GameList:
    """List my games, a page at a time.

    All conditions have to be met; names are compared without capitals and accents. A game of which
    something is not known is not listed where that is asked for.
    """
    wanted = query.filter()
    page = game_page(
        reading, who.user_id, wanted, query.sort, after=query.cursor(), limit=query.limit
    )
    return GameList(
        items=[ListedGame.model_validate(listed_game_object(game)) for game in page.games],
        next=write_cursor(page.next, query.sort) if page.next else None,
        total=count_games(reading, who.user_id, wanted) if query.count else None,
    )


@router.get("/games/{game_id}", responses=problems.responses(HTTPStatus.NOT_FOUND))
def get_game(game_id: GameId, who: Reader, reading: Reading) -> Game:
    """Show one game: headers, text and analyses."""
    game = find_game(reading, who.user_id, game_id)
    if game is None:
        raise problems.not_found("game")
    runs = [run_object(run) for run in runs_of_game(reading, game_id)]
    return Game.model_validate(game_object(game, runs))


@router.delete(
    "/games/{game_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems.responses(HTTPStatus.NOT_FOUND),
)
def delete_game(game_id: GameId, who: Writer, writing: Writing) -> None:
    """Delete a game with its analyses; importing it again adds it again."""
    if not delete_stored_game(writing, who.user_id, game_id):
        raise problems.not_found("game")
