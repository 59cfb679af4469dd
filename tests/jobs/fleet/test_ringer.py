"""Bells say what class of work there is, and nothing else, and nobody waits for a broker."""

import base64
import json
import multiprocessing
from typing import Any

import pytest
from celery.exceptions import QueueNotFound
from redis import Redis

from chess_analytics.jobs.fleet.broker import HARD_LIMIT_S, SOFT_LIMIT_S, BrokerRefused, broker_app
from chess_analytics.jobs.fleet.queues import Queue
from chess_analytics.jobs.fleet.ringer import BrokerAway, Ringer
from tests.redis_server import RedisServer


def _messages(redis: RedisServer, queue: str) -> list[Any]:
    with redis.client() as client:
        return [json.loads(raw) for raw in client.lrange(queue, 0, -1)]


def _connections_made(client: Redis) -> int:
    return int(client.info("stats")["total_connections_received"])


def test_a_bell_says_what_class_of_work_there_is_and_nothing_else(redis: RedisServer) -> None:
    Ringer(redis.url).ring(Queue.BATCH, 3)
    said = _messages(redis, "batch")
    assert len(said) == 3
    args, kwargs, _ = json.loads(base64.b64decode(said[0]["body"]))
    assert (args, kwargs) == (["batch"], {})
    assert said[0]["content-type"] == "application/json"


def test_bells_that_nobody_has_heard_are_counted(redis: RedisServer) -> None:
    ringer = Ringer(redis.url)
    assert ringer.waiting(Queue.INTERACTIVE) == 0
    ringer.ring(Queue.INTERACTIVE, 2)
    assert ringer.waiting(Queue.INTERACTIVE) == 2
    assert ringer.waiting(Queue.BATCH) == 0


def test_a_broker_that_is_away_is_told_soon_and_missed_no_longer_than_it_is(
    redis: RedisServer,
) -> None:
    ringer = Ringer(redis.url)
    ringer.ring(Queue.BATCH)
    redis.kill()
    with pytest.raises(BrokerAway):
        ringer.ring(Queue.BATCH)
    with pytest.raises(BrokerAway):
        ringer.waiting(Queue.BATCH)
    redis.start()
    ringer.ring(Queue.BATCH)
    assert ringer.waiting(Queue.BATCH) == 1


def test_one_line_is_enough_for_many_rings(redis: RedisServer) -> None:
    ringer = Ringer(redis.url)
    ringer.ring(Queue.BATCH)
    with redis.client() as client:
        before = _connections_made(client)
        for _ in range(5):
            ringer.ring(Queue.BATCH)
        assert _connections_made(client) == before
    assert ringer.waiting(Queue.BATCH) == 6


def test_a_line_that_was_cut_is_replaced_at_once(redis: RedisServer) -> None:
    ringer = Ringer(redis.url)
    ringer.ring(Queue.BATCH)
    with redis.client() as client:
        client.client_kill_filter(_type="normal", skipme=True)
    ringer.ring(Queue.BATCH)
    assert ringer.waiting(Queue.BATCH) == 2


def test_a_child_rings_over_a_line_of_its_own(redis: RedisServer) -> None:
    ringer = Ringer(redis.url)
    ringer.ring(Queue.BATCH)
    with redis.client() as client:
        before = _connections_made(client)
        child = multiprocessing.get_context("fork").Process(target=ringer.ring, args=(Queue.BATCH,))
        child.start()
        child.join()
        after = _connections_made(client)
        ringer.ring(Queue.BATCH)
        assert before < after == _connections_made(client)
    assert child.exitcode == 0
    assert ringer.waiting(Queue.BATCH) == 3


def test_a_broker_that_keeps_silent_counts_as_away(redis: RedisServer) -> None:
    ringer = Ringer(redis.url)
    redis.freeze()
    with pytest.raises(BrokerAway):
        ringer.ring(Queue.BATCH)
    redis.thaw()


def test_a_misspelt_queue_is_a_mistake(redis: RedisServer) -> None:
    with pytest.raises(QueueNotFound):
        broker_app(redis.url).send_task("visit", queue="batches")


@pytest.mark.parametrize("url", ["amqp://localhost", "localhost:6379", ""])
def test_an_address_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(BrokerRefused, match="redis://"):
        broker_app(url)


def test_the_settings_hold_what_the_failures_of_others_have_taught() -> None:
    settings = broker_app("redis://localhost").conf
    assert settings.accept_content == ["json"]
    assert settings.task_acks_late
    assert settings.task_reject_on_worker_lost
    assert settings.task_ignore_result
    assert settings.result_backend is None
    assert settings.worker_disable_prefetch
    assert settings.worker_prefetch_multiplier == 1
    assert not settings.task_create_missing_queues
    visible_again_s = settings.broker_transport_options["visibility_timeout"]
    assert SOFT_LIMIT_S < HARD_LIMIT_S <= visible_again_s / 6
