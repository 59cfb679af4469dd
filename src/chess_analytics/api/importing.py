"""The process that works on imports beside a server: ``python -m chess_analytics.api.importing``.

It is told by its standard input what `jobs.import_process` tells it, and ends with it.
"""

import signal
import sys
import time

from chess_analytics.actions.import_games import Desk
from chess_analytics.api.import_shop import import_worker
from chess_analytics.engine.machine import give_way
from chess_analytics.jobs.import_process import work_until_told
from chess_analytics.observability.seen import be_seen
from chess_analytics.settings import Settings
from chess_analytics.store.session import open_store

_NICENESS = 10


def main() -> None:
    """Work on imports until the server is gone, or there was none for long."""
    settings = Settings()
    give_way(_NICENESS)
    # Some tell every process of a service to end: the server is one of them, and tells us.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    be_seen(settings.sight)
    with open_store(settings.data_dir, settings.database) as store:
        desk = Desk(store, lambda: time.time_ns() // 1_000_000)
        work_until_told(import_worker(settings, desk), sys.stdin.buffer)


if __name__ == "__main__":
    main()
