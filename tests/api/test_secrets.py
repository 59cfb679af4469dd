"""No secret stands in an answer, in a log, or in the database."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from chess_analytics.actions.keys import key_hash
from chess_analytics.store.every_table import metadata
from tests.api.serving import Served

SESSION = "chess_analytics_session"
PASSWORDS = ("my horse eats seven", "my horse eats eight", "my horse eats none")


@dataclass
class Walk:
    """A user's way through all that has to do with secrets."""

    served: Served
    answers: list[Response] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)

    def send(self, client: TestClient, method: str, path: str, body: object = None) -> Response:
        answer = client.request(method, path, json=body)
        assert answer.status_code < 500
        self.answers.append(answer)
        if SESSION in client.cookies:
            self.sessions.add(client.cookies[SESSION])
        return answer

    def everything(self) -> None:
        right, new, wrong = PASSWORDS
        ada = self.served.client()
        credentials = {"name": "ada", "password": right}
        self.send(ada, "POST", "users", credentials)
        self.send(ada, "POST", "users", credentials)
        self.send(ada, "POST", "users", {"name": "x", "password": right})
        self.send(ada, "POST", "sessions", credentials)
        self.send(ada, "POST", "sessions", {"name": "ada", "password": wrong})
        # Somebody who takes the password for the name.
        self.send(ada, "POST", "sessions", {"name": right, "password": wrong})
        self.send(ada, "POST", "sessions", {"name": "ada", "password": [right]})
        made = self.send(ada, "POST", "tokens", {"name": "t", "scopes": ["read", "write"]})
        self.tokens.add(made.json()["token"])
        program = self.served.client(Authorization=f"Bearer {made.json()['token']}")
        for path in ("me", "tokens", "sessions", "users", "openapi.json"):
            self.send(ada, "GET", path)
            self.send(program, "GET", path)
        change = {"old_password": wrong, "new_password": new}
        self.send(ada, "PUT", "me/password", change)
        self.send(ada, "PUT", "me/password", {**change, "old_password": right})
        self.send(ada, "DELETE", "me", {"password": wrong})
        self.send(ada, "DELETE", "sessions/current")
        self.send(ada, "POST", "sessions", {"name": "ada", "password": new})

    def secrets(self) -> Iterator[str]:
        yield from PASSWORDS
        yield from self.sessions
        yield from self.tokens


@pytest.fixture
def walk(served: Served, caplog: pytest.LogCaptureFixture) -> Walk:
    """Walk through everything while everything is logged."""
    walk = Walk(served)
    with caplog.at_level(logging.DEBUG):
        for name in ("", "sqlalchemy.engine", "sqlalchemy.pool"):
            caplog.set_level(logging.DEBUG, name)
        walk.everything()
    assert len(walk.sessions) == 3
    return walk


def test_each_secret_is_given_once_to_who_it_is_for(walk: Walk) -> None:
    for answer in walk.answers:
        given = answer.headers.get_list("set-cookie")
        headers = [line for name, line in answer.headers.multi_items() if name != "set-cookie"]
        text = "\n".join([answer.text, *headers])
        token = answer.json().get("token", "") if answer.text else ""
        for secret in walk.secrets():
            assert secret == token or secret not in text
            # The cookie is where a session's key belongs, and nothing else does.
            assert secret in walk.sessions or not any(secret in line for line in given)
    for key in walk.sessions:
        assert sum(key in str(answer.headers) for answer in walk.answers) == 1
    for token in walk.tokens:
        assert sum(token in answer.text for answer in walk.answers) == 1


def test_no_answer_holds_what_is_kept_of_a_secret(walk: Walk) -> None:
    kept = [key_hash(secret) for secret in walk.secrets()] + ["$argon2"]
    told = [answer.text + str(answer.headers) for answer in walk.answers]
    assert not [text for text in told for secret in kept if secret in text]


def test_no_secret_is_logged(walk: Walk, caplog: pytest.LogCaptureFixture) -> None:
    # The test's own browser logs what it asks for; everything else is ours.
    logged = [
        record.getMessage()
        for record in caplog.get_records("setup")
        if not record.name.startswith(("httpx", "httpcore"))
    ]
    assert any("INSERT INTO sessions" in line for line in logged)
    assert not [line for line in logged for secret in walk.secrets() if secret in line]


def test_no_secret_is_in_the_database(walk: Walk) -> None:
    with walk.served.store.reading() as connection:
        rows = [
            repr(row)
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
        ]
    assert any("argon2id" in row for row in rows)
    assert not [row for row in rows for secret in walk.secrets() if secret in row]


def test_no_secret_is_in_any_file(walk: Walk) -> None:
    folder = walk.served.settings.data_dir
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    if walk.served.store.is_embedded:
        assert b"argon2id" in b"".join(files.values())
    assert not [name for name, text in files.items() for s in walk.secrets() if s.encode() in text]
