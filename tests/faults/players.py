"""Users with tokens and many tiny games, put into a library at once, without an import."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle, islice
from pathlib import Path

from chess_analytics.actions.describe_game import describe_game
from chess_analytics.actions.issue_token import issue_token
from chess_analytics.actions.keys import key_hash
from chess_analytics.games.fingerprint import moves_key
from chess_analytics.store.accounts import NewAccount, add_account
from chess_analytics.store.games import NewGame, insert_games
from chess_analytics.store.session import Store
from chess_analytics.store.tokens import NewToken
from tests.accounts import DAY_MS, NOW_MS, PASSWORD, WEAK
from tests.builders import game
from tests.pgns import small_movetexts

_GAMES_A_COMMIT = 1000


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a library, and a token to ask the API with."""

    id: int
    name: str
    token: str


def add_player(store: Store, name: str, games: Sequence[NewGame]) -> User:
    """Add a user whose library holds these games."""
    token = f"cap_{name}-of-the-tests"
    wish = NewToken("faults", key_hash(token), frozenset({"read", "write"}), None)
    with store.writing() as connection:
        account = NewAccount(name, WEAK.hash(PASSWORD))
        user_id = add_account(connection, account, now_ms=NOW_MS)
        assert user_id is not None
        issue_token(connection, user_id, wish, now_ms=NOW_MS)
    for start in range(0, len(games), _GAMES_A_COMMIT):
        part = games[start : start + _GAMES_A_COMMIT]
        with store.writing() as connection:
            insert_games(connection, user_id, None, part, now_ms=NOW_MS)
    return User(user_id, name, token)


def small_games(many: int) -> list[NewGame]:
    """Make so many games of three moves, each played on a day of its own."""
    kinds = [_described(text) for text in small_movetexts()]
    return [
        replace(new, played_ms=NOW_MS - day * DAY_MS)
        for day, new in enumerate(islice(cycle(kinds), many))
    ]


def real_games(file: Path, many: int) -> list[NewGame]:
    """Take the first games of a file."""
    texts = file.read_text(encoding="utf-8").split("\n\n[Event ")
    pgns = [text if text.startswith("[Event ") else f"[Event {text}" for text in texts[:many]]
    return [describe_game(played := game(f"{pgn}\n\n"), moves_key(played)) for pgn in pgns]


@cache
def _described(movetext: str) -> NewGame:
    played = game(movetext)
    return describe_game(played, moves_key(played))
