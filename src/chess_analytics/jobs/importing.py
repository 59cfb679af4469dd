"""Imports in the background: threads of the server take what waits, and beat while they work."""

import logging
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass

from chess_analytics.actions.import_games import Halt
from chess_analytics.actions.run_import import Workshop, run_import
from chess_analytics.actions.spool_uploads import old_uploads, remove_uploads
from chess_analytics.jobs.bell import Bell
from chess_analytics.observability.context import belonging_to
from chess_analytics.store.import_claims import (
    Claim,
    anything_is_dead,
    anything_waits,
    claim_import,
    drop_import,
    extend_leases,
    free_dead_imports,
)
from chess_analytics.store.imports import ImportKind, StoredImport, files_in_use

_LOG = logging.getLogger(__name__)

# Another server may have taken an upload, or a lease may have run out: nobody rings for that.
_LOOK_S = 5.0
# Some beats within the life of a lease.
_BEAT_S = 5.0
_SWEEP_MS = 3_600_000
# An import that waits for a silent site cannot be woken; nobody wants to wait for it in turn.
_PATIENCE_S = 10.0

EVERY_KIND = tuple(ImportKind)


@dataclass(frozen=True, slots=True)
class _Running:
    """An import that one of our threads works on."""

    claim: Claim
    halt: Halt


