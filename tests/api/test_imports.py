"""Uploads and imports over the API."""

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chess_analytics.actions.start_imports import MOST_WAITING
from tests.accounts import DAY_MS, NOW_MS, PASSWORD
from tests.api.importing import (
    ONE_BROKEN,
    TWO_GAMES,
    Worker,
    linked,
    upload,
    uploaded,
    uploads_of,
)
from tests.api.serving import Served, serving


@pytest.fixture(autouse=True)
def worker(served: Served) -> Worker:
    return Worker(served)


def look(user: TestClient, import_id: int) -> Any:
    answer = user.get(f"imports/{import_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_upload_is_accepted_waits_and_comes_into_the_library(
    ada: TestClient, worker: Worker
) -> None:
    answer = upload(ada, ONE_BROKEN, "my games.pgn")
    assert answer.status_code == 202
    accepted = answer.json()
    assert answer.headers["location"] == f"/api/v1/imports/{accepted['id']}"
    assert (accepted["state"], accepted["kind"], accepted["name"]) == (
        "waiting",
        "upload",
        "my games.pgn",
    )
    assert (accepted["bytes_read"], accepted["bytes_total"]) == (0, len(ONE_BROKEN))
    assert (accepted["created_ms"], accepted["started_ms"]) == (NOW_MS, None)
    worker.work()
    done = look(ada, accepted["id"])
    assert done["state"] == "done"
    counts = [done[key] for key in ("found", "added", "already_there", "set_aside", "broken")]
    assert counts == [4, 2, 0, 1, 1]
    assert done["reasons"] == {"variant: Atomic": 1, "a written move is not a legal move here": 1}
    assert done["error"] is None
    assert done["ended_ms"] == NOW_MS
    assert len(ada.get("games").json()["items"]) == 2


def test_packed_files_are_taken_as_they_are(ada: TestClient, worker: Worker) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.pgn", TWO_GAMES)
    accepted = uploaded(ada, held.getvalue(), "games.zip")
    worker.work()
    assert look(ada, accepted["id"])["added"] == 2


def test_a_spooled_upload_is_its_owners_alone_and_goes_when_it_is_done(
    ada: TestClient, served: Served, worker: Worker
) -> None:
    uploaded(ada, TWO_GAMES, "../../etc/passwd")
    (name,) = uploads_of(served)
    assert "passwd" not in name
    path = served.settings.data_dir / "uploads" / name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.read_text() == TWO_GAMES
    worker.work()
    assert uploads_of(served) == []


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (b"", 422, "upload-empty"),
        (b"<!DOCTYPE html><html>log in</html>", 415, "not-games"),
        (b"Rar!\x1a\x07\x01\x00 and so on \0\0\0", 415, "not-games"),
    ],
    ids=["nothing", "a page", "an archive of another kind"],
)
def test_what_is_certainly_no_games_is_refused_in_words(
    ada: TestClient, served: Served, content: bytes, status: int, kind: str
) -> None:
    refused = upload(ada, content)
    assert (refused.status_code, refused.json()["type"]) == (status, kind)
    assert len(refused.json()["detail"].split()) > 5
    assert uploads_of(served) == []
    assert ada.get("imports").json()["items"] == []


def test_a_form_with_a_file_in_it_is_told_how_to_send_the_file(ada: TestClient) -> None:
    refused = ada.post("imports", params={"name": "x"}, files={"file": ("games.pgn", TWO_GAMES)})
    assert refused.status_code == 415
    assert "--data-binary" in refused.json()["detail"]


