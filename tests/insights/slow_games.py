"""An independent, slow reading of games: plain Python over values, no columns anywhere."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from chess_analytics.games.model import Side
from chess_analytics.insights.rows import (
    GameFacts,
    LibraryGame,
    MoveFacts,
    SharedFacts,
    SideFacts,
)
from tests.insights.archives import Known


@dataclass(frozen=True, eq=False)
class SlowGame:
    """One game as the player sees it, with what the games around it make of it."""

    library: LibraryGame
    facts: GameFacts | None
    order: int
    """Its place among all games of which the time is known, from 0; -1 where it is not."""
    known: int
    """How many these are."""
    days_before_newest: float | None
    dates: tuple[str, str] | None
    """First and last day of its twelfth of the games, in UTC."""
    streak: int
    days_since: float | None
    session_place: int | None
    session_games: int | None
    buckets: dict[tuple[str, str, int | None], str | None] = field(default_factory=dict)
    """Of every dimension that was asked about: nothing is told twice."""

    @property
    def own(self) -> SideFacts | None:
        return self.facts.side(Side(self.library.color)) if self.facts else None

    @property
    def other(self) -> SideFacts | None:
        return self.facts.side(Side(self.library.color).other) if self.facts else None

    @cached_property
    def moves(self) -> list[MoveFacts]:
        """The player's."""
        if self.facts is None:
            return []
        return [m for m in self.facts.moves if m.is_white == (self.library.color == "white")]

    @property
    def has_time(self) -> bool:
        if self.library.played_ms is None:
            return False
        if self.facts is None:
            return self.library.played_ms % 86_400_000 != 0
        return self.facts.shared.knows_time

    def began(self, zone: str) -> datetime | None:
        if self.library.played_ms is None:
            return None
        return datetime.fromtimestamp(self.library.played_ms / 1000, tz=UTC).astimezone(
            ZoneInfo(zone)
        )


def slow_games(known: Sequence[Known]) -> list[SlowGame]:
    """Put games in the order of play and look at their neighbours one by one."""
    stored = [(library, _rounded(facts) if facts else None) for library, facts in known]
    ordered = sorted(stored, key=lambda each: (each[0].played_ms or -1, each[0].game_id))
    timed = [library for library, _ in ordered if library.played_ms is not None]
    newest = max((library.played_ms or 0 for library in timed), default=0)
    places = _sessions(ordered)
    games: list[SlowGame] = []
    streak = 0
    for index, (library, facts) in enumerate(ordered):
        order = timed.index(library) if library in timed else -1
        before = ordered[index - 1][0].played_ms if index else None
        at = library.played_ms
        games.append(
            SlowGame(
                library=library,
                facts=facts,
                order=order,
                known=len(timed),
                days_before_newest=None if at is None else (newest - at) / 86_400_000,
                dates=None if at is None else _stretch(timed, order),
                streak=streak,
                days_since=None if at is None or before is None else (at - before) / 86_400_000,
                session_place=places.get(index, (None, None))[0],
                session_games=places.get(index, (None, None))[1],
            )
        )
        streak = _next_streak(streak, library.outcome)
    return games


def _next_streak(streak: int, outcome: str | None) -> int:
    if outcome == "win":
        return streak + 1 if streak > 0 else 1
    if outcome == "loss":
        return streak - 1 if streak < 0 else -1
    return 0


def _stretch(timed: list[LibraryGame], order: int) -> tuple[str, str]:
    twelfth = order * 12 // len(timed)
    days = [
        datetime.fromtimestamp((game.played_ms or 0) / 1000, tz=UTC).strftime("%Y-%m-%d")
        for place, game in enumerate(timed)
        if place * 12 // len(timed) == twelfth
    ]
    return min(days), max(days)


def _sessions(ordered: Sequence[Known]) -> dict[int, tuple[int, int]]:
    """Give place and length of the session of each game that belongs to one."""
    sessions: list[list[int]] = []
    ends = None
    for index, (library, facts) in enumerate(ordered):
        at = library.played_ms
        if at is None or library.speed == "correspondence":
            continue
        if not (facts.shared.knows_time if facts else at % 86_400_000):
            continue
        if ends is None or at - ends > 30 * 60 * 1000:
            sessions.append([])
        sessions[-1].append(index)
        took = facts.shared.duration_s if facts and facts.shared.duration_s else 0.0
        ends = at + int(took) * 1000
    return {
        index: (place, len(session))
        for session in sessions
        for place, index in enumerate(session, start=1)
    }


_Values = TypeVar("_Values", MoveFacts, SideFacts, SharedFacts)


def _rounded(facts: GameFacts) -> GameFacts:
    """Give facts with numbers of 32 bits, as they are stored."""
    return GameFacts(
        _in_32_bits(facts.shared),
        _in_32_bits(facts.white),
        _in_32_bits(facts.black),
        tuple(_in_32_bits(move) for move in facts.moves),
    )


def _in_32_bits(values: _Values) -> _Values:
    numbers = {
        each.name: struct.unpack("f", struct.pack("f", value))[0]
        for each in fields(values)
        if isinstance(value := getattr(values, each.name), float)
    }
    return replace(values, **numbers)
