"""Ring the bells of a fleet: short words to the broker, which may be away."""

import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from kombu import Connection, Producer
from kombu.exceptions import KombuError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisSilent

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.jobs.fleet.broker import broker_app
from chess_analytics.jobs.fleet.queues import VISIT, Queue

# Who rings has something better to do than to wait; beat rings again.
_PATIENCE_S = 0.8
_FAULTS = (KombuError, RedisError, OSError)
# To connect costs ten times what a ring does. More lines than this are only open at once where many
# requests ring together.
_KEPT_LINES = 2

_Said = TypeVar("_Said")


class BrokerAway(ChessAnalyticsError):
    """The broker does not answer. No work is lost: it waits in the database."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A connection that bells are sent over, by one thread at a time."""

    connection: Connection
    producer: Producer
    process: int


class Ringer:
    """Rings; every method may be called by any thread, and after a fork."""

    def __init__(self, url: str) -> None:
        self._app = broker_app(url, patience_s=_PATIENCE_S)
        # Read once here, and not by each child of a worker for its own first ring.
        self._app.conf.items()
        self._lines: deque[_Line] = deque()

    def ring(self, queue: Queue, count: int = 1) -> None:
        """Ring so often for a class of work; a bell says nothing else.

        Raises:
            BrokerAway: it does not answer in time; some bells may have rung.
        """
        self._say(lambda line: self._ring(line, queue, count))

    def waiting(self, queue: Queue) -> int:
        """Count the bells that nobody has heard yet.

        Raises:
            BrokerAway: it does not answer in time.
        """
        return self._say(lambda line: _count(line, queue))

    def _ring(self, line: _Line, queue: Queue, count: int) -> None:
        for _ in range(count):
            self._app.send_task(
                VISIT, args=(queue.value,), queue=queue.value, producer=line.producer
            )

    def _say(self, words: Callable[[_Line], _Said]) -> _Said:
        """Say something over a line that is kept, or over a new one if that was cut since.

        So it may be said twice: a bell too many does no harm.
        """
        try:
            kept = self._kept_line()
            if kept:
                try:
                    return self._say_over(kept, words)
                except (RedisSilent, TimeoutError):
                    # A new line would be as silent.
                    raise
                except _FAULTS:
                    # It was cut.
                    pass
            return self._say_over(self._new_line(), words)
        except _FAULTS as error:
            raise BrokerAway(f"the broker does not answer: {error}") from error

    def _say_over(self, line: _Line, words: Callable[[_Line], _Said]) -> _Said:
        try:
            said = words(line)
        except BaseException:
            line.connection.release()
            raise
        if len(self._lines) < _KEPT_LINES:
            self._lines.append(line)
        else:
            line.connection.release()
        return said

    def _kept_line(self) -> _Line | None:
        while True:
            try:
                line = self._lines.pop()
            except IndexError:
                return None
            # Those of the process that we were forked from are its own.
            if line.process == os.getpid():
                return line

    def _new_line(self) -> _Line:
        # It connects when something is said over it.
        connection = self._app.connection_for_write()
        producer = self._app.amqp.Producer(connection, auto_declare=False)
        return _Line(connection, producer, os.getpid())


def _count(line: _Line, queue: Queue) -> int:
    found = line.connection.default_channel.queue_declare(queue=queue.value)
    return int(found.message_count)
