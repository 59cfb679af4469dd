"""How many games a second an import brings into the library on one core, and in how much memory.

The file is made of whole archives of real players and of a week of tournaments; where that is less
than it should be, the games come once more under other names on their sites. Each database is
measured by a process of its own, so that its memory is its own.
"""

import gzip
import json
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert
from tests.postgres import fresh_database, postgres_server
from tests.shared_data import shared_folder

from chess_analytics.actions.import_games import Desk
from chess_analytics.actions.run_import import Workshop
from chess_analytics.actions.spool_uploads import new_upload
from chess_analytics.actions.start_imports import start_import
from chess_analytics.actions.sync_player import sites_at
from chess_analytics.jobs.importing import ImportWorker
from chess_analytics.samples import SAMPLE
from chess_analytics.sources.upload import UploadLimits
from chess_analytics.store.imports import ImportKind, NewImport, find_import
from chess_analytics.store.session import Store, open_store, upgrade_database
from chess_analytics.store.tables import users

GAMES = 10_000
LARGE_BYTES = 120_000_000
GOAL_GAMES_PER_S = 400
GOAL_MEMORY_MB = 300

_ARCHIVES = ("archives/*.pgn", "corpus/*.pgn.gz")
_NAMES_ON_SITES = re.compile(r"(lichess\.org/|chess\.com/game/(?:live|daily)/)(\w+)")
_DATES = re.compile(r'(Date ")(\d{4})')
_UNLIMITED = UploadLimits(expanded_bytes=1 << 40, games=1 << 30, members=9, nesting=3)


def measure() -> dict[str, Any]:
    """Import ten thousand games twice, into SQLite and into PostgreSQL."""
    return _measure(most_games=GAMES, most_bytes=LARGE_BYTES)


def measure_large() -> dict[str, Any]:
    """Import a large file; it takes minutes."""
    return _measure(most_games=1 << 30, most_bytes=LARGE_BYTES)


def _measure(*, most_games: int, most_bytes: int) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        file = Path(folder, "games.pgn")
        _write_games(file, most_games, most_bytes)
        found: dict[str, Any] = {"file_mb": round(file.stat().st_size / 1e6, 1)}
        for kind in ("sqlite", "postgresql"):
            with _address(kind) as url:
                command = [sys.executable, "-m", "bench.import_store", str(file), folder, url]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
            found[kind] = json.loads(done.stdout)
        return {**found, "goals": {"games_per_s": GOAL_GAMES_PER_S, "memory_mb": GOAL_MEMORY_MB}}


def _write_games(file: Path, most_games: int, most_bytes: int) -> None:
    """Write different real games until there are so many, or the file is so large."""
    games = size = 0
    with file.open("w", encoding="utf-8") as written:
        for copy in count():
            for game in real_games():
                if games >= most_games or size >= most_bytes:
                    return
                size += written.write(renamed(game, copy) if copy else game)
                games += 1


def real_games() -> Iterator[str]:
    """Give the texts of real games: of the shared archives where they are, else of the sample."""
    folder = shared_folder()
    found = [path for each in _ARCHIVES for path in sorted(folder.glob(each))] if folder else []
    for path in found or [SAMPLE]:
        content = path.read_bytes()
        text = gzip.decompress(content) if path.suffix == ".gz" else content
        for game in re.split(r"(?m)^(?=\[Event )", text.decode("utf-8", "replace")):
            if game.strip():
                yield game.rstrip() + "\n\n"


def renamed(game: str, copy: int) -> str:
    """Make another game of it: its name on its site is another, or it was played years later."""
    named = _NAMES_ON_SITES.sub(lambda found: f"{found[1]}{_other(found[2], copy)}", game)
    return _DATES.sub(lambda found: f"{found[1]}{int(found[2]) + 2 * copy}", named)


def _other(name: str, copy: int) -> str:
    if name.isdigit():
        return f"{copy}{name:0>12}"
    return f"{name[: 8 - len(str(copy))]}{copy}"


@contextmanager
def _address(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    with postgres_server() as server, fresh_database(server, "measured") as url:
        upgrade_database(url)
        yield url


def _import(file: Path, folder: Path, url: str) -> dict[str, Any]:
    """Import a file twice, in this process and its only thread."""
    data = folder / "data"
    with open_store(data, url or None) as store:
        with store.writing() as connection:
            new = insert(users).values(name="a", name_key="a", is_admin=True, created_ms=1)
            user_id = connection.execute(new.returning(users.c.id)).scalar_one()
        first, second = (_import_once(store, file, data / "uploads", user_id) for _ in range(2))
    memory_mb = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return {"first": first, "second": second, "memory_mb": memory_mb}


def _import_once(store: Store, file: Path, uploads: Path, user_id: int) -> dict[str, Any]:
    name, opened = new_upload(uploads)
    with opened, file.open("rb") as games:
        shutil.copyfileobj(games, opened)
    sites = sites_at(lichess_url="", chesscom_url="", lichess_token=None, contact=None)
    shop = Workshop(Desk(store, _now_ms), uploads, _UNLIMITED, sites)
    new = NewImport(user_id=user_id, kind=ImportKind.UPLOAD, name="games.pgn", file=name)
    with store.writing() as connection:
        import_id = start_import(connection, new, now_ms=_now_ms()).id
    began, began_cpu = time.perf_counter(), time.process_time()
    ImportWorker(shop, "bench").run_waiting()
    took, took_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    with store.reading() as connection:
        done = find_import(connection, user_id, import_id)
    assert done
    assert done.error is None, done.error
    return {
        "found": done.counts.found,
        "added": done.counts.added,
        "already_there": done.counts.already_there,
        "set_aside": done.counts.set_aside,
        "broken": done.counts.broken,
        "seconds": round(took, 2),
        "cpu_s": round(took_cpu, 2),
        "games_per_s": round(done.counts.found / took),
        "games_per_cpu_s": round(done.counts.found / took_cpu),
    }


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    print(json.dumps(_import(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])))
