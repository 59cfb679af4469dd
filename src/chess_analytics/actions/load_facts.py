"""Load a player's facts as columns, and keep them at hand: questions answer from memory.

    shelf = FactShelf()                                  # one a process
    facts = shelf.facts(store, user_id)                  # the user's own games, all linked names
    facts = shelf.facts(store, user_id, Viewpoint(frozenset({player_id})))
    facts = shelf.facts(store, user_id, Viewpoint(name="Somebody Else"))

The frames are shared: nobody changes them. They are looked at again each time, and only what is
new is read.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl
from sqlalchemy import Connection

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.insights.frames import Facts, Gathered, assemble, gather, library_frame
from chess_analytics.insights.records import PackedFacts
from chess_analytics.store.facts import (
    OWN,
    STRETCH,
    Stamp,
    Viewpoint,
    facts_of_runs,
    facts_stamps,
    library_games,
)
from chess_analytics.store.session import Store

MOST_BYTES = 400_000_000
"""What a shelf holds; a million moves take about a third of it."""

MOST_PLAYERS = 256
"""Of whom a shelf keeps anything: nobody has to have games to be asked about."""


_MOST_STRETCHES = 16
"""So many stretches of games are read one by one; if more have changed, all at once."""


class FactsOutdated(ChessAnalyticsError):
    """Games were analysed before this version of the program, and their facts not made anew."""

    def __init__(self, runs: int) -> None:
        super().__init__(
            f"the facts of {runs:,} analysed games are missing, or of another version of "
            "chess-analytics: run `chess-analytics db rebuild-facts`; no engine is needed for it"
        )
        self.runs = runs


@dataclass(slots=True)
class _Shelved:
    """The facts of one player, and what tells whether they are still right."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    stamps: Mapping[int, Stamp] | None = None
    library: pl.DataFrame | None = None
    gathered: Gathered | None = None
    facts: Facts | None = None

    @property
    def size_bytes(self) -> int:
        return self.facts.size_bytes if self.facts else 0


class FactShelf:
    """Keeps the facts of the players asked about last, within a bound; threads may share it."""

    def __init__(self, most_bytes: int = MOST_BYTES, most_players: int = MOST_PLAYERS) -> None:
        self._most_bytes = most_bytes
        self._most_players = most_players
        self._lock = threading.Lock()
        self._shelved: OrderedDict[tuple[Store, int, Viewpoint], _Shelved] = OrderedDict()

    def facts(self, store: Store, user_id: int, viewpoint: Viewpoint = OWN) -> Facts:
        """Give the facts of a player of the user's games, as they are now.

        Raises:
            FactsOutdated: some have to be made anew first.
        """
        key = (store, user_id, viewpoint)
        with self._lock:
            shelved = self._shelved.setdefault(key, _Shelved())
            self._shelved.move_to_end(key)
        with shelved.lock, store.reading() as connection:
            facts = _up_to_date(connection, shelved, user_id, viewpoint)
        self._make_room()
        return facts

    @property
    def size_bytes(self) -> int:
        """Tell how much is held."""
        with self._lock:
            return sum(each.size_bytes for each in self._shelved.values())

    def _make_room(self) -> None:
        """Put away what was not asked for longest; what was asked for last stays at hand."""
        with self._lock:
            held = sum(each.size_bytes for each in self._shelved.values())
            while (held > self._most_bytes and len(self._shelved) > 1) or (
                len(self._shelved) > self._most_players
            ):
                _, oldest = self._shelved.popitem(last=False)
                held -= oldest.size_bytes


def load_facts(store: Store, user_id: int, viewpoint: Viewpoint = OWN) -> Facts:
    """Load facts once, for who keeps no shelf; see `FactShelf.facts`."""
    return FactShelf().facts(store, user_id, viewpoint)


def _up_to_date(
    connection: Connection, shelved: _Shelved, user_id: int, viewpoint: Viewpoint
) -> Facts:
    stamps = facts_stamps(connection, user_id)
    if shelved.facts is not None and shelved.stamps == stamps:
        return shelved.facts
    # Whatever fails on the way is read as a whole the next time.
    before, shelved.stamps = shelved.stamps, None
    changed = _changed(before, stamps)
    if changed is None or shelved.library is None:
        library = library_frame(library_games(connection, user_id, viewpoint))
    else:
        fresh = [
            library_frame(library_games(connection, user_id, viewpoint, stretch=each))
            for each in changed
        ]
        same = ~(shelved.library["game_id"] // STRETCH).is_in(changed)
        library = pl.concat([shelved.library.filter(same), *fresh])
    shelved.gathered = _gathered(connection, library, shelved.gathered)
    shelved.facts = assemble(library, shelved.gathered)
    shelved.library, shelved.stamps = library, stamps
    return shelved.facts


def _changed(before: Mapping[int, Stamp] | None, now: Mapping[int, Stamp]) -> list[int] | None:
    """Name the stretches in which something has changed; nothing if it is better to read all."""
    if before is None:
        return None
    changed = [each for each in {*before, *now} if before.get(each) != now.get(each)]
    return changed if len(changed) <= _MOST_STRETCHES else None


def _gathered(connection: Connection, library: pl.DataFrame, before: Gathered | None) -> Gathered:
    """Read the records of the runs that stand for the games, without those that are there."""
    wanted = library["run_id"].drop_nulls()
    there = before.runs["run_id"] if before else wanted.clear()
    lacking = wanted.filter(~wanted.is_in(there.implode()))
    new = facts_of_runs(connection, lacking.sort().to_list())
    if missing := len(lacking) - len(new):
        raise FactsOutdated(missing)
    readable = {run_id: facts for run_id, facts in new.items() if _has_records(facts)}
    if before is None:
        return gather(readable)
    return before.with_new(readable, keep=there.filter(there.is_in(wanted.implode())))


def _has_records(facts: PackedFacts) -> bool:
    """Tell whether a run and its game fitted together when their facts were made."""
    return bool(facts.game)
