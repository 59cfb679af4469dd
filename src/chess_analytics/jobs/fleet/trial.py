"""Whether the broker brings what it is given: a word there and back, on a queue of its own."""

import secrets
from queue import Empty

from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from chess_analytics.jobs.fleet.broker import broker_app
from chess_analytics.jobs.fleet.ringer import BrokerAway

_PATIENCE_S = 5.0
_FAULTS = (KombuError, RedisError, OSError)


def echo(url: str) -> None:
    """Send a word, and wait until it comes back; no worker hears it, and nothing stays.

    Raises:
        BrokerAway: it does not answer, refuses us, or brings something else.
        BrokerRefused: the address is not one of Redis.
    """
    word = secrets.token_hex(8)
    try:
        with broker_app(url, patience_s=_PATIENCE_S).connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=_PATIENCE_S)
            with connection.SimpleQueue(f"doctor-{word}", no_ack=True) as queue:
                queue.put({"word": word})
                try:
                    came = queue.get(timeout=_PATIENCE_S).payload
                finally:
                    queue.queue.delete()
    except Empty as error:
        raise BrokerAway("the broker took a word and did not bring it back") from error
    except _FAULTS as error:
        raise BrokerAway(f"the broker does not answer: {error}") from error
    if came != {"word": word}:
        raise BrokerAway("the broker brought another word than it was given")
