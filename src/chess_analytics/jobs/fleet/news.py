"""Word of jobs that have changed, between the processes of a fleet.

It only wakes: rows are the truth.
Two numbers a message, a user's and a job's. Who misses one looks a second later anyway.
"""

import logging
import threading
from collections.abc import Callable

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

_LOG = logging.getLogger(__name__)

_CHANNEL = "chess-analytics.jobs"
_PATIENCE_S = 0.8
_LISTEN_S = 1.0
_AGAIN_S = 5.0
_LAST_WORDS_S = 3.0


class Teller:
    """Tells the other processes that something has happened to a job."""

    def __init__(self, url: str) -> None:
        self._redis = _connect(url)

    def tell(self, user_id: int, job_id: int) -> None:
        """Tell it, if the broker is there."""
        try:
            self._redis.publish(_CHANNEL, f"{user_id} {job_id}")
        except RedisError as error:
            _LOG.debug("fleet.untold job=%d %s", job_id, error)

    def close(self) -> None:
        self._redis.close()


class Listener:
    """Hears what other processes tell, in a thread of its own."""

    def __init__(
        self, url: str, hear: Callable[[int, int], None], *, again_s: float = _AGAIN_S
    ) -> None:
        self._url = url
        self._hear = hear
        self._again_s = again_s
        self._is_over = threading.Event()
        self.is_listening = threading.Event()
        """Whether the line is open."""
        self._thread = threading.Thread(target=self._serve, name="fleet-news", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join(_LAST_WORDS_S)

    def _serve(self) -> None:
        while not self._is_over.is_set():
            try:
                self._listen()
            except (RedisError, OSError) as error:
                _LOG.warning("fleet.news_away Progress is looked up every second: %s", error)
            self.is_listening.clear()
            self._is_over.wait(self._again_s)

    def _listen(self) -> None:
        with _connect(self._url) as client, client.pubsub() as line:
            line.subscribe(_CHANNEL)
            while not self._is_over.is_set():
                said = line.get_message(timeout=_LISTEN_S)
                if said is None:
                    # A line that died in silence is noticed by asking.
                    line.check_health()
                elif said["type"] == "subscribe":
                    self.is_listening.set()
                elif said["type"] == "message":
                    self._understand(said["data"])

    def _understand(self, words: bytes) -> None:
        user_id, _, job_id = words.decode("ascii", "replace").partition(" ")
        if user_id.isdigit() and job_id.isdigit():
            self._hear(int(user_id), int(job_id))


def _connect(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=_PATIENCE_S,
        socket_connect_timeout=_PATIENCE_S,
        health_check_interval=15,
        retry=Retry(NoBackoff(), 0),
    )
