"""How long a page of a games list takes in a big library, for what people ask of it."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from statistics import median, quantiles
from typing import Any

from sqlalchemy import Connection, text

from bench.big_library import FIRST_MS, RARE_OPPONENT, fill
from bench.stores import KINDS, empty_store
from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Result, Side, Site
from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.game_pages import GameCursor, GameSort, count_games, game_page
from chess_analytics.store.game_rows import Outcome
from chess_analytics.store.session import Store

GOAL_P95_MS = 50
GAMES = 100_000
# A server is not one user's alone.
GAMES_OF_OTHERS = [10_000] * 4
ANALYSED = 100

_PAGE = 50
_ROUNDS = 3
_ASKED = 30
_COUNTED = 10
# A month in the middle of the made-up years.
_SINCE_MS = FIRST_MS + 700 * 86_400_000
_UNTIL_MS = _SINCE_MS + 30 * 86_400_000

_ASKED_FOR = {
    "all": GameFilter(),
    "one opponent, 3 games": GameFilter(opponent=RARE_OPPONENT),
    "one opponent, thousands": GameFilter(opponent="Opponent0"),
    "part of an opponent's name": GameFilter(opponent_part="dom se"),
    "an opening family": GameFilter(opening="Sicilian Defense"),
    "a rare opening": GameFilter(opening="Zukertort Opening: Vos Gambit"),
    "part of an opening's name": GameFilter(opening_part="gambit"),
    "ECO B": GameFilter(eco="B"),
    "ECO E99": GameFilter(eco="E99"),
    "a usual speed": GameFilter(speeds=(Speed.BLITZ,)),
    "a rare speed": GameFilter(speeds=(Speed.CLASSICAL,)),
    "a speed never played": GameFilter(speeds=(Speed.CORRESPONDENCE,)),
    "a rare site": GameFilter(site=Site.OTHER),
    "drawn with Black": GameFilter(color=Side.BLACK, result=Result.DRAW),
    "a month long ago": GameFilter(since_ms=_SINCE_MS, until_ms=_UNTIL_MS),
    "analysed": GameFilter(is_analysed=True),
    "not analysed": GameFilter(is_analysed=False),
    "lost to much stronger ones in rapid": GameFilter(
        outcome=Outcome.LOSS, speeds=(Speed.RAPID,), opponent_rating_from=2600
    ),
    "analysed losses in a family": GameFilter(
        outcome=Outcome.LOSS, opening="Sicilian Defense", is_analysed=True
    ),
}


def measure() -> dict[str, Any]:
    """Ask for many pages of one user's games beside others', on both databases."""
    return {
        "games": GAMES,
        "goal_p95_ms": GOAL_P95_MS,
        **{kind: _measure(kind) for kind in KINDS},
        # How many processes wanted the machine's cores at the end; 1 would be this one alone.
        "load": round(os.getloadavg()[0], 1),
    }


def _measure(kind: str) -> dict[str, Any]:
    with empty_store(kind) as store:
        began = time.perf_counter()
        user_id, *_ = fill(store, [GAMES, *GAMES_OF_OTHERS], ANALYSED)
        filled_s = time.perf_counter() - began
        _tidy(store)
        with store.reading() as connection:
            games = _Games(connection, user_id)
            pages = {
                f"{name}, {sort}": _took(games.page(wanted, sort), _ASKED)
                for name, wanted in _ASKED_FOR.items()
                for sort in (GameSort.NEWEST, GameSort.STRONGEST_OPPONENT)
            }
            pages |= {f"all, {sort}, from the middle": _deep(games, sort) for sort in GameSort}
            counts = {
                name: _took(games.count(wanted), _COUNTED) for name, wanted in _ASKED_FOR.items()
            }
    return {
        "filled_s": round(filled_s, 1),
        # Of all that was asked, each kind of page as often as the others.
        "pages_p95_ms": round(_p95(list(chain.from_iterable(pages.values()))), 1),
        "slowest_page_p95_ms": round(max(map(_p95, pages.values())), 1),
        "slowest_count_p95_ms": round(max(map(_p95, counts.values())), 1),
        "pages": {name: _told(took_ms) for name, took_ms in pages.items()},
        "counts": {name: _told(took_ms) for name, took_ms in counts.items()},
    }


def _tidy(store: Store) -> None:
    """Do what PostgreSQL does by itself within a minute after a big import."""
    if not store.is_embedded:
        with store.reading() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.execute(text("VACUUM ANALYZE"))


@dataclass(frozen=True, slots=True)
class _Games:
    """One user's games, to be asked about again and again."""

    connection: Connection
    user_id: int

    def page(
        self,
        wanted: GameFilter,
        sort: GameSort,
        after: GameCursor | None = None,
        *,
        limit: int = _PAGE,
    ) -> Callable[[], GameCursor | None]:
        asked = partial(game_page, self.connection, self.user_id, wanted, sort)
        return lambda: asked(after=after, limit=limit).next

    def count(self, wanted: GameFilter) -> Callable[[], int]:
        return partial(count_games, self.connection, self.user_id, wanted)


def _deep(games: _Games, sort: GameSort) -> list[float]:
    """Ask for a page in the middle of the whole list."""
    middle = games.page(GameFilter(), sort, limit=GAMES // 2)()
    return _took(games.page(GameFilter(), sort, middle), _ASKED)


def _took(ask: Callable[[], object], times: int) -> list[float]:
    """Ask in several rounds and take the quickest: other work only ever makes a round slower."""
    rounds = []
    for _ in range(_ROUNDS):
        took_ms = []
        for _ in range(times):
            began = time.perf_counter()
            ask()
            took_ms.append((time.perf_counter() - began) * 1000)
        rounds.append(took_ms)
    return min(rounds, key=_p95)


def _p95(took_ms: Sequence[float]) -> float:
    return quantiles(took_ms, n=20, method="inclusive")[-1]


def _told(took_ms: Sequence[float]) -> dict[str, float]:
    return {"p50_ms": round(median(took_ms), 1), "p95_ms": round(_p95(took_ms), 1)}