def test_a_file_needs_a_name(ada: TestClient, served: Served) -> None:
    for params in ({}, {"name": ""}, {"name": "x" * 201}):
        assert ada.post("imports", params=params, content=TWO_GAMES).status_code == 422
    assert uploads_of(served) == []


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_file_beyond_the_limit_is_refused_in_words(tmp_path: Path, *, is_announced: bool) -> None:
    with serving(tmp_path / "limited", None, upload_mb=1) as served:
        ada = served.sign_up("ada")
        Worker(served)
        size = (1 << 20) + 1

        def pieces() -> Iterator[bytes]:
            for _ in range(9):
                yield b"%" * (size // 8)

        refused = upload(ada, b"%" * size) if is_announced else upload(ada, pieces())  # type: ignore[arg-type]
        assert refused.status_code == 413
        assert refused.json()["type"] == "too-large"
        assert "the limit is 1 MiB" in refused.json()["detail"]
        assert uploads_of(served) == []
        assert ada.get("imports").json()["items"] == []
        assert upload(ada, b"%" * (size - 1)).status_code == 202


def test_forms_may_be_short_only(ada: TestClient) -> None:
    refused = ada.post("players", json={"site": "other", "name": "x" * 1_000_001})
    assert refused.status_code == 413
    assert "1,000,000 bytes" in refused.json()["detail"]

    def pieces() -> Iterator[bytes]:
        yield from [b" " * 300_000] * 4

    chunked = ada.post("players", content=pieces(), headers={"Content-Type": "application/json"})
    assert (chunked.status_code, chunked.json()["type"]) == (413, "too-large")


def test_nobody_uploads_who_is_not_signed_in(
    anonymous: TestClient, served: Served, ada: TestClient
) -> None:
    assert upload(anonymous).status_code == 401
    reader = served.program(ada, "read")
    assert upload(reader).status_code == 403
    assert uploads_of(served) == []
    assert upload(served.program(ada, "read", "write")).status_code == 202


def test_imports_are_listed_page_by_page_newest_first(ada: TestClient) -> None:
    ids = [uploaded(ada, name=f"{number}.pgn")["id"] for number in range(5)]
    seen: list[int] = []
    after: str | None = None
    pages = 0
    while pages == 0 or after:
        page = ada.get("imports", params={"limit": 2, **({"after": after} if after else {})}).json()
        seen += [each["id"] for each in page["items"]]
        after, pages = page["next"], pages + 1
    assert (seen, pages) == (ids[::-1], 3)


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 201}, {"after": "x"}, {"after": "-1"}, {"after": "9" * 19}]
)
def test_pages_that_cannot_be_are_refused_in_words(ada: TestClient, params: Any) -> None:
    import_id = uploaded(ada)["id"]
    for address in ("imports", f"imports/{import_id}/problems"):
        refused = ada.get(address, params=params)
        assert refused.status_code == 422
        assert "query." in refused.json()["fields"][0]["where"]


def test_problems_are_listed_page_by_page_with_where_and_why(
    ada: TestClient, worker: Worker
) -> None:
    import_id = uploaded(ada, ONE_BROKEN)["id"]
    worker.work()
    first = ada.get(f"imports/{import_id}/problems", params={"limit": 1}).json()
    (problem,) = first["items"]
    assert problem == {
        "ordinal": 3, "kind": "broken", "reason": 'move 1 of Black: "e9" is not a legal move here',
        "detail": "", "source": "games.pgn", "number": 3, "line": 12, "white": "Eve", "black": None,
    }  # fmt: skip
    after = {"limit": 1, "after": first["next"]}
    second = ada.get(f"imports/{import_id}/problems", params=after).json()
    assert [each["reason"] for each in second["items"]] == ["variant: Atomic"]
    assert second["next"] is None


def test_an_import_that_waits_is_cancelled_at_once(
    ada: TestClient, served: Served, worker: Worker
) -> None:
    import_id = uploaded(ada)["id"]
    cancelled = ada.post(f"imports/{import_id}/cancel")
    assert cancelled.status_code == 200
    assert (cancelled.json()["state"], cancelled.json()["is_stopping"]) == ("cancelled", False)
    assert uploads_of(served) == []
    worker.work()
    assert ada.get("games").json()["items"] == []
    assert ada.post(f"imports/{import_id}/cancel").json()["state"] == "cancelled"


def test_an_import_that_is_done_stays_done(ada: TestClient, worker: Worker) -> None:
    import_id = uploaded(ada)["id"]
    worker.work()
    assert ada.post(f"imports/{import_id}/cancel").json()["state"] == "done"


