"""What one process of a fleet tells, the others hear, if the broker is there."""

from chess_analytics.jobs.fleet.news import Listener, Teller
from tests.faults.machine import wait_for
from tests.redis_server import RedisServer


def test_what_one_process_tells_another_hears_also_after_the_broker_was_away(
    redis: RedisServer,
) -> None:
    heard: list[tuple[int, int]] = []
    listener = Listener(redis.url, lambda user, job: heard.append((user, job)), again_s=0.05)
    teller = Teller(redis.url)
    listener.start()
    wait_for(listener.is_listening.is_set, "somebody listens")
    teller.tell(7, 11)
    wait_for(lambda: heard == [(7, 11)], "it was heard")
    redis.kill()
    wait_for(lambda: not listener.is_listening.is_set(), "the line is dead")
    teller.tell(7, 12)
    redis.start()
    wait_for(listener.is_listening.is_set, "somebody listens again")
    with redis.client() as client:
        client.publish("chess-analytics.jobs", "no numbers")
    teller.tell(7, 13)
    wait_for(lambda: heard == [(7, 11), (7, 13)], "what came afterwards was heard")
    listener.stop()
    teller.close()
