"""A server's line to its fleet. A thread speaks, so that nobody waits for a broker."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from chess_analytics.jobs.bell import Bell
from chess_analytics.jobs.fleet.bell import ring_what_waits
from chess_analytics.jobs.fleet.news import Listener, Teller
from chess_analytics.jobs.fleet.ringer import BrokerAway, Ringer
from chess_analytics.store.job_rows import StoredJob
from chess_analytics.store.session import Store

_LOG = logging.getLogger(__name__)

# What nobody could be told in time, nobody needs to be told: they look themselves.
_MOST_NEWS = 256
_LAST_WORDS_S = 3.0
# What others do is looked after so often: they tell of every game, and to look costs as much as a
# request does.
_LOOK_S = 1.0


class FleetLine:
    """Gives free places away, rings for what waits, and tells what has happened.

    It rings and tells as soon as the broker lets it. However often it is told something while it
    does so, it looks once more; what others have told it looks after within a second.
    """

    def __init__(
        self,
        give_places: Callable[[], Sequence[StoredJob]],
        ring: Callable[[], object],
        teller: Teller,
    ) -> None:
        self._give_places = give_places
        self._ring = ring
        self._teller = teller
        self._news: deque[tuple[int, int]] = deque(maxlen=_MOST_NEWS)
        self._bell = Bell()
        self._has_heard = False
        self._is_over = False
        self._thread = threading.Thread(target=self._serve, name="fleet-line", daemon=True)

    def start(self) -> None:
        """Begin; what waits already is rung for."""
        self._thread.start()
        self._bell.ring()

    def tell(self, user_id: int, job_id: int) -> None:
        """Say that something was done with a job; comes back at once, whatever the broker does."""
        self._news.append((user_id, job_id))
        self._bell.ring()

    def look_again(self) -> None:
        """Say that a place may be free, or that there is work; comes back at once."""
        self._bell.ring()

    def hear(self) -> None:
        """Say that others have told something; comes back at once."""
        self._has_heard = True

    def stop(self) -> None:
        """End; beat rings for what was not rung for."""
        self._is_over = True
        self._bell.ring()
        self._thread.join(_LAST_WORDS_S)

    def _serve(self) -> None:
        heard = 0
        while not self._is_over:
            self._bell.wait_for_more(heard, _LOOK_S)
            if self._bell.count > heard or self._has_heard:
                heard, self._has_heard = self._bell.count, False
                self._speak()

    def _speak(self) -> None:
        try:
            self._news += [(job.user_id, job.id) for job in self._give_places()]
            self._ring()
            with suppress(IndexError):
                while True:
                    self._teller.tell(*self._news.popleft())
        except BrokerAway as error:
            _LOG.warning("fleet.broker_away The work waits, beat rings again: %s", error)
        except Exception:  # noqa: BLE001 - a database that is away must not end the thread
            _LOG.exception("fleet.line_fault")


@contextmanager
def open_fleet_line(
    store: Store,
    broker_url: str,
    hear: Callable[[int, int], None],
    give_places: Callable[[], Sequence[StoredJob]],
) -> Iterator[FleetLine]:
    """Open the line of a server, and listen to what others say."""
    ringer, teller = Ringer(broker_url), Teller(broker_url)
    line = FleetLine(give_places, lambda: ring_what_waits(store, ringer), teller)

    def heard(user_id: int, job_id: int) -> None:
        hear(user_id, job_id)
        line.hear()

    listener = Listener(broker_url, heard)
    line.start()
    listener.start()
    try:
        yield line
    finally:
        line.stop()
        listener.stop()
        teller.close()
