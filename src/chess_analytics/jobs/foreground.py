"""One import while somebody waits for it, by the same rules as in the background."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from chess_analytics.actions.import_games import Desk, GameImport, Halt
from chess_analytics.actions.run_import import conduct_import
from chess_analytics.store.import_claims import (
    Claim,
    Lease,
    claim_import,
    extend_leases,
    free_dead_imports,
)
from chess_analytics.store.imports import (
    OPEN,
    NewImport,
    StoredImport,
    add_import,
    cancel_import,
    find_import,
)

_BEAT_S = 5.0
_LOOK_S = 0.5

Work = Callable[[GameImport, StoredImport], None]
_Taken = tuple[Claim, StoredImport]


@dataclass(frozen=True, slots=True)
class Foreground:
    """A worker that does one import at a time, when it is told to."""

    desk: Desk
    name: str
    halt: Halt
    on_wait: Callable[[], None]
    """Is told once that another import has to end first."""

    def recover(self) -> None:
        """Free what dead workers have left."""
        store, now_ms = self.desk.store, self.desk.now_ms()
        with store.writing() as connection:
            # Who opened the embedded database is alone with it: no worker lives but us.
            free_dead_imports(connection, now_ms=now_ms, all_are_dead=store.is_embedded)

    def import_here(self, new: NewImport, work: Work) -> StoredImport | None:
        """Carry out an import that only this process can do; nothing if it was halted before.

        Where it is halted it is cancelled: nobody else could go on with it.
        """

        def take(connection: Connection, lease: Lease) -> _Taken | None:
            # Nobody sees it waiting, so nobody else takes it; if it has to wait, it was not there.
            with connection.begin_nested() as added:
                import_id = add_import(connection, new, now_ms=lease.now_ms)
                taken = claim_import(connection, self.name, lease, only=import_id)
                if taken is None:
                    added.rollback()
            return taken

        taken = self._take(take, until=lambda: False)
        if taken is None:
            return None
        _, stored = taken
        self._conduct(taken, work)
        with self.desk.store.writing() as connection:
            cancel_import(connection, stored.id, now_ms=self.desk.now_ms())
        return self._look(stored)

    def carry_out(self, waiting: StoredImport, work: Work) -> StoredImport:
        """Carry out an import that waits; where another worker does, wait until it has ended.

        Where it is halted it waits for the next worker.
        """

        def take(connection: Connection, lease: Lease) -> _Taken | None:
            return claim_import(connection, self.name, lease, only=waiting.id)

        taken = self._take(take, until=lambda: self._look(waiting).state not in OPEN)
        if taken is not None:
            self._conduct(taken, work)
        return self._look(waiting)

    def _take(
        self,
        take: Callable[[Connection, Lease], _Taken | None],
        *,
        until: Callable[[], bool],
    ) -> _Taken | None:
        """Try until it succeeds, or there is no more use in it."""
        has_told = False
        while not (self.halt.is_set() or until()):
            lease = self.desk.lease()
            with self.desk.store.writing() as connection:
                # There may be no server that would do it.
                free_dead_imports(connection, now_ms=lease.now_ms)
                taken = take(connection, lease)
            if taken:
                return taken
            if not has_told:
                has_told = True
                self.on_wait()
            self.halt.wait(_LOOK_S)
        return None

    def _conduct(self, taken: _Taken, work: Work) -> None:
        claim, stored = taken
        with self._beating(claim):
            conduct_import(self.desk, claim, stored, lambda games: work(games, stored), self.halt)

    @contextmanager
    def _beating(self, claim: Claim) -> Iterator[None]:
        """Say every few seconds that we live, and hear whether the user wants us to end."""
        is_over = threading.Event()

        def beat() -> None:
            while not is_over.wait(_BEAT_S):
                lease = self.desk.lease()
                with self.desk.store.writing() as connection:
                    if extend_leases(connection, [claim], lease):
                        self.halt.set()

        thread = threading.Thread(target=beat, name="import-beat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    def _look(self, stored: StoredImport) -> StoredImport:
        with self.desk.store.reading() as connection:
            found = find_import(connection, stored.user_id, stored.id)
        return found or stored
