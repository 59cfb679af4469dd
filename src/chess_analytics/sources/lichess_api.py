"""Fetch a player's games from Lichess, in the order in which they were started."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from urllib.parse import quote

from chess_analytics.games.model import Broken, Entry, Place
from chess_analytics.sources.answer import Answer
from chess_analytics.sources.checkpoints import Checkpoint, Fetched
from chess_analytics.sources.connection import Connection, Question, SiteRules
from chess_analytics.sources.formats import MAX_JSON_GAME_BYTES
from chess_analytics.sources.http import (
    Hiccup,
    OnBytes,
    PlayerUnknown,
    SiteAccess,
    SourceRefused,
    Wait,
)
from chess_analytics.sources.json_fields import JsonObject, text, whole
from chess_analytics.sources.lichess import game_from_lichess
from chess_analytics.sources.patience import Retries, turn_at

_NAME = "Lichess"
# What an account's name there can be, old accounts included.
_PLAYER = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,28}[A-Za-z0-9]")
_GAME_ID = re.compile("[A-Za-z0-9]{8,12}")
_NDJSON = "application/x-ndjson"

_PARTS_OF_A_GAME = {
    "moves": "true",
    "tags": "true",
    "pgnInJson": "true",
    "clocks": "true",
    "evals": "true",
    "accuracy": "true",
    "opening": "true",
    "division": "true",
    "literate": "false",
}
# Games that are still being played are asked for too, and noted: a game of correspondence may
# end after a hundred younger ones have come.
_WHICH_GAMES = {"sort": "dateAsc", "finished": "true", "ongoing": "true"}
_UNFINISHED = ("created", "started")
_NEVER_PLAYED = "aborted"
_MOST_IDS_A_REQUEST = 300
_GAMES_A_CHECKPOINT = 50

_REFUSALS = {
    401: "Lichess does not accept the access token that is set (401): it is wrong, or was "
    "withdrawn. Make a new one in your account on Lichess, or leave it out.",
    403: "Lichess refuses our requests (403): the access token that is set does not allow them, "
    "or this address is blocked there. Leave the token out, or ask Lichess.",
}


def fetch_lichess(
    access: SiteAccess,
    player: str,
    *,
    since_ms: int | None,
    wait: Wait,
    unfinished: Sequence[str] = (),
    on_bytes: OnBytes = lambda _bytes: None,
) -> Generator[Fetched, None, None]:
    """Yield a player's finished games, oldest first, with a Checkpoint now and then.

    ``since_ms`` and ``unfinished`` are those of the last Checkpoint that was kept, if there is
    one. A connection that breaks is taken up where it broke: no game comes twice, but for those
    of the very moment ``since_ms``.
    Whoever stops early closes it: it holds a connection, and the site's turn.

    Raises:
        PlayerUnknown: at once, if no player of Lichess could be called that, or when asked.
        SourceBusy: Lichess limits our requests, also after minutes of waiting.
        SourceUnreachable: there is no connection to it, or it fails.
        SourceRefused: it refuses, or answers what cannot be used.
    """
    if not _PLAYER.fullmatch(player):
        raise PlayerUnknown(
            f"no player of Lichess is called {player[:40]!r}: names have 2 to 30 letters, digits, "
            "hyphens and underscores. Check the spelling."
        )
    rules = SiteRules(_NAME, access.lichess_base, _headers(access), _REFUSALS, access.silence_s)
    return _Fetch(player, since_ms, unfinished, wait).run(rules, on_bytes)


def _headers(access: SiteAccess) -> dict[str, str]:
    # Unpacked as it comes: the games flow at twenty a second, whatever their size.
    headers = {
        "User-Agent": access.user_agent,
        "Accept": _NDJSON,
        "Accept-Encoding": "identity",
    }
    if access.lichess_token:
        headers["Authorization"] = f"Bearer {access.lichess_token}"
    return headers


class _Fetch:
    """What has been seen so far, and so what is to be asked for next."""

    def __init__(
        self, player: str, since_ms: int | None, unfinished: Sequence[str], wait: Wait
    ) -> None:
        self._player = player
        self._since_ms = since_ms
        self._unfinished = dict.fromkeys(filter(_GAME_ID.fullmatch, unfinished))
        self._wait = wait
        self._number = 0
        # The lines of the moment `since_ms`, which come again when the rest is asked for.
        self._seen: set[str] = set()
        self._told: tuple[Checkpoint, int] | None = None

    def run(self, rules: SiteRules, on_bytes: OnBytes) -> Generator[Fetched, None, None]:
        with turn_at(rules.base, self._wait), Connection(rules, on_bytes) as connection:
            awaited = [*self._unfinished]
            for start in range(0, len(awaited), _MOST_IDS_A_REQUEST):
                some = dict.fromkeys(awaited[start : start + _MOST_IDS_A_REQUEST])
                yield from self._awaited(connection, some)
            yield from self._younger(connection)
        yield from self._checkpoint()

    def _awaited(self, connection: Connection, awaited: dict[str, None]) -> Iterator[Fetched]:
        """Ask for games that were unfinished the last time, and forget those that are gone."""

        def question() -> Question | None:
            return _some_games(awaited) if awaited else None

        def note(game: JsonObject) -> None:
            awaited.pop(text(game, "id"), None)

        yield from self._asked(connection, question, note)
        for game_id in awaited:
            self._unfinished.pop(game_id, None)
        yield from self._checkpoint()

    def _younger(self, connection: Connection) -> Iterator[Fetched]:
        def question() -> Question:
            path = f"/api/games/user/{quote(self._player, safe='')}"
            since = {} if self._since_ms is None else {"since": str(self._since_ms)}
            return Question(path, _WHICH_GAMES | _PARTS_OF_A_GAME | since)

        return self._asked(connection, question, self._advance)

    def _asked(
        self,
        connection: Connection,
        question: Callable[[], Question | None],
        note: Callable[[JsonObject], None],
    ) -> Iterator[Fetched]:
        """Yield what an answer holds; where it breaks off, ask again for what is left by then."""
        retries = Retries(self._wait)
        while asked := question():
            try:
                with connection.ask(asked) as answer:
                    self._check(answer)
                    for line in answer.lines(MAX_JSON_GAME_BYTES):
                        game = _parsed(line)
                        key = _key(line, game)
                        if key in self._seen or not game:
                            continue
                        retries.progressed()
                        if not isinstance(game, str):
                            note(game)
                        self._seen.add(key)
                        yield from self._fetched(game)
            except Hiccup as hiccup:
                yield from self._checkpoint()
                retries.pause(hiccup)
            else:
                return

    def _check(self, answer: Answer) -> None:
        if answer.is_missing:
            raise PlayerUnknown(
                f"Lichess has no player {self._player!r}, or the account is closed. "
                "Check the spelling."
            )
        answer.expect({_NDJSON})

    def _advance(self, game: JsonObject) -> None:
        created_ms = whole(game, "createdAt")
        if created_ms is None or created_ms == self._since_ms:
            return
        if self._since_ms is not None and created_ms < self._since_ms:
            raise SourceRefused(
                "Lichess's games do not come in the order of their dates, so an import that is "
                "taken up again would lose some. Export them as a file there, and import that."
            )
        self._since_ms = created_ms
        self._seen.clear()

    def _fetched(self, game: JsonObject | str) -> Iterator[Fetched]:
        entry = self._entry(game)
        if entry:
            yield entry
            if self._number % _GAMES_A_CHECKPOINT == 0:
                yield from self._checkpoint()

    def _entry(self, game: JsonObject | str) -> Entry | None:
        """Read one game; nothing if it has no end yet, or was not played at all."""
        place = Place(f"lichess.org/@/{self._player}", self._number + 1, None)
        if isinstance(game, str):
            self._number += 1
            return Broken(place, game, None, {})
        game_id, status = text(game, "id"), text(game, "status")
        if status in _UNFINISHED and _GAME_ID.fullmatch(game_id):
            self._unfinished[game_id] = None
            return None
        self._unfinished.pop(game_id, None)
        if status == _NEVER_PLAYED:
            return None
        self._number += 1
        return game_from_lichess(game, place)

    def _checkpoint(self) -> Iterator[Checkpoint]:
        if self._since_ms is None:
            return
        checkpoint = Checkpoint(self._since_ms, tuple(self._unfinished))
        if self._told != (checkpoint, self._number):
            self._told = checkpoint, self._number
            yield checkpoint


def _some_games(ids: Collection[str]) -> Question:
    return Question(
        "/api/games/export/_ids",
        _PARTS_OF_A_GAME,
        {"Content-Type": "text/plain"},
        body=",".join(ids),
    )


def _parsed(line: bytes) -> JsonObject | str:
    """Give the game of a line, or what is wrong with the line; an empty one keeps alive."""
    if not line.endswith(b"\n"):
        return f"this line is longer than any game: over {MAX_JSON_GAME_BYTES:,} bytes"
    if not line.strip():
        return {}
    try:
        game = json.loads(line)
    except (ValueError, RecursionError):
        return "this line is not a whole JSON object"
    if not isinstance(game, dict) or (game and not game.get("players")):
        return "this line is not a game as Lichess exports it"
    return game


def _key(line: bytes, game: JsonObject | str) -> str:
    """Name a line, so that it is known when it comes again."""
    game_id = "" if isinstance(game, str) else text(game, "id")
    return game_id or hashlib.blake2b(line, digest_size=16).hexdigest()
