"""What works in the background of a server lets those go first who wait for an answer."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

from chess_analytics.api.courtesy import Courtesy, Waiting


@pytest.fixture
def courtesy() -> Courtesy:
    return Courtesy()


@pytest.fixture
def client(courtesy: Courtesy) -> Iterator[TestClient]:
    app = FastAPI()
    app.add_middleware(Waiting, courtesy=courtesy)

    @app.api_route("/waiting", methods=["GET", "POST"])
    def waiting() -> int:
        return courtesy.waiting

    @app.get("/stream")
    def stream() -> StreamingResponse:
        return StreamingResponse(str(courtesy.waiting) for _ in range(2))

    @app.get("/fault")
    def fail() -> None:
        raise ValueError

    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def test_who_reads_waits_until_the_answer_begins(client: TestClient, courtesy: Courtesy) -> None:
    assert client.get("/waiting").json() == 1
    # A stream that has begun may last for an hour.
    assert client.get("/stream").text == "00"
    assert courtesy.waiting == 0


def test_an_upload_takes_as_long_as_it_takes(client: TestClient) -> None:
    assert client.post("/waiting").json() == 0


def test_who_was_answered_by_a_fault_waits_no_longer(
    client: TestClient, courtesy: Courtesy
) -> None:
    assert client.get("/fault").status_code == 500
    assert courtesy.waiting == 0


def test_work_goes_on_although_somebody_always_waits(courtesy: Courtesy) -> None:
    courtesy.waiting = 1
    for _ in range(3):
        courtesy.give_way()
    assert courtesy.waiting == 1
