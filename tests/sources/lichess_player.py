"""A player of a made-up Lichess: their games, and the fetching of them."""

from collections.abc import Iterator
from typing import Any

from chess_analytics.games.model import Broken, Entry, Game, SetAside
from chess_analytics.sources.checkpoints import Checkpoint, Fetched
from chess_analytics.sources.http import (
    SiteAccess,
)
from chess_analytics.sources.lichess_api import fetch_lichess
from tests.sources.replay import (
    RecordedWaits,
    Replay,
)

START_MS = 1_700_000_000_000


def game(number: int, **changes: object) -> dict[str, Any]:
    """Give a game as Lichess exports it, an hour younger than the one with the number before."""
    fields = {
        "id": f"game{number:04}",
        "rated": True,
        "variant": "standard",
        "speed": "blitz",
        "createdAt": START_MS + number * 3_600_000,
        "status": "resign",
        "players": {"white": {"user": {"name": "Ann"}}, "black": {"user": {"name": "Bob"}}},
        "winner": "white",
        "moves": "e4 e5 Nf3",
        "clocks": [18003, 18003, 17900],
    }
    return fields | changes


def fetch(
    replay: Replay,
    waits: RecordedWaits | None = None,
    *,
    player: str = "Ann",
    resume: Checkpoint | None = None,
) -> list[Fetched]:
    return list(fetching(replay, waits, player=player, resume=resume))


def fetching(
    replay: Replay,
    waits: RecordedWaits | None = None,
    *,
    player: str = "Ann",
    resume: Checkpoint | None = None,
) -> Iterator[Fetched]:
    access = SiteAccess(lichess_base=replay.base, user_agent="chess-analytics/1 (contact: a@b.c)")
    return fetch_lichess(
        access,
        player,
        since_ms=resume.since_ms if resume else None,
        unfinished=resume.unfinished if resume else (),
        wait=waits or RecordedWaits(),
    )


def ids(fetched: list[Fetched]) -> list[str | None]:
    return [item.site_id for item in fetched if isinstance(item, Game)]


def entries(fetched: list[Fetched]) -> list[Entry]:
    return [item for item in fetched if isinstance(item, Game | SetAside | Broken)]


ALL = ["game0001", "game0002", "game0003", "game0004", "game0005"]
