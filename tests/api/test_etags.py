"""Polling: an answer that has not changed is not sent again."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.testclient import TestClient

from chess_analytics.api.etags import Etags


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = FastAPI()
    app.add_middleware(Etags)
    values = {"count": 1}

    @app.get("/json")
    def json() -> dict[str, int]:
        return values

    @app.post("/json")
    def change() -> dict[str, int]:
        values["count"] += 1
        return values

    @app.get("/text")
    def text() -> PlainTextResponse:
        return PlainTextResponse("words")

    @app.get("/stream")
    def stream() -> StreamingResponse:
        return StreamingResponse(iter([b"one", b"two"]), media_type="application/x-chess-pgn")

    with TestClient(app) as opened:
        yield opened


def test_an_answer_that_is_known_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/json").headers["etag"]
    again = client.get("/json", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert "content-length" not in again.headers


def test_a_weak_tag_and_a_list_of_tags_are_understood(client: TestClient) -> None:
    tag = client.get("/json").headers["etag"]
    for known in (f"W/{tag}", f'"other", {tag}', "*"):
        assert client.get("/json", headers={"if-none-match": known}).status_code == 304


def test_a_changed_answer_is_sent_with_another_tag(client: TestClient) -> None:
    tag = client.get("/json").headers["etag"]
    assert "etag" not in client.post("/json").headers
    changed = client.get("/json", headers={"if-none-match": tag})
    assert changed.json() == {"count": 2}
    assert changed.headers["etag"] != tag


def test_what_is_no_json_passes_through_as_it_comes(client: TestClient) -> None:
    assert "etag" not in client.get("/text").headers
    assert client.get("/stream").content == b"onetwo"
    assert client.get("/nothing").status_code == 404


def test_nobody_but_the_user_keeps_an_answer(client: TestClient) -> None:
    assert client.get("/json").headers["cache-control"] == "private, no-cache"
