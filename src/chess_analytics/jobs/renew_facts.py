"""After an upgrade facts are made anew by themselves, a little at a time."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from chess_analytics.actions.rebuild_facts import Rebuilt, rebuild_some
from chess_analytics.store.job_sweep import release_lease, take_lease
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.passing import may_pass
from chess_analytics.store.session import Store

_LOG = logging.getLogger(__name__)

# A worker of an older version may still be at work somewhere, and leave old facts behind.
_LOOK_S = 600.0
_AGAIN_S = 30.0
# A breath for those who wait for an answer.
_PAUSE_S = 0.1
_LEASE = "facts"
# Far longer than a batch takes; of a fleet's servers one does it.
_LEASE_MS = 60_000


class FactsRenewal:
    """Makes outdated facts anew in a thread of its own until it is stopped; no engine is asked."""

    def __init__(self, store: Store, name: str, *, look_s: float = _LOOK_S) -> None:
        self._store = store
        self._name = name
        self._look_s = look_s
        self._clock = lease_clock(store)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._renew_on, name="facts-renewal", daemon=True)

    def start(self) -> None:
        """Begin with what is outdated now, and look again every now and then."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand; what is not done is done by the next server."""
        self._is_over.set()
        self._thread.join()

    def _renew_on(self) -> None:
        while not self._is_over.is_set():
            try:
                wait_s = self._look_s if self._renew() else _AGAIN_S
            except Exception as error:  # noqa: BLE001 - one fault must not end it for good
                if not may_pass(error):
                    _LOG.exception("facts.renewal_fault")
                wait_s = _AGAIN_S
            self._is_over.wait(wait_s)

    def _renew(self) -> bool:
        """Go through all that is outdated; tell whether nothing is left to us."""
        after: int | None = 0
        done = Rebuilt()
        while after is not None and not self._is_over.is_set():
            if not self._is_ours():
                return False
            some, after = rebuild_some(self._store, after)
            done = done.and_also(some)
            self._is_over.wait(_PAUSE_S if after is not None else 0)
        if done.all:
            _LOG.info("facts.renewed made=%d unreadable=%d", done.made, done.unreadable)
        self._give_back()
        return True

    def _is_ours(self) -> bool:
        if self._store.is_embedded:
            return True
        with self._store.writing() as connection:
            now_ms = self._clock(connection)
            until_ms = now_ms + _LEASE_MS
            return take_lease(connection, _LEASE, self._name, now_ms=now_ms, until_ms=until_ms)

    def _give_back(self) -> None:
        if not self._store.is_embedded:
            with self._store.writing() as connection:
                release_lease(connection, _LEASE, self._name)


@contextmanager
def renewing_facts(store: Store, name: str) -> Iterator[FactsRenewal]:
    """Keep facts up to date as long as the server runs."""
    renewal = FactsRenewal(store, name)
    renewal.start()
    try:
        yield renewal
    finally:
        renewal.stop()
