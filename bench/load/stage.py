"""The stage: a fleet on this machine, and a library in which everybody finds what they need."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from tests.accounts import PASSWORD
from tests.faults.arrangement import Arrangement
from tests.faults.engines import simulated_engines
from tests.faults.fleet import FleetMachine
from tests.faults.players import add_player, small_games
from tests.redis_server import redis_server

from bench.big_library import add_user, made_up_games, new_run, reviewed_games
from bench.import_store import real_games, renamed
from bench.load.people import Seat
from chess_analytics.actions.analyse_game import Run
from chess_analytics.actions.keys import key_hash
from chess_analytics.actions.passwords import argon2_passwords
from chess_analytics.api.resources import clock_ms
from chess_analytics.api.session_cookie import NAME
from chess_analytics.review.judge import Review
from chess_analytics.store.accounts import NewAccount, add_account
from chess_analytics.store.games import NewGame, insert_games
from chess_analytics.store.runs import insert_runs
from chess_analytics.store.session import Store
from chess_analytics.store.sessions import Session, add_session

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """How many do what, and what they have."""

    browsing: int
    importing: int
    analysing: int
    scripts: int
    """Programs that ask without a pause."""
    games: int
    """Of each one who browses, all of them analysed."""
    imported: int
    """In each file."""
    files: int
    """Of each one who imports."""
    batch: int
    """Games of each one who has them analysed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the fleet is put together."""

    servers: int
    workers: int
    slots: int
    """Of each worker."""
    engine_ms: float
    """What a simulated engine takes for a search."""
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seats:
    """Who sits where."""

    browsing: list[Seat]
    importing: list[Seat]
    analysing: list[Seat]
    scripts: list[Seat]
    processes: Mapping[str, list[int]]
    """Of the fleet, by what they are."""
    log: Callable[[], str]
    """What they have said."""


@dataclass(frozen=True, slots=True)
class _User:
    """Somebody whose browser has the key of a session, or who logs in by a name."""

    id: int
    name: str = ""
    key: str = field(default="", repr=False)


@contextmanager
def staged(folder: Path, url: str, plan: Plan, cast: Cast) -> Iterator[Seats]:
    """Run a fleet on a database that has tables and no rows, with everybody in their seats."""
    engines = simulated_engines(folder, plan.engine_ms)
    together = Arrangement("load", "postgresql", workers=plan.workers, has_broker=True)
    with (
        redis_server() as redis,
        FleetMachine(
            folder,
            together,
            engines,
            url,
            slots=plan.slots,
            settings=plan.settings,
            redis=redis,
            many_workers=plan.workers,
        ) as fleet,
    ):
        with fleet.store() as store:
            users = _furnish(store, cast)
        addresses, servers = _start(fleet, plan)
        processes = {
            "servers": servers,
            "workers": [process.pid for process in fleet.workers],
            "beat": [process.pid for process in fleet.beats],
        }
        browsing, importing, analysing, scripts = (_seats(each, addresses) for each in users)
        yield Seats(browsing, importing, analysing, scripts, processes, fleet.log)


def _start(fleet: FleetMachine, plan: Plan) -> tuple[list[str], list[int]]:
    """Start everything; give the addresses and the numbers of the servers."""
    addresses, servers = [], []
    for _ in range(plan.servers):
        fleet.start_server()
        assert fleet.server is not None
        addresses.append(fleet.address)
        servers.append(fleet.server.pid)
    for _ in range(plan.workers):
        fleet.start_worker()
    fleet.start_beat()
    fleet.wait_for_workers()
    return addresses, servers


def files_of_games(cast: Cast) -> list[bytes]:
    """Write files to import; no game is in two of them."""
    games = list(islice(real_games(), cast.imported))
    return [
        "".join(renamed(game, copy) for game in games).encode() for copy in range(1, cast.files + 1)
    ]


def _furnish(store: Store, cast: Cast) -> tuple[list[_User], ...]:
    """Make all users, group by group."""
    # As strong as everybody's, and the same for all: it takes a while to make.
    password = argon2_passwords().hash(PASSWORD)
    readers = cast.browsing + cast.scripts
    libraries = _libraries(readers, cast.games)
    reading = [_reader(store, number, library) for number, library in enumerate(libraries)]
    small = small_games(cast.batch)
    return (
        reading[: cast.browsing],
        [_newcomer(store, f"bringer{number}", password) for number in range(cast.importing)],
        [_analyst(store, number, small) for number in range(cast.analysing)],
        reading[cast.browsing :],
    )


def _libraries(readers: int, size: int) -> Iterator[list[tuple[NewGame, Run, Review]]]:
    """Make up games for so many users, each with its analysis."""
    reviewed = {game.pgn: (run, review) for game, run, review in reviewed_games(size)}
    # Not all are of games that were looked at: there are always more.
    made = (
        (game, *reviewed[game.pgn])
        for game in made_up_games(readers * size * 64, 0)
        if game.pgn in reviewed
    )
    for _ in range(readers):
        yield list(islice(made, size))


def _reader(store: Store, number: int, library: list[tuple[NewGame, Run, Review]]) -> _User:
    user_id, player_id = add_user(store, f"reader {number}")
    own = [replace(game, player_id=player_id) for game, _, _ in library]
    with store.writing() as connection:
        ids = insert_games(connection, user_id, None, own, now_ms=clock_ms())
        runs = [
            (game_id, new_run(run, review), review)
            for game_id, (_, run, review) in zip(ids, library, strict=True)
        ]
        insert_runs(connection, runs, now_ms=clock_ms())
    return _User(user_id, key=_session(store, user_id))


def _newcomer(store: Store, name: str, password: str) -> _User:
    with store.writing() as connection:
        user_id = add_account(connection, NewAccount(name, password), now_ms=clock_ms())
    assert user_id is not None
    return _User(user_id, name)


def _analyst(store: Store, number: int, games: list[NewGame]) -> _User:
    user = add_player(store, f"analyst{number}", games)
    return _User(user.id, key=_session(store, user.id))


def _session(store: Store, user_id: int) -> str:
    """Let somebody have logged in some time ago, as people have whose browser knows them."""
    key, now_ms = secrets.token_urlsafe(32), clock_ms()
    session = Session(key_hash(key), now_ms, now_ms, now_ms + _DAY_MS, "a browser")
    with store.writing() as connection:
        add_session(connection, user_id, session)
    return key


def _seats(users: list[_User], addresses: list[str]) -> list[Seat]:
    return [
        Seat(
            user.id,
            addresses[user.id % len(addresses)],
            # As a proxy would say: everybody is at home somewhere else.
            f"198.18.{user.id // 256 % 256}.{user.id % 256}",
            {"Cookie": f"{NAME}={user.key}"} if user.key else {},
            user.name,
        )
        for user in users
    ]
