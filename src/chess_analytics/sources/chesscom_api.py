"""Fetch a player's games from Chess.com, month by month, oldest first."""

import dataclasses
import io
import re
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TypeVar
from urllib.parse import quote

from chess_analytics.games.model import Broken, Place
from chess_analytics.sources.answer import Answer
from chess_analytics.sources.checkpoints import Fetched, MonthCheckpoint, MonthSeen
from chess_analytics.sources.chesscom_months import (
    keep_month,
    listed_months,
    tell_failure_from_absence,
)
from chess_analytics.sources.compression import DamagedInput, Stream
from chess_analytics.sources.connection import Connection, Question, SiteRules
from chess_analytics.sources.formats import read_stream
from chess_analytics.sources.http import (
    Hiccup,
    OnBytes,
    PlayerUnknown,
    SiteAccess,
    SourceUnreachable,
    Wait,
)
from chess_analytics.sources.patience import Retries, turn_at

_NAME = "Chess.com"
# What an account's name there can be, old accounts included.
_PLAYER = re.compile("[A-Za-z0-9_-]{2,25}")
# A month is asked for until it was seen this many months later: games may come late, some sit
# in the archive of the next month, and the site's own copies are up to a day old.
_SETTLED_MONTHS = 2
_MONTH_IN_MEMORY_BYTES = 8_000_000

_REFUSALS = {
    401: "Chess.com refuses our requests (401). See whether its public API is still open to all.",
    403: "Chess.com refuses our requests (403): it wants a mail address or a user name of the "
    "operator in every request. Set the contact in the settings; if it is set, this address may "
    "be blocked there.",
}

_T = TypeVar("_T")


def fetch_chesscom(
    access: SiteAccess,
    player: str,
    *,
    months: Mapping[str, MonthSeen],
    now_ms: int,
    wait: Wait,
    on_bytes: OnBytes = lambda _bytes: None,
) -> Generator[Fetched, None, None]:
    """Yield a player's games month by month, and a MonthCheckpoint after each whole month.

    ``months`` are those of all MonthCheckpoints that were kept. A month that was over for long
    when it was read is not asked for again, the younger ones only for changes. A month that
    Chess.com fails to give is a Broken entry, and is asked for again the next time.
    Whoever stops early closes it: it holds a connection, and the site's turn.

    Raises:
        PlayerUnknown: at once, if no player of Chess.com could be called that, or when asked.
        SourceBusy: Chess.com limits our requests, also after minutes of waiting.
        SourceUnreachable: there is no connection to it, or it fails.
        SourceRefused: it refuses, or answers what cannot be used.
    """
    if not _PLAYER.fullmatch(player):
        raise PlayerUnknown(
            f"no player of Chess.com is called {player[:40]!r}: names have 2 to 25 letters, "
            "digits, hyphens and underscores. Check the spelling."
        )
    headers = {
        "User-Agent": access.user_agent,
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
    }
    rules = SiteRules(_NAME, access.chesscom_base, headers, _REFUSALS, access.silence_s)
    return _Fetch(player.lower(), now_ms, wait).run(rules, months, on_bytes)


@dataclass(frozen=True, slots=True)
class _Month:
    """What is known of a month once it was answered; its games lie in a file, if they are new."""

    seen: MonthSeen
    is_new: bool


