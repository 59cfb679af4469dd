"""What requests for insights work with: facts at hand, what was made of them, and their turn."""

import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, TypeVar, cast
from weakref import WeakKeyDictionary

import anyio
from fastapi import Depends, Request

from chess_analytics.actions.compare_levels import Levels
from chess_analytics.actions.load_facts import FactShelf
from chess_analytics.actions.spell_moves import spell_moves
from chess_analytics.api import problems
from chess_analytics.api.finding_views import FindingsView
from chess_analytics.api.identity import Reader
from chess_analytics.api.insight_query import FindingsQuery, WhoseQuery
from chess_analytics.api.problems import Problem
from chess_analytics.api.resources import Has
from chess_analytics.insights.findings import find
from chess_analytics.insights.frames import Facts
from chess_analytics.store.facts import OWN, Viewpoint
from chess_analytics.store.players import players_of
from chess_analytics.store.session import Store

_AT_ONCE = 2
_MOST_KEPT = 24
_HOUR_MS = 3_600_000

_Made = TypeVar("_Made")


class Insights:
    """What the process keeps for insights."""

    def __init__(self) -> None:
        self.shelf = FactShelf()
        self.levels = Levels()
        # Each of them uses all cores for a while: two at once leave threads to other requests.
        self.turns = anyio.Semaphore(_AT_ONCE)
        self._lock = threading.Lock()
        self._made: WeakKeyDictionary[Facts, OrderedDict[Hashable, object]] = WeakKeyDictionary()

    def made_once(self, facts: Facts, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """Make something of facts, or give what was made of the very same before.

        What a page asks for again and again, to hear that nothing has changed, is worked out once.
        """
        with self._lock:
            kept = self._made.setdefault(facts, OrderedDict())
            if key in kept:
                kept.move_to_end(key)
                return cast("_Made", kept[key])
        made = make()
        with self._lock:
            kept[key] = made
            while len(kept) > _MOST_KEPT:
                kept.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one request looks at the facts of one user's games."""

    store: Store
    insights: Insights
    user_id: int
    now_ms: int
    compares_levels: bool
    """The operator lets users be compared with others of their level."""

    def facts(self, query: WhoseQuery) -> Facts:
        """Load the facts that are asked for, or give those that are there.

        Raises:
            Problem: there is no such player among the user's games and names.
            FactsOutdated: some have to be made anew first.
        """
        facts = self.insights.shelf.facts(self.store, self.user_id, self._viewpoint(query))
        if query.player is not None and not facts.games.height:
            raise problems.not_found("player in any of the games that you keep")
        return facts

    def made(self, query: WhoseQuery, make: Callable[[Facts], _Made], *more: Hashable) -> _Made:
        """Make something of the facts that are asked for, unless it was made before.

        ``more`` is what it depends on besides.
        """
        facts = self.facts(query)
        key = (type(query), query.model_dump_json(), *more)
        return self.insights.made_once(facts, key, lambda: make(facts))

    def findings(self, query: FindingsQuery) -> FindingsView:
        """Find what costs most, beside others of the player's level where that is allowed."""
        asked = query.asked()

        def make(facts: Facts) -> FindingsView:
            found = find(facts, asked)
            if self.compares_levels:
                compared = self.insights.levels.compared
                found = compared(self.store, self.user_id, facts, found, asked.span, self.now_ms)
            return FindingsView.of(self.spelled(found))

        # What others have played since shows after an hour.
        return self.made(query, make, self.now_ms // _HOUR_MS if self.compares_levels else None)

    def spelled(self, found: _Made) -> _Made:
        """Put standard notation beside the moves of what was found."""
        return spell_moves(self.store, found)

    def _viewpoint(self, query: WhoseQuery) -> Viewpoint:
        if query.player is not None:
            if query.player_id:
                raise Problem(
                    HTTPStatus.UNPROCESSABLE_ENTITY,
                    "`player` and `player_id` both say whose games are meant; give one of them",
                )
            return Viewpoint(name=query.player.strip())
        if not query.player_id:
            return OWN
        with self.store.reading() as connection:
            own = {player.id for player in players_of(connection, self.user_id)}
        if not own.issuperset(query.player_id):
            raise problems.not_found("player")
        return Viewpoint(player_ids=frozenset(query.player_id))


async def _desk(who: Reader, has: Has, request: Request) -> AsyncIterator[Desk]:
    insights = request.app.state.insights
    assert isinstance(insights, Insights)  # noqa: S101 - the lifespan has set it
    # Waited for here, where it costs no thread: the work itself is done in one.
    async with insights.turns:
        yield Desk(has.store, insights, who.user_id, has.now_ms(), has.settings.compare_levels)


# Given back when the work is done, not when a slow reader has the answer.
TheDesk = Annotated[Desk, Depends(_desk, scope="function")]
