"""A player of a made-up Chess.com: their games, and the fetching of them."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from chess_analytics.games.model import Broken, Entry, Game, SetAside
from chess_analytics.sources.checkpoints import Fetched, MonthCheckpoint, MonthSeen
from chess_analytics.sources.chesscom_api import fetch_chesscom
from chess_analytics.sources.http import (
    SiteAccess,
)
from tests.sources.replay import (
    RecordedWaits,
    Replay,
)


def moment_ms(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


NOW_MS = moment_ms("2025-03-15")


def game(number: int, **changes: object) -> dict[str, Any]:
    """Give a game as Chess.com publishes it; None takes a field out."""
    fields = {
        "url": f"https://www.chess.com/game/live/{number}",
        "pgn": f'[Link "https://www.chess.com/game/live/{number}"]\n\n1. d4 d5 {{[%clk 0:09]}} *',
        "time_class": "blitz",
        "rules": "chess",
        "white": {"username": "Ann", "result": "agreed"},
        "black": {"username": "Bob", "result": "agreed"},
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def month(*games: Mapping[str, object]) -> bytes:
    return json.dumps({"games": games}).encode()


def fetching(
    replay: Replay,
    waits: RecordedWaits | None = None,
    *,
    player: str = "Ann",
    months: Mapping[str, MonthSeen] | None = None,
    now_ms: int = NOW_MS,
) -> Iterator[Fetched]:
    access = SiteAccess(chesscom_base=replay.base, user_agent="chess-analytics/1 (contact: a@b.c)")
    return fetch_chesscom(
        access, player, months=months or {}, now_ms=now_ms, wait=waits or RecordedWaits()
    )


def fetch(
    replay: Replay,
    waits: RecordedWaits | None = None,
    *,
    months: Mapping[str, MonthSeen] | None = None,
    now_ms: int = NOW_MS,
) -> list[Fetched]:
    return list(fetching(replay, waits, months=months, now_ms=now_ms))


def entries(fetched: list[Fetched]) -> list[Entry]:
    return [item for item in fetched if isinstance(item, Game | SetAside | Broken)]


def ids(fetched: list[Fetched]) -> list[str | None]:
    return [item.site_id for item in fetched if isinstance(item, Game)]


def collect(found: list[Fetched], stream: Iterator[Fetched]) -> None:
    """Keep what comes before an error, too."""
    for item in stream:
        found.append(item)  # noqa: PERF402 - `extend` would lose it


def kept(fetched: list[Fetched]) -> dict[str, MonthSeen]:
    """Give what a caller keeps, after a journey through JSON."""
    seen = {item.month: item.seen for item in fetched if isinstance(item, MonthCheckpoint)}
    stored = json.dumps({name: dataclasses.asdict(each) for name, each in seen.items()})
    return {name: MonthSeen(**each) for name, each in json.loads(stored).items()}


def paths(replay: Replay) -> list[str]:
    return [asked.path.removeprefix("/pub/player/ann/games/") for asked in replay.asked]


ALL = ["1", "2", "3", "4", "5"]


MONTHS = ["2025/01", "2025/02", "2025/03"]