class ImportWorker:
    """Works on imports until it is stopped; several of them may share a database.

    Files are read ``files_at_once`` at a time. Beside them each site is asked for one player's
    games, so that an hour of waiting for a site holds up no file.
    """

    def __init__(self, shop: Workshop, name: str, *, files_at_once: int = 2) -> None:
        self._shop = shop
        self._name = name
        self._lanes: list[tuple[ImportKind, ...]] = [
            *[(ImportKind.UPLOAD,)] * files_at_once,
            (ImportKind.LICHESS,),
            (ImportKind.CHESSCOM,),
        ]
        self._bell = Bell()
        self._running: dict[int, _Running] = {}
        self._threads: list[threading.Thread] = []
        self._stopping = False
        self._swept_ms: int | None = None

    def start(self) -> None:
        """Take up what died with an earlier server, then work."""
        self.recover()
        names = [f"import-{number}" for number in range(len(self._lanes))]
        self._threads = [
            threading.Thread(target=self._work, args=(lane,), name=name, daemon=True)
            for lane, name in zip(self._lanes, names, strict=True)
        ]
        beat = threading.Thread(target=self._beat_on, name="import-beat", daemon=True)
        self._threads.append(beat)
        for thread in self._threads:
            thread.start()

    def ring(self) -> None:
        """Say that there is something to do: an import waits, or is to be cancelled."""
        self._bell.ring()

    def stop(self) -> None:
        """End all threads; what they work on waits for the next server, and goes on there."""
        self._stopping = True
        for running in list(self._running.values()):
            running.halt.set()
        self._bell.ring()
        until = time.monotonic() + _PATIENCE_S
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        for running in list(self._running.values()):
            running.halt.is_too_late = True

    @property
    def is_busy(self) -> bool:
        """Whether an import is at hand."""
        return bool(self._running)

    def has_work(self) -> bool:
        """Tell whether an import waits."""
        with self._shop.desk.store.reading() as connection:
            return anything_waits(connection, EVERY_KIND)

    def recover(self) -> None:
        """Free what dead workers have left, and remove the files that nobody needs."""
        store, now_ms = self._shop.desk.store, self._shop.desk.now_ms()
        with store.writing() as connection:
            # Who opened the embedded database is alone with it: no worker lives but us.
            is_alone = store.is_embedded and not self._running
            free_dead_imports(connection, now_ms=now_ms, all_are_dead=is_alone)
        self._sweep(now_ms)

    def run_waiting(self, kinds: Collection[ImportKind] = EVERY_KIND) -> None:
        """Work on what waits, one after the other, in this thread; ends when nothing does."""
        while self._run_one(kinds):
            pass

    def beat(self) -> None:
        """Say that we live; end what users want to end; free what the dead have left."""
        desk = self._shop.desk
        running, lease = dict(self._running), desk.lease()
        if running:
            with desk.store.writing() as connection:
                claims = [each.claim for each in running.values()]
                unwanted = extend_leases(connection, claims, lease)
            for import_id in unwanted:
                running[import_id].halt.set()
        with desk.store.reading() as connection:
            has_dead = anything_is_dead(connection, lease.now_ms)
        if has_dead:
            with desk.store.writing() as connection:
                free_dead_imports(connection, now_ms=lease.now_ms)
            self._bell.ring()
        self._sweep(lease.now_ms)

    def _work(self, kinds: Collection[ImportKind]) -> None:
        while not self._stopping:
            heard = self._bell.count
            try:
                if self._run_one(kinds):
                    continue
            except Exception:  # noqa: BLE001 - what nobody thought of must not end the thread
                _LOG.exception("import.fault kinds=%s", ",".join(kinds))
            self._bell.wait_for_more(heard, _LOOK_S)

    def _beat_on(self) -> None:
        while not self._stopping:
            heard = self._bell.count
            try:
                self.beat()
            except Exception:  # noqa: BLE001 - nor this one
                _LOG.exception("import.beat_missed")
            self._bell.wait_for_more(heard, _BEAT_S)

    def _run_one(self, kinds: Collection[ImportKind]) -> bool:
        """Claim an import and work on it; tell whether there was one."""
        desk = self._shop.desk
        with desk.store.reading() as connection:
            if not anything_waits(connection, kinds):
                return False
        lease = desk.lease()
        with desk.store.writing() as connection:
            taken = claim_import(connection, self._name, lease, kinds=kinds)
        if taken is None:
            return False
        claim, stored = taken
        halt = Halt()
        self._running[claim.import_id] = _Running(claim, halt)
        if self._stopping:
            halt.set()
        try:
            is_over = self._run(claim, stored, halt)
        finally:
            del self._running[claim.import_id]
        if is_over:
            # The next one of this user, or of this site, may have waited for it.
            self._bell.ring()
        return is_over

    def _run(self, claim: Claim, stored: StoredImport, halt: Halt) -> bool:
        """Work on an import; tell whether that went as it should."""
        with belonging_to(**{"import": stored.id}, user=stored.user_id):
            return self._run_known(claim, stored, halt)

    def _run_known(self, claim: Claim, stored: StoredImport, halt: Halt) -> bool:
        began_ms = self._shop.desk.now_ms()
        _LOG.info("import.begun id=%d kind=%s attempt=%d", stored.id, stored.kind, claim.attempt)
        try:
            state = run_import(self._shop, claim, stored, halt)
        except Exception:  # noqa: BLE001 - its user is told, in words
            # Ours, or the database's: it may pass, if we leave it alone for a moment.
            _LOG.exception("import.fault id=%d attempt=%d", stored.id, claim.attempt)
            now_ms = self._shop.desk.now_ms()
            with self._shop.desk.store.writing() as connection:
                drop_import(connection, claim, now_ms=now_ms)
            return False
        took_ms = self._shop.desk.now_ms() - began_ms
        _LOG.info("import.ended id=%d state=%s ms=%d", stored.id, state, took_ms)
        return True

    def _sweep(self, now_ms: int) -> None:
        """Remove uploads that no import knows, now and then."""
        if self._swept_ms is not None and now_ms - self._swept_ms < _SWEEP_MS:
            return
        self._swept_ms = now_ms
        # In this order: an upload becomes an import while we look.
        names = old_uploads(self._shop.uploads, now_ms - _SWEEP_MS)
        with self._shop.desk.store.reading() as connection:
            needed = files_in_use(connection)
        remove_uploads(self._shop.uploads, set(names) - needed)
