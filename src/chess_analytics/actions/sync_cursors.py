"""How far the fetching of a player has come, and which entries come once more when it goes on."""

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from chess_analytics.games.model import Broken, Entry, Game
from chess_analytics.games.origin import origin_of
from chess_analytics.sources.checkpoints import Checkpoint, Fetched, MonthCheckpoint, MonthSeen
from chess_analytics.sources.chesscom_api import fetch_chesscom
from chess_analytics.sources.http import OnBytes, SiteAccess, Wait
from chess_analytics.sources.lichess_api import fetch_lichess

_MARK_BYTES = 8
# Of entries that cannot be read, so many are known again.
_MOST_MARKS = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """How a site is asked: where, as whom, and with which patience."""

    access: SiteAccess
    wait: Wait
    on_bytes: OnBytes
    now_ms: int


class Cursor(Protocol):
    """Where the fetching of one player stands."""

    def fetch(self, line: Line, player: str) -> Iterator[Fetched]:
        """Ask for what is not there yet; see `fetch_lichess` and `fetch_chesscom`."""
        ...

    def is_known(self, entry: Entry) -> bool:
        """Tell whether an entry was counted before the point from which we go on."""
        ...

    def after(self, checkpoint: Checkpoint | MonthCheckpoint) -> str:
        """Give what is kept once all entries before a checkpoint are there, as JSON."""
        ...


class LichessCursor:
    """Asks for all games since the last one; those of its very moment come once more.

    They are known by their names. A line that cannot be read has none: it is known as the next
    after a game that has.
    """

    def __init__(self, kept: str) -> None:
        known = json.loads(kept)
        at = known.get("checkpoint")
        self._at = Checkpoint(at["since_ms"], tuple(at["unfinished"])) if at else None
        self._marks = set(known.get("marks", []))
        self._recent: list[str] = []
        self._last_name = ""
        self._nameless = 0

    def fetch(self, line: Line, player: str) -> Iterator[Fetched]:
        return fetch_lichess(
            line.access,
            player,
            since_ms=self._at.since_ms if self._at else None,
            unfinished=self._at.unfinished if self._at else (),
            wait=line.wait,
            on_bytes=line.on_bytes,
        )

    def is_known(self, entry: Entry) -> bool:
        mark = self._mark(entry)
        self._recent.append(mark)
        return mark in self._marks

    def after(self, checkpoint: Checkpoint | MonthCheckpoint) -> str:
        assert isinstance(checkpoint, Checkpoint)  # noqa: S101 - Lichess gives no others
        stays = self._at is not None and self._at.since_ms == checkpoint.since_ms
        # Whatever came before the last checkpoint was started before this one's moment.
        self._marks = {*self._recent, *(self._marks if stays else ())}
        self._recent.clear()
        self._at = checkpoint
        return json.dumps({"checkpoint": asdict(checkpoint), "marks": sorted(self._marks)})

    def _mark(self, entry: Entry) -> str:
        name = entry.site_id if isinstance(entry, Game) else origin_of(entry.headers)[1]
        if name:
            self._last_name, self._nameless = name, 0
            return name
        self._nameless += 1
        return f"{self._last_name}#{self._nameless}"


class ChesscomCursor:
    """Asks for months that may have changed; a month that was not read to its end comes again.

    What is wrong with the list of months is told anew each time; ``is_new`` says that an import
    has not been told yet.
    """

    def __init__(self, kept: str, *, is_new: bool) -> None:
        known = json.loads(kept)
        months: dict[str, dict[str, Any]] = known.get("months", {})
        self._months = {name: MonthSeen(**seen) for name, seen in months.items()}
        self._before = set() if is_new else set(known.get("marks", []))
        self._marks = dict.fromkeys(self._before)

    def fetch(self, line: Line, player: str) -> Iterator[Fetched]:
        return fetch_chesscom(
            line.access,
            player,
            months=dict(self._months),
            now_ms=line.now_ms,
            wait=line.wait,
            on_bytes=line.on_bytes,
        )

    def is_known(self, entry: Entry) -> bool:
        if not isinstance(entry, Broken):
            return False
        text = f"{entry.place} {entry.reason}"
        mark = hashlib.blake2b(text.encode(), digest_size=_MARK_BYTES).hexdigest()
        if len(self._marks) < _MOST_MARKS:
            self._marks[mark] = None
        return mark in self._before

    def after(self, checkpoint: Checkpoint | MonthCheckpoint) -> str:
        assert isinstance(checkpoint, MonthCheckpoint)  # noqa: S101 - Chess.com gives no others
        self._months[checkpoint.month] = checkpoint.seen
        months = {name: dataclasses.asdict(seen) for name, seen in self._months.items()}
        return json.dumps({"months": months, "marks": list(self._marks)})
