"""Linked players: the user's names on the sites and in PGNs, and the fetching of their games."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Response
from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.actions.link_players import LONGEST_NAME, link_player, unlink_player
from chess_analytics.actions.start_imports import start_sync
from chess_analytics.api import problems
from chess_analytics.api.idempotency import Key, Once, carry_out
from chess_analytics.api.identity import Reader, Writer
from chess_analytics.api.import_worker import TheImporter
from chess_analytics.api.imports import Import, accepted, import_of
from chess_analytics.api.resources import Now, TheStore
from chess_analytics.api.routes import Glancing, Router, Writing
from chess_analytics.games.model import Site
from chess_analytics.store.players import LinkedPlayer, count_games_by_player, players_of

router = Router(
    tags=["players"],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)

_MOST = 2**63 - 1
PlayerId = Annotated[int, Path(ge=1, le=_MOST)]


class PlayerWish(BaseModel):
    """A name that is to be linked."""

    model_config = ConfigDict(frozen=True)

    site: Site = Field(
        description="Where this is your name; `other` is a name as it stands in PGNs, whatever its "
        "spelling."
    )
    name: str = Field(min_length=1, max_length=LONGEST_NAME, examples=["DrNykterstein"])


class Player(BaseModel):
    """One of your names."""

    model_config = ConfigDict(frozen=True)

    id: int
    site: Site
    name: str
    games: int = Field(description="Games in the library in which this is you.")
    created_ms: int
    synced_ms: int | None = Field(
        description="When all games on the site were fetched the last time."
    )


class PlayerList(BaseModel):
    """All your names, in the order in which they were linked; they are few and come at once."""

    model_config = ConfigDict(frozen=True)

    items: list[Player]
    next: None = None


@router.get("/players")
def list_players(who: Reader, glancing: Glancing) -> PlayerList:
    """List my names."""
    games = count_games_by_player(glancing, who.user_id)
    players = players_of(glancing, who.user_id)
    return PlayerList(items=[_player(each, games.get(each.id, 0)) for each in players])


@router.post(
    "/players",
    status_code=HTTPStatus.CREATED,
    responses=problems.responses(HTTPStatus.CONFLICT),
)
def create_player(wish: PlayerWish, who: Writer, writing: Writing, now_ms: Now) -> Player:
    """Link a name; games that are in the library and are its become yours."""
    linked = link_player(writing, who.user_id, wish.site, wish.name, now_ms=now_ms)
    return _player(linked, count_games_by_player(writing, who.user_id).get(linked.id, 0))


@router.delete(
    "/players/{player_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems.responses(HTTPStatus.NOT_FOUND),
)
def delete_player(
    player_id: PlayerId, who: Writer, store: TheStore, now_ms: Now, importer: TheImporter
) -> None:
    """Unlink a name; its games stay in the library, and are nobody's."""
    with store.writing() as connection:
        if not unlink_player(connection, who.user_id, player_id, now_ms=now_ms):
            raise problems.not_found("player")
    importer.ring()


@router.post(
    "/players/{player_id}/imports",
    status_code=HTTPStatus.ACCEPTED,
    response_model=Import,
    responses=problems.responses(
        HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS
    ),
)
def fetch_games(
    player_id: PlayerId,
    who: Writer,
    store: TheStore,
    now_ms: Now,
    importer: TheImporter,
    key: Key = None,
) -> Response:
    """Fetch all games of this name that are not in the library yet, from their site.

    If that waits or runs already, the answer is the import that does.
    """

    def work() -> Import:
        started = start_sync(connection, who.user_id, player_id, now_ms=now_ms)
        if started is None:
            raise problems.not_found("player")
        return import_of(started)

    once = Once(who.user_id, key, ("POST /players/imports", str(player_id)), now_ms)
    with store.writing() as connection:
        body, _ = carry_out(connection, once, work)
    importer.ring()
    return accepted(body)


def _player(linked: LinkedPlayer, games: int) -> Player:
    return Player(
        id=linked.id,
        site=linked.site,
        name=linked.name,
        games=games,
        created_ms=linked.created_ms,
        synced_ms=linked.synced_ms,
    )
