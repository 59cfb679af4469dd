"""Compare what costs a player most with other users of the server who play on the same level.

    levels = Levels()                                       # one a process
    found = levels.compared(store, user_id, facts, find(facts, Asked(span=span)), span, now_ms)

Only for an operator who has said that users may be compared. Of others nothing comes out but the
average over ten of them or more, and its interval; ratings of another site, or of another speed,
are another scale and are not compared.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TypeVar, cast

import polars as pl

from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Site
from chess_analytics.insights.comparing import LEAST_PEERS, make_reference
from chess_analytics.insights.findings import Findings, at_level
from chess_analytics.insights.frames import Facts, assemble, gather, library_frame
from chess_analytics.insights.loss_table import Span, loss_table
from chess_analytics.insights.question import Filter
from chess_analytics.insights.selection import select
from chess_analytics.store.facts import facts_of_runs, newest_games
from chess_analytics.store.levels import UserLevel, user_levels
from chess_analytics.store.session import Store

LEVEL_WIDTH = 100
"""Rating points: so far from the player's rating others are of the same level."""
LEAST_GAMES = 30
"""Rated and analysed, at one speed on one site; fewer tell no level."""
MOST_PLAYERS = 24
"""Those nearest in rating; more would make the first look slow, and the answer little surer."""
MOST_GAMES = 300
"""The newest of each of them."""
_KEPT_MS = 3_600_000
# The games of one player take two megabytes, about.
_MOST_KEPT = 64

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class _Level:
    """Where a player's strength is known best."""

    site: Site
    speed: Speed
    rating: float

    @property
    def words(self) -> str:
        low, high = round(self.rating - LEVEL_WIDTH), round(self.rating + LEVEL_WIDTH)
        return (
            f"other players of this server, rated {low} to {high} at {self.speed.value} on "
            f"{self.site.value}"
        )

    def narrow(self, span: Span) -> Span:
        """Leave only games of that site and speed."""
        those = (Filter("site", (self.site.value,)), Filter("speed", (self.speed.value,)))
        return replace(span, filters=(*span.filters, *those))


class Levels:
    """Keeps for an hour what was read of other users; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[int, object]] = OrderedDict()

    def compared(
        self, store: Store, user_id: int, facts: Facts, found: Findings, span: Span, now_ms: int
    ) -> Findings:
        """Put beside each finding how much others of the level lose there, where enough do play.

        Where there are fewer than ten of them the findings are given back as they are.
        """
        level = _level_of(facts, span) if found.findings else None
        if level is None:
            return found
        peers = self._peers(store, user_id, level, now_ms)
        if len(peers) < LEAST_PEERS:
            return found
        theirs = (self._facts(store, peer, level, now_ms) for peer in peers)
        cuts = [each.cut for each in found.findings]
        # When they played does not matter: a level is a level.
        asked = level.narrow(replace(span, since_ms=None, until_ms=None))
        reference = make_reference(level.words, theirs, cuts, asked)
        return at_level(found, reference, loss_table(facts, level.narrow(span)))

    def _peers(self, store: Store, user_id: int, level: _Level, now_ms: int) -> list[int]:
        """Name the other users of a level, those nearest in rating first."""

        def read() -> list[UserLevel]:
            with store.reading() as connection:
                return user_levels(connection, level.site, level.speed, least_games=LEAST_GAMES)

        known = self._keep((store, level.site, level.speed), now_ms, read)
        away = {each.user_id: abs(each.rating - level.rating) for each in known}
        near = [each for each in away if away[each] <= LEVEL_WIDTH and each != user_id]
        return sorted(near, key=lambda each: (away[each], each))[:MOST_PLAYERS]

    def _facts(self, store: Store, user_id: int, level: _Level, now_ms: int) -> Facts:
        def read() -> Facts:
            with store.reading() as connection:
                games = newest_games(connection, user_id, level.site, level.speed, limit=MOST_GAMES)
                runs = [game.run_id for game in games if game.run_id is not None]
                # Facts that are outdated are left out, until the server has made them anew.
                packed = facts_of_runs(connection, runs)
            readable = {run_id: each for run_id, each in packed.items() if each.game}
            return assemble(library_frame(games), gather(readable))

        return self._keep((store, user_id, level.site, level.speed), now_ms, read)

    def _keep(self, key: Hashable, now_ms: int, read: Callable[[], _Made]) -> _Made:
        with self._lock:
            made_ms, made = self._kept.get(key, (0, None))
            if made is not None and now_ms - made_ms < _KEPT_MS:
                self._kept.move_to_end(key)
                return cast("_Made", made)
        fresh = read()
        with self._lock:
            self._kept[key] = now_ms, fresh
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return fresh


def _level_of(facts: Facts, span: Span) -> _Level | None:
    """Tell where the player has most rated games among those asked about; nothing for too few."""
    asked = pl.Series(select(facts, span.question("score")).games)
    rated = facts.games.filter(
        asked
        & pl.col("is_analysed")
        & pl.col("rating").is_not_null()
        & pl.col("speed").is_not_null()
    )
    pools = rated.group_by("site", "speed").agg(games=pl.len(), rating=pl.col("rating").mean())
    best = pools.sort("games", "site", "speed", descending=[True, False, False]).head(1)
    for site, speed, games, rating in best.iter_rows():
        if games >= LEAST_GAMES:
            return _Level(Site(site), Speed(speed), rating)
    return None
