"""Imports for tests: a workshop in a temporary folder, and workers that die when they are told."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection, insert, select

from chess_analytics.actions.import_games import Desk
from chess_analytics.actions.run_import import Workshop
from chess_analytics.actions.spool_uploads import new_upload
from chess_analytics.actions.start_imports import start_import
from chess_analytics.actions.sync_player import Sites
from chess_analytics.jobs.importing import ImportWorker
from chess_analytics.sources.http import SiteAccess
from chess_analytics.sources.patience import stoppable_wait
from chess_analytics.sources.upload import UploadLimits
from chess_analytics.store.imports import (
    ImportKind,
    NewImport,
    StoredImport,
    find_import,
)
from chess_analytics.store.session import Store
from chess_analytics.store.tables import games, imports, users
from tests.accounts import NOW_MS
from tests.sources.replay import RecordedWaits

LIMITS = UploadLimits(expanded_bytes=50_000_000, games=100_000, members=100, nesting=3)


class Died(BaseException):
    """What a worker raises that dies; nobody catches it, as nobody catches a kill -9."""


class MortalStore(Store):
    """A store whose process dies at the end of a certain transaction: before the commit, or after.

    Processes that die do not write any more.
    """

    def __init__(self, store: Store, *, dies_at: int, before_commit: bool) -> None:
        super().__init__(store._writer, store._reader)
        self._dies_at = dies_at
        self._before_commit = before_commit
        self._count = itertools.count(1)
        self._is_dead = False

    @contextmanager
    def writing(self, *, outlasts_power: bool = True) -> Iterator[Connection]:
        if self._is_dead:
            raise Died
        dies = next(self._count) == self._dies_at
        with super().writing(outlasts_power=outlasts_power) as connection:
            yield connection
            if dies and self._before_commit:
                self._is_dead = True
                raise Died
        if dies:
            self._is_dead = True
            raise Died


@dataclass
class Bench:
    """A workshop with one user in it."""

    store: Store
    folder: Path
    access: SiteAccess = field(default_factory=lambda: SiteAccess(user_agent="chess-analytics/1"))
    contact: str | None = None
    waits_in_earnest: bool = False
    """A site that fails is left alone for seconds and minutes."""
    limits: UploadLimits = LIMITS
    batch: int = 200
    give_way: Callable[[], None] = lambda: None
    now_ms: int = NOW_MS
    user_id: int = 0
    events: list[tuple[Callable[[], bool], Callable[[], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.user_id:
            self.user_id = self.add_user("ada")

    def add_user(self, name: str) -> int:
        new = insert(users).values(name=name, name_key=name, is_admin=False, created_ms=NOW_MS)
        with self.store.writing() as connection:
            user_id: int = connection.execute(new.returning(users.c.id)).scalar_one()
        return user_id

    def clock(self) -> int:
        """Tell the time; nobody asks for it while a transaction is open."""
        if self.events and self.events[0][0]():
            self.events.pop(0)[1]()
        return self.now_ms

    def meanwhile(self, claim: Callable[[], bool], happens: Callable[[], None]) -> None:
        """Let something happen once, as soon as a claim holds while somebody works."""
        self.events.append((claim, happens))

    def shop(self, store: Store | None = None) -> Workshop:
        desk = Desk(store or self.store, self.clock, self.batch, self.give_way)
        wait_until = stoppable_wait if self.waits_in_earnest else lambda _halt: RecordedWaits()
        sites = Sites(self.access, self.contact, wait_until)
        return Workshop(desk, self.folder / "uploads", self.limits, sites)

    def worker(self, store: Store | None = None, name: str = "w") -> ImportWorker:
        return ImportWorker(self.shop(store), name)

    def upload(self, content: bytes | str, name: str = "games.pgn", user_id: int = 0) -> int:
        """Let an upload wait."""
        file, opened = new_upload(self.folder / "uploads")
        with opened:
            opened.write(content.encode() if isinstance(content, str) else content)
        new = NewImport(
            user_id=user_id or self.user_id, kind=ImportKind.UPLOAD, name=name, file=file,
            bytes_total=len(content),
        )  # fmt: skip
        with self.store.writing() as connection:
            return start_import(connection, new, now_ms=self.now_ms).id

    def imported(self, content: bytes | str, name: str = "games.pgn") -> StoredImport:
        """Upload something, and import it."""
        import_id = self.upload(content, name)
        self.worker().run_waiting()
        return self.look(import_id)

    def look(self, import_id: int, user_id: int = 0) -> StoredImport:
        with self.store.reading() as connection:
            found = find_import(connection, user_id or self.user_id, import_id)
        assert found is not None
        return found

    def uploads(self) -> list[str]:
        folder = self.folder / "uploads"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def restart(self) -> None:
        """Let a new worker take up what a dead one has left, and do it."""
        # Whatever lease there was has run out by then.
        self.now_ms += 120_000
        worker = self.worker(name=f"w{self.now_ms}")
        worker.recover()
        worker.run_waiting()

    def dies_at(self, number: int, *, before_commit: bool) -> bool:
        """Work on what waits until the given transaction; tell whether there was one."""
        store = MortalStore(self.store, dies_at=number, before_commit=before_commit)
        try:
            self.worker(store).run_waiting()
        except Died:
            return True
        return False

    def site_ids(self) -> list[str | None]:
        """Name the games in the library, in the order in which they came."""
        with self.store.reading() as connection:
            wanted = select(games.c.site_id).where(games.c.user_id == self.user_id)
            return list(connection.execute(wanted.order_by(games.c.id)).scalars())

    def library(self) -> list[tuple[str | None, ...]]:
        """Give who played whom in the library, in the order in which the games came."""
        with self.store.reading() as connection:
            wanted = select(games.c.white, games.c.black, games.c.moves_key)
            return [
                tuple(row)
                for row in connection.execute(
                    wanted.where(games.c.user_id == self.user_id).order_by(games.c.id)
                )
            ]

    def adds_up(self, import_id: int) -> bool:
        """Tell whether an import's row holds its law, whatever has happened."""
        with self.store.reading() as connection:
            row = connection.execute(select(imports).where(imports.c.id == import_id)).one()
        parts: int = row.added + row.already_there + row.set_aside + row.broken
        return bool(row.found == parts)

    def with_limits(self, **limits: int) -> "Bench":
        """Give the same bench with other limits on uploads."""
        return replace(self, limits=replace(self.limits, **limits))
