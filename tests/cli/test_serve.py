"""The server as a user starts it: a process of its own, real sockets, real databases."""

import re
import signal
import socket
import time
from collections.abc import Mapping

import httpx2
import pytest
from sqlalchemy import select

from chess_analytics.cli import serve
from chess_analytics.store.session import open_folder
from chess_analytics.store.tables import imports
from tests.cli.commands import LONG_ENOUGH_S, Home
from tests.cli.running import Running
from tests.plain_http import NO_TLS

pytestmark = pytest.mark.enable_socket


def _serve(home: Home, *words: str, **settings: str) -> tuple[Running, str]:
    """Start a server on a free port; give it and its address, once it says so."""
    process = home.start("serve", "--port", "0", *words, settings=settings)
    assert process.stderr
    said = process.stderr.readline()
    found = re.search(r"http://[^ ,;]+", said)
    assert found, said + process.stderr.read()
    return process, found[0]


def _get(address: str, headers: Mapping[str, str] | None = None) -> httpx2.Response:
    # The port listens before the greeting is said: the kernel holds the request until it is served.
    return httpx2.get(
        f"{address}/api/v1/health", headers=headers or {}, verify=NO_TLS, timeout=LONG_ENOUGH_S
    )


def _end(process: Running, how: signal.Signals) -> int:
    process.send_signal(how)
    return process.wait(LONG_ENOUGH_S)


def test_on_an_empty_machine_it_needs_nothing_else(home: Home) -> None:
    process, address = _serve(home)
    assert _get(address).json()["status"] == "ok"
    assert (home.folder / "data" / "analyses.sqlite3").is_file()
    assert _end(process, signal.SIGINT) == 0


def test_it_serves_from_postgresql_after_an_upgrade_by_command(
    home: Home, database_url: str | None
) -> None:
    settings = {"CHESS_ANALYTICS_DATABASE_URL": database_url} if database_url else {}
    assert home.run("db", "upgrade", settings=settings).code == 0
    process, address = _serve(home, **settings)
    assert _get(address).status_code == 200
    _end(process, signal.SIGTERM)
    assert home.run("db", "check", settings=settings).code == 0


def test_it_answers_to_this_machine_alone(home: Home) -> None:
    process, address = _serve(home)
    assert address.startswith("http://127.0.0.1:")
    assert _get(address, {"host": "evil.example"}).status_code == 421
    _end(process, signal.SIGTERM)