class _Fetch:
    """One pass over the months of a player."""

    def __init__(self, player: str, now_ms: int, wait: Wait) -> None:
        self._player = player
        self._games = f"/pub/player/{quote(player, safe='')}/games"
        self._now_ms = now_ms
        self._wait = wait

    def run(
        self, rules: SiteRules, months: Mapping[str, MonthSeen], on_bytes: OnBytes
    ) -> Generator[Fetched, None, None]:
        failed: str | None = None
        failure: SourceUnreachable | None = None
        with Connection(rules, on_bytes) as connection:
            listed, odd = self._asked(connection, f"{self._games}/archives", {}, self._list)
            yield from map(self._odd, odd)
            for month in listed:
                if _is_settled(month, months.get(month), self._now_ms):
                    continue
                try:
                    yield from self._month(connection, month, months.get(month))
                except SourceUnreachable as error:
                    # One month that the site cannot give must not hide all the others; two in
                    # a row are no fault of a month.
                    if failure:
                        raise
                    failed, failure = month, error
                else:
                    if failed:
                        yield self._broken(failed, 1, f"this month did not come: {failure}")
                    failed = failure = None
        if failure:
            raise failure

    def _month(
        self, connection: Connection, month: str, seen: MonthSeen | None
    ) -> Iterator[Fetched]:
        """Yield a month's games and its checkpoint; fails before the first of them, if at all."""
        with tempfile.SpooledTemporaryFile(_MONTH_IN_MEMORY_BYTES) as file:

            def take(answer: Answer) -> _Month | None:
                return self._take(answer, seen, file)

            headers = _only_if_changed(seen)
            found = self._asked(connection, f"{self._games}/{month}", headers, take)
            if found:
                yield from self._read(file, month, found)
            else:
                reason = "Chess.com lists this month, but has no games for it"
                yield self._broken(month, 1, reason)

    def _asked(
        self,
        connection: Connection,
        path: str,
        headers: Mapping[str, str],
        take: Callable[[Answer], _T],
    ) -> _T:
        retries = Retries(self._wait)
        with turn_at(connection.base, self._wait):
            while True:
                try:
                    with connection.ask(Question(path, headers=headers)) as answer:
                        return take(answer)
                except Hiccup as hiccup:
                    retries.pause(hiccup)

    def _list(self, answer: Answer) -> tuple[list[str], list[str]]:
        if answer.is_missing:
            tell_failure_from_absence(answer)
            raise PlayerUnknown(
                f"Chess.com has no player {self._player!r}, or the account is closed. "
                "Check the spelling."
            )
        return listed_months(answer)

    def _take(self, answer: Answer, seen: MonthSeen | None, file: IO[bytes]) -> _Month | None:
        """Keep a month in the file; nothing if there is no such month."""
        if answer.is_missing:
            tell_failure_from_absence(answer)
            return None
        if answer.is_unchanged and seen:
            return _Month(dataclasses.replace(seen, seen_ms=self._now_ms), is_new=False)
        keep_month(answer, file)
        etag, last_modified = answer.header("etag"), answer.header("last-modified")
        return _Month(MonthSeen(etag, last_modified, 0, self._now_ms), is_new=True)

    def _read(self, file: IO[bytes], month: str, found: _Month) -> Iterator[Fetched]:
        games = found.seen.games
        if found.is_new:
            stream: Stream = io.BufferedReader(file)
            try:
                for entry in read_stream(stream, self._source(month)):
                    games += 1
                    yield entry
            except DamagedInput as damage:
                reason = f"{damage}; the games before this point were read"
                yield self._broken(month, games + 1, reason)
                return
        yield MonthCheckpoint(month, dataclasses.replace(found.seen, games=games))

    def _odd(self, name: str) -> Broken:
        return self._broken("archives", 1, f"this is not the address of a month: {name}")

    def _source(self, month: str) -> str:
        return f"api.chess.com{self._games}/{month}"

    def _broken(self, month: str, number: int, reason: str) -> Broken:
        return Broken(Place(self._source(month), number, None), reason, None, {})


def _is_settled(month: str, seen: MonthSeen | None, now_ms: int) -> bool:
    if not seen:
        return False
    year, number = (int(part) for part in month.split("/"))
    seen_at = datetime.fromtimestamp(seen.seen_ms / 1000, UTC)
    months_later = (seen_at.year - year) * 12 + seen_at.month - number
    # A clock that was wrong the last time settles nothing.
    return seen.seen_ms <= now_ms and months_later >= _SETTLED_MONTHS


def _only_if_changed(seen: MonthSeen | None) -> dict[str, str]:
    known = {
        "If-None-Match": seen.etag if seen else None,
        "If-Modified-Since": seen.last_modified if seen else None,
    }
    return {name: value for name, value in known.items() if value}
