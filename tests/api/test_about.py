"""What a server tells of itself before anybody is signed in."""

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from chess_analytics import __version__
from tests.api.serving import BASE_URL, Served, serving


def test_a_new_server_says_that_its_first_user_is_awaited(served: Served) -> None:
    somebody = served.client()
    assert somebody.get("about").json() == {
        "version": __version__,
        "is_signed_in": False,
        "me": None,
        "is_local": False,
        "is_new": True,
        "can_sign_up": True,
        "has_lichess_sign_in": False,
        "upload_mb": 500,
    }
    ada = served.sign_up("ada")
    assert ada.get("about").json()["is_signed_in"] is True
    told = somebody.get("about").json()
    assert (told["is_new"], told["is_signed_in"]) == (False, False)


def test_who_is_signed_in_learns_who_they_are_by_the_same_request(served: Served) -> None:
    ada = served.sign_up("ada")
    assert ada.get("about").json()["me"] == ada.get("me").json()
    reads, writes = served.program(ada, "read"), served.program(ada, "write")
    assert reads.get("about").json()["me"] == reads.get("me").json()
    told = writes.get("about").json()
    assert (told["is_signed_in"], told["me"]) == (True, None)


def test_a_closed_server_lets_only_the_first_sign_up(
    tmp_path: Path, database_url: str | None
) -> None:
    with serving(tmp_path, database_url, sign_up=False) as closed:
        assert closed.client().get("about").json()["can_sign_up"] is True
        closed.sign_up("ada")
        assert closed.client().get("about").json()["can_sign_up"] is False


def test_in_local_mode_nobody_signs_in(tmp_path: Path) -> None:
    with serving(tmp_path, None, local=True) as local:
        told = local.client().get("about").json()
    assert told["is_local"]
    assert told["is_signed_in"]
    assert told["me"]["how"] == "local"
    assert not told["is_new"]
    assert not told["can_sign_up"]


def test_it_tells_whether_one_can_sign_in_with_lichess(tmp_path: Path) -> None:
    about: dict[str, Any] = {"lichess_client_id": "chess.example", "public_url": BASE_URL}
    with serving(tmp_path, None, **about) as served:
        assert served.client().get("about").json()["has_lichess_sign_in"] is True


def test_an_unknown_token_is_refused_here_too(anonymous: TestClient) -> None:
    assert anonymous.get("about", headers={"Authorization": "Bearer no"}).status_code == 401
