"""A port goes to one who asks, and to nobody else while that one lives."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ports

pytestmark = pytest.mark.enable_socket


def test_a_port_is_given_away_once_and_one_that_is_taken_never() -> None:
    first = ports.free_port()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert not ports._is_free(taken.getsockname()[1])
    assert ports.free_port() != first
    assert ports._is_free(first)


def test_another_process_gets_a_port_only_when_its_owner_has_ended() -> None:
    code = "from tests import ports; print(ports.free_port(), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    ) as other:
        assert other.stdout
        port = int(other.stdout.readline())
        assert not ports._reserve(port)
        other.communicate(b"\n")
    assert ports._reserve(port)
