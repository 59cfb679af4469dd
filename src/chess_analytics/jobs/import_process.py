"""Imports in a process of their own, which gives way to a server that answers many.

Reading games is work for Python, and threads of one process take turns at that: in threads of a
server it would hold up every answer.
"""

import logging
import os
import selectors
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import BinaryIO

from chess_analytics.jobs.bell import Bell
from chess_analytics.jobs.importing import ImportWorker
from chess_analytics.observability.exposition import forget_child

_LOG = logging.getLogger(__name__)

_LOOK_S = 5.0
# A process that ends at once, again and again, is not started faster than this.
_PAUSE_S = 5.0
# Longer than an import takes to give back what it is at.
_PATIENCE_S = 15.0
# It takes memory while it is there, and a second to start.
_IDLE_S = 600.0
_RING = b"\n"
_MOST_RINGS = 4096


class ImportProcess:
    """Has a process work on imports while there are some; it is rung as an `ImportWorker` is.

    ``clerk`` is never started: it says what there is to do, and frees what died with others.
    ``command`` runs a program that calls `work_until_told`.
    """

    def __init__(self, clerk: ImportWorker, command: Sequence[str]) -> None:
        self._clerk = clerk
        self._command = command
        self._bell = Bell()
        self._child: _Child | None = None
        self._started_s = -_PAUSE_S
        self._stopping = False
        self._watch = threading.Thread(target=self._watch_on, name="import-watch", daemon=True)

    def start(self) -> None:
        """Take up what died with an earlier server, then see that there is a process to work."""
        self._clerk.recover()
        self._watch.start()

    def ring(self) -> None:
        """Say that there is something to do: an import waits, or is to be cancelled."""
        self._bell.ring()

    def stop(self) -> None:
        """End the process; what it works on waits for the next server, and goes on there."""
        self._stopping = True
        self._bell.ring()
        # A database that does not answer holds it up; nobody wants to wait for that.
        self._watch.join(_PATIENCE_S)
        if self._child:
            self._child.end()

    def _watch_on(self) -> None:
        passed_on = 0
        while not self._stopping:
            heard = self._bell.count
            try:
                self._see_to_it(is_rung=heard > passed_on)
                passed_on = heard
            except Exception:  # noqa: BLE001 - what nobody thought of must not end the thread
                _LOG.exception("import.process_unseen")
            self._bell.wait_for_more(heard, _LOOK_S)

    def _see_to_it(self, *, is_rung: bool) -> None:
        """Pass a ring on to the process; where there is none and something waits, start one."""
        if self._child and not self._child.is_there():
            self._child = None
        if self._child:
            if is_rung:
                self._child.ring()
            return
        self._clerk.beat()
        if self._clerk.has_work() and time.monotonic() - self._started_s >= _PAUSE_S:
            self._started_s = time.monotonic()
            self._child = _Child(self._command)


class _Child:
    """The process."""

    def __init__(self, command: Sequence[str]) -> None:
        hears, self._orders = os.pipe()
        os.set_blocking(self._orders, False)
        try:
            self._popen = subprocess.Popen(
                command,
                stdin=hears,
                stdout=subprocess.DEVNULL,
                # Ctrl-C is for the server. The session is the server's: niceness counts within one.
                process_group=0,
            )
        except OSError:
            os.close(self._orders)
            raise
        finally:
            os.close(hears)
        _LOG.info("import.process_started pid=%d", self._popen.pid)

    def is_there(self) -> bool:
        """Tell whether it still works; say so where it should."""
        code = self._popen.poll()
        if code is None:
            return True
        os.close(self._orders)
        forget_child(self._popen.pid)
        if code:
            _LOG.error("import.process_died pid=%d code=%d", self._popen.pid, code)
        return False

    def ring(self) -> None:
        # It may be about to end, which whoever looks next sees; or so many rings are unheard that
        # one more says nothing new.
        with suppress(BrokenPipeError, BlockingIOError):
            os.write(self._orders, _RING)

    def end(self) -> None:
        os.close(self._orders)
        try:
            self._popen.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()


def work_until_told(worker: ImportWorker, orders: BinaryIO, *, idle_s: float = _IDLE_S) -> None:
    """Work in such a process, until whoever rings is gone, or there was nothing to do for long."""
    worker.start()
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(orders, selectors.EVENT_READ)
            while (rung := selector.select(idle_s)) or worker.is_busy:
                if rung and not os.read(orders.fileno(), _MOST_RINGS):
                    return
                worker.ring()
    finally:
        worker.stop()
