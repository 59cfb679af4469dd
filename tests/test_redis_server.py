"""The tests' Redis can be killed, restarted and frozen."""

import pytest
import redis

from tests.redis_server import redis_server

pytestmark = pytest.mark.enable_socket


def test_a_restarted_server_is_empty_and_at_the_same_address() -> None:
    with redis_server() as server:
        url = server.url
        with server.client() as client:
            client.set("kept", "until then")
        server.kill()
        with server.client() as client, pytest.raises(redis.exceptions.ConnectionError):
            client.ping()
        server.start()
        with server.client() as client:
            assert client.get("kept") is None
        assert server.url == url


def test_a_frozen_server_keeps_its_connections_and_what_it_holds() -> None:
    with redis_server() as server:
        client = redis.Redis.from_url(server.url, socket_timeout=0.1)
        with client:
            client.set("kept", "on")
            server.freeze()
            with pytest.raises(redis.exceptions.TimeoutError):
                client.ping()
            server.thaw()
            assert client.get("kept") == b"on"
