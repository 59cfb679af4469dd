"""Bring games into a library, batch by batch: stopped at any moment, nothing is lost or doubled."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from chess_analytics.actions.count_entries import Tally
from chess_analytics.actions.find_sides import Seats, take_seat
from chess_analytics.actions.prepare_games import Prepared, prepare_games
from chess_analytics.actions.recognise_games import MOST_ALIKE, Novelty
from chess_analytics.games.model import Entry, Game, SetAside
from chess_analytics.sources.files import ReadingProgress
from chess_analytics.store.accounts import hold_account
from chess_analytics.store.games import insert_games
from chess_analytics.store.import_claims import (
    Claim,
    Lease,
    hold_import,
    set_counts,
    set_resume_point,
)
from chess_analytics.store.import_games import games_added_after, hold_games
from chess_analytics.store.import_problems import forget_problems, insert_problems
from chess_analytics.store.imports import Counts, ResumePoint, StoredImport
from chess_analytics.store.players import players_of, set_resume
from chess_analytics.store.runs import insert_runs
from chess_analytics.store.session import Store

LEASE_MS = 30_000
"""A worker that was silent for so long is taken for dead."""

# A commit costs a few milliseconds, so it should be for many games; what is not committed is held
# in memory, and is read again after a crash.
_BATCH_ENTRIES = 200
_BATCH_CHARACTERS = 2_000_000
_BATCH_MS = 1000

_CROWDED = f"{MOST_ALIKE:,} other games with the very same moves are there"


class Halt(threading.Event):
    """Set to end an import between two games, or while it waits for a site."""

    is_too_late = False
    """Nobody waited for that end: the database may be closed by now, and must not be touched."""


class ImportHalted(Exception):
    """Somebody wants an import to end, or its worker has to stop; it never leaves the actions."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where imports are worked on, and by which clock."""

    store: Store
    now_ms: Callable[[], int]
    batch: int = _BATCH_ENTRIES
    """How many entries are committed together."""
    give_way: Callable[[], None] = lambda: None
    """Lets others go first, who are in more of a hurry; called before each game."""

    def lease(self) -> Lease:
        now_ms = self.now_ms()
        return Lease(now_ms, now_ms + LEASE_MS)


class GameImport:
    """One claimed import at work."""

    def __init__(self, desk: Desk, claim: Claim, stored: StoredImport, halt: Halt) -> None:
        self._desk = desk
        self._claim = claim
        self._stored = stored
        self._halt = halt
        self._tally = Tally(stored.counts)
        self._entries: list[Entry] = []
        self._characters = 0
        self._began_ms = 0
        self._last_game_id = stored.resume_point.last_game_id
        # Games that this import has added, and that are not among its counts.
        self._uncounted: set[int] = set()
        self.progress = ReadingProgress(read_bytes=stored.bytes_read)
        """Kept up to date by whoever reads."""

    @property
    def counts(self) -> Counts:
        """What became of the entries that were committed."""
        return self._tally.counts()

    def rewind(self) -> None:
        """Go back to where the site will be asked from; what came after it is counted anew.

        Raises:
            ImportLost: another worker has the import.
        """
        import_id, point = self._claim.import_id, self._stored.resume_point
        lease = self._desk.lease()
        with self._desk.store.writing() as connection:
            hold_import(connection, self._claim, lease)
            self._tally = Tally(point.counts)
            self.note_progress(connection)
            forget_problems(connection, import_id, after=point.counts.found)
            self._uncounted = games_added_after(connection, import_id, point.last_game_id)

    def add(self, entry: Entry) -> None:
        """Take an entry; it is committed at the latest when its batch is full.

        Raises:
            ImportHalted: the user wants the import to end, or the worker has to stop.
            ImportLost: another worker has the import.
        """
        if self._halt.is_set():
            raise ImportHalted
        self._desk.give_way()
        now_ms = self._desk.now_ms()
        if not self._entries:
            self._began_ms = now_ms
        self._entries.append(entry)
        self._characters += len(entry.pgn) if isinstance(entry, Game) else 0
        if (
            len(self._entries) >= self._desk.batch
            or self._characters >= _BATCH_CHARACTERS
            or now_ms - self._began_ms >= _BATCH_MS
        ):
            self.commit()

    def commit(self, resume: str | None = None) -> None:
        """Write down what came since the last time: all of it, or nothing.

        ``resume`` is where the player's next fetching goes on, now that all before it is there.

        Raises:
            ImportHalted: the user wants the import to end; this batch is in.
            ImportLost: another worker has the import.
        """
        if self._halt.is_too_late:
            raise ImportHalted
        entries, self._entries, self._characters = self._entries, [], 0
        if not entries and resume is None:
            return
        games = [entry for entry in entries if isinstance(entry, Game)]
        prepared = prepare_games(
            self._desk.store, self._stored.user_id, games, give_way=self._desk.give_way
        )
        lease = self._desk.lease()
        with self._desk.store.writing() as connection:
            # In this order everywhere: the user, the import, the games.
            hold_account(connection, self._stored.user_id)
            wants_cancel = hold_import(connection, self._claim, lease)
            self._insert(connection, prepared, lease.now_ms)
            self._count(entries, prepared)
            self.note_progress(connection)
            insert_problems(connection, self._claim.import_id, self._tally.take_problems())
            if resume is not None and self._stored.player_id is not None:
                set_resume(connection, self._stored.player_id, resume)
                point = ResumePoint(self._tally.counts(), self._last_game_id)
                set_resume_point(connection, self._claim, point)
        if wants_cancel:
            raise ImportHalted

    def _insert(self, connection: Connection, prepared: Sequence[Prepared], now_ms: int) -> None:
        user_id, import_id = self._stored.user_id, self._claim.import_id
        # Looked up each time: names may be linked while an import is running.
        seats = Seats(players_of(connection, user_id))
        new = [(each, take_seat(each.new, seats)) for each in prepared if each.new]
        ids = insert_games(connection, user_id, import_id, [game for _, game in new], now_ms=now_ms)
        self._last_game_id = max([self._last_game_id, *ids])
        runs = [
            (game_id, *each.supplied)
            for game_id, (each, _) in zip(ids, new, strict=True)
            if each.supplied
        ]
        gained = [
            (each.is_what.game_id, *each.supplied)
            for each in prepared
            if each.supplied and each.is_what.game_id is not None
        ]
        # Somebody may have deleted them since they were recognised.
        there = hold_games(connection, [game_id for game_id, *_ in gained])
        insert_runs(connection, runs + [each for each in gained if each[0] in there], now_ms=now_ms)

    def _count(self, entries: Sequence[Entry], prepared: Sequence[Prepared]) -> None:
        games = iter(prepared)
        for entry in entries:
            if isinstance(entry, Game):
                self._count_game(next(games))
            else:
                self._tally.leave_out(entry)

    def _count_game(self, prepared: Prepared) -> None:
        match prepared.is_what.novelty:
            case Novelty.NEW:
                self._tally.added += 1
            case Novelty.STORED if prepared.is_what.game_id in self._uncounted:
                self._uncounted.discard(prepared.is_what.game_id)
                self._tally.added += 1
            case Novelty.STORED | Novelty.EARLIER:
                self._tally.already_there += 1
            case Novelty.CROWDED:
                game = prepared.game
                self._tally.leave_out(SetAside(game.place, _CROWDED, game.headers))

    def note_progress(self, connection: Connection) -> None:
        """Write down the counts, and how much was read."""
        counts, read_bytes = self._tally.counts(), self.progress.read_bytes
        set_counts(connection, self._claim, counts, bytes_read=read_bytes)