def test_no_half_of_an_answer_waits_for_the_other() -> None:
    with (
        serve._listen("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_taken_port_is_told_in_a_sentence(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = home.run("serve", "--port", str(taken.getsockname()[1]))
    assert ended.code == 1
    assert "choose another --port" in ended.err
    assert "Traceback" not in ended.err


def test_a_second_server_on_the_same_folder_is_refused(home: Home) -> None:
    process, address = _serve(home)
    # It says where it listens before it opens the folder; once it answers, it has.
    assert _get(address).status_code == 200
    ended = home.run("serve", "--port", "0")
    assert ended.code == 1
    assert "another chess-analytics is using the data folder" in ended.err
    _end(process, signal.SIGTERM)


def test_the_mode_without_a_log_in_is_refused_where_others_can_reach_it(home: Home) -> None:
    ended = home.run("serve", "--local", "--host", "0.0.0.0", "--port", "0")  # noqa: S104
    assert ended.code == 1
    assert "nobody logs in" in ended.err


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CHESS_ANALYTICS_UPLOAD_MB", "many", "CHESS_ANALYTICS_UPLOAD_MB='many'"),
        ("CHESS_ANALYTICS_DATABASE_URL", "mysql://me:secret@host/db", "postgresql+psycopg://"),
        ("CHESS_ANALYTICS_PUBLIC_URL", "chess.example", "https://chess.example"),
        ("CHESS_ANALYTICS_LICHESS_CLIENT_ID", "me", "CHESS_ANALYTICS_PUBLIC_URL"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told_without_secrets(
    home: Home, name: str, value: str, words: str
) -> None:
    ended = home.run("serve", "--port", "0", settings={name: value})
    assert ended.code == 1
    assert words in ended.err
    assert "secret" not in ended.err
    assert "Traceback" not in ended.err


def test_it_does_not_wait_for_those_who_follow_a_job(home: Home) -> None:
    process, address = _serve(home, "--local", "--workers", "0")
    api = f"{address}/api/v1"
    pgn = '[White "Ann"]\n\n1. e4 e5 1-0\n'
    with httpx2.Client(timeout=LONG_ENOUGH_S) as client:
        client.post(f"{api}/imports", params={"name": "a.pgn"}, content=pgn)
        while client.get(f"{api}/imports").json()["items"][0]["state"] != "done":
            process.poll()
        job = client.post(f"{api}/analysis-jobs", json={}).json()
        with client.stream("GET", f"{api}/analysis-jobs/{job['id']}/events") as events:
            lines = events.iter_lines()
            assert any(line == "event: progress" for line in lines)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            # The stream ends as streams end, and is not broken off.
            assert [*lines]
            assert process.wait(LONG_ENOUGH_S) == 0
    # Who waits for open streams waits for ten seconds.
    assert time.monotonic() - began < 8


def _half_sent(address: str, content: bytes) -> socket.socket:
    """Begin to upload a file, and wait until the server reads it."""
    host, _, port = address.removeprefix("http://").partition(":")
    line = socket.create_connection((host, int(port)), timeout=LONG_ENOUGH_S)
    head = (
        f"POST /api/v1/imports?name=a.pgn HTTP/1.1\r\nHost: {host}\r\n"
        f"Content-Length: {len(content)}\r\nExpect: 100-continue\r\n\r\n"
    )
    line.sendall(head.encode())
    assert line.recv(1000).startswith(b"HTTP/1.1 100 ")
    line.sendall(content[: len(content) // 2])
    return line


def _refuses(address: str) -> bool:
    try:
        httpx2.get(f"{address}/api/v1/health/ready", verify=NO_TLS, timeout=LONG_ENOUGH_S)
    except httpx2.TransportError as error:
        # Who comes as the door closes is cut off; whoever comes later finds it shut.
        return isinstance(error, httpx2.ConnectError)
    return False


def _wait_until_it_refuses(address: str) -> None:
    deadline = time.monotonic() + LONG_ENOUGH_S
    while not _refuses(address):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_told_to_stop_it_answers_who_has_asked_and_turns_others_away(home: Home) -> None:
    process, address = _serve(home, "--local", "--workers", "0")
    content = b'[White "Ann"]\n\n1. e4 e5 1-0\n'
    with _half_sent(address, content) as line:
        process.send_signal(signal.SIGTERM)
        _wait_until_it_refuses(address)
        assert process.poll() is None
        line.sendall(content[len(content) // 2 :])
        # To its end: the connection is closed, though it could be kept.
        answer = line.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 202 ")
    assert process.wait(LONG_ENOUGH_S) == 0
    # What was accepted is kept.
    with open_folder(home.folder / "data") as store, store.reading() as connection:
        assert connection.execute(select(imports.c.name)).scalars().all() == ["a.pgn"]


def _ask_until_it_refuses(address: str) -> list[tuple[int, int, str]]:
    """Ask whether it is ready, and for something else; give the answers that came to both."""
    heard: list[tuple[int, int, str]] = []
    while True:
        try:
            ready = httpx2.get(
                f"{address}/api/v1/health/ready", verify=NO_TLS, timeout=LONG_ENOUGH_S
            )
            about = httpx2.get(f"{address}/api/v1/about", verify=NO_TLS, timeout=LONG_ENOUGH_S)
        except httpx2.TransportError:
            return heard
        heard.append((ready.status_code, about.status_code, about.headers.get("connection", "")))
        time.sleep(0.05)


def test_told_to_stop_it_is_not_ready_for_a_while_before_it_turns_anybody_away(home: Home) -> None:
    drain_s = 2.0
    process, address = _serve(
        home, "--local", "--workers", "0", CHESS_ANALYTICS_DRAIN_S=str(drain_s)
    )
    assert _get(address).status_code == 200
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    heard = _ask_until_it_refuses(address)
    assert time.monotonic() - began >= drain_s
    assert heard[-1] == (503, 200, "close")
    # Ready it is at most in the moment in which the signal is on its way.
    assert {(ready, other) for ready, other, _ in heard} <= {(200, 200), (503, 200)}
    assert [ready for ready, _, _ in heard] == sorted(ready for ready, _, _ in heard)
    assert process.wait(LONG_ENOUGH_S) == 0
    # Nobody had to be waited for.
    assert time.monotonic() - began < drain_s + 10


def test_told_to_stop_a_second_time_it_does_not_wait_to_be_missed(home: Home) -> None:
    process, address = _serve(home, "--local", "--workers", "0", CHESS_ANALYTICS_DRAIN_S="3600")
    assert _get(address).status_code == 200
    process.send_signal(signal.SIGTERM)
    # Two signals of a kind that come at the same moment are one.
    while (
        httpx2.get(
            f"{address}/api/v1/health/ready", verify=NO_TLS, timeout=LONG_ENOUGH_S
        ).status_code
        == 200
    ):
        assert process.poll() is None
    assert _end(process, signal.SIGTERM) == 0


@pytest.mark.slow
def test_told_to_stop_it_waits_ten_seconds_for_who_sends_nothing_more(home: Home) -> None:
    process, address = _serve(home, "--local", "--workers", "0")
    with _half_sent(address, b"x" * 1000):
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(LONG_ENOUGH_S)
    assert 9 < time.monotonic() - began < 30
