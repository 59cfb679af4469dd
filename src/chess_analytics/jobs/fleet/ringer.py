"""Ring the bells of a fleet: short words to the broker, which may be away."""

from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.jobs.fleet.broker import broker_app
from chess_analytics.jobs.fleet.queues import VISIT, Queue

# Who rings has something better to do than to wait; beat rings again.
_PATIENCE_S = 0.8
_FAULTS = (KombuError, RedisError, OSError)


class BrokerAway(ChessAnalyticsError):
    """The broker does not answer. No work is lost: it waits in the database."""


class Ringer:
    """Rings; every method may be called by any thread."""

    def __init__(self, url: str) -> None:
        self._app = broker_app(url, patience_s=_PATIENCE_S)
        # Read once here, and not by each child of a worker for its own first ring.
        self._app.conf.items()

    def ring(self, queue: Queue, count: int = 1) -> None:
        """Ring so often for a class of work; a bell says nothing else.

        Raises:
            BrokerAway: it does not answer in time; some bells may have rung.
        """
        try:
            with (
                self._app.connection_for_write() as connection,
                self._app.amqp.Producer(connection, auto_declare=False) as producer,
            ):
                for _ in range(count):
                    self._app.send_task(
                        VISIT, args=(queue.value,), queue=queue.value, producer=producer
                    )
        except _FAULTS as error:
            raise BrokerAway(f"the broker does not answer: {error}") from error

    def waiting(self, queue: Queue) -> int:
        """Count the bells that nobody has heard yet.

        Raises:
            BrokerAway: it does not answer in time.
        """
        try:
            with self._app.connection_for_read() as connection:
                found = connection.default_channel.queue_declare(queue=queue.value)
        except _FAULTS as error:
            raise BrokerAway(f"the broker does not answer: {error}") from error
        return int(found.message_count)