@pytest.mark.parametrize(
    ("method", "address"),
    [("GET", "imports/{}"), ("GET", "imports/{}/problems"), ("POST", "imports/{}/cancel")],
)
def test_another_users_imports_are_not_there(
    ada: TestClient, bob: TestClient, method: str, address: str
) -> None:
    import_id = uploaded(ada)["id"]
    refused = bob.request(method, address.format(import_id))
    assert refused.status_code == 404
    assert refused.json()["type"] == "not-found"
    assert bob.get("imports").json()["items"] == []
    assert look(ada, import_id)["state"] == "waiting"
    assert bob.request(method, address.format(import_id + 1000)).json() == refused.json()


def test_too_many_waiting_imports_are_refused_and_say_when_to_come_again(
    ada: TestClient, bob: TestClient, served: Served
) -> None:
    for number in range(MOST_WAITING):
        uploaded(ada, name=f"{number}.pgn")
    refused = upload(ada)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "20 imports are waiting" in refused.json()["detail"]
    assert len(uploads_of(served)) == MOST_WAITING
    assert upload(bob).status_code == 202
    player = linked(ada)
    assert ada.post(f"players/{player['id']}/imports").status_code == 429


def test_the_same_request_under_the_same_key_is_carried_out_once(
    ada: TestClient, served: Served, worker: Worker
) -> None:
    first = upload(ada, Idempotency_Key="k1")
    again = upload(ada, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.content == again.content
    assert first.headers["location"] == again.headers["location"]
    assert len(uploads_of(served)) == 1
    worker.work()
    assert upload(ada, Idempotency_Key="k1").content == first.content
    assert len(ada.get("imports").json()["items"]) == 1
    assert uploads_of(served) == []


def test_a_key_that_was_used_for_something_else_is_refused(ada: TestClient, served: Served) -> None:
    upload(ada, Idempotency_Key="k1")
    for refused in (
        upload(ada, TWO_GAMES + "\n", Idempotency_Key="k1"),
        upload(ada, name="other.pgn", Idempotency_Key="k1"),
        ada.post(f"players/{linked(ada)['id']}/imports", headers={"Idempotency-Key": "k1"}),
    ):
        assert (refused.status_code, refused.json()["type"]) == (422, "key-used-otherwise")
    assert len(ada.get("imports").json()["items"]) == 1
    assert len(uploads_of(served)) == 1


def test_a_key_is_its_users_own_and_ends_after_a_day(
    ada: TestClient, bob: TestClient, served: Served
) -> None:
    first = upload(ada, Idempotency_Key="k1").json()
    assert upload(bob, Idempotency_Key="k1").json()["id"] != first["id"]
    served.clock.now_ms += DAY_MS + 1
    assert upload(ada, Idempotency_Key="k1").json()["id"] != first["id"]


def test_a_request_that_failed_leaves_its_key_free(ada: TestClient) -> None:
    assert upload(ada, b"", Idempotency_Key="k1").status_code == 422
    assert upload(ada, Idempotency_Key="k1").status_code == 202


def test_the_answer_under_a_key_comes_again_also_when_many_imports_wait(ada: TestClient) -> None:
    first = upload(ada, Idempotency_Key="k1")
    for number in range(MOST_WAITING - 1):
        uploaded(ada, name=f"{number}.pgn")
    assert upload(ada).status_code == 429
    assert upload(ada, Idempotency_Key="k1").content == first.content


@pytest.mark.parametrize("key", ["", "x" * 201, "a b", "\x7f"])
def test_a_key_that_cannot_be_is_refused(ada: TestClient, key: str) -> None:
    assert upload(ada, Idempotency_Key=key).status_code == 422


def test_a_full_disk_is_told_with_a_time_to_come_again(
    ada: TestClient, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage)
    refused = upload(ada)
    assert (refused.status_code, refused.json()["type"]) == (503, "disk-full")
    assert int(refused.headers["retry-after"]) > 0
    assert uploads_of(served) == []


def test_who_leaves_takes_the_uploads_along(served: Served) -> None:
    ada = served.sign_up("ada")
    uploaded(ada)
    assert len(uploads_of(served)) == 1
    gone = ada.request("DELETE", "me", json={"password": PASSWORD})
    assert gone.status_code == 204, gone.text
    assert uploads_of(served) == []
