"""The page at `/`, where a browser comes that has signed in."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chess_analytics.api.app import PREFIX
from tests.api.serving import BASE_URL, Served, serving

# A path alone would begin below /api/v1.
FRONT = f"{BASE_URL}/"


def page(browser: TestClient) -> str:
    answer = browser.get(FRONT)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


def test_it_says_who_is_signed_in(served: Served, anonymous: TestClient, ada: TestClient) -> None:
    assert "not signed in" in page(anonymous)
    assert "signed in as <strong>ada</strong>" in page(ada)
    served.clock.advance(days=365)
    assert "not signed in" in page(ada)


def test_who_signs_in_with_lichess_is_shown_the_way_where_there_is_one(
    tmp_path: Path, database_url: str | None
) -> None:
    for client_id, is_there in (("chess.example", True), (None, False)):
        about: dict[str, Any] = {"lichess_client_id": client_id, "public_url": BASE_URL}
        with serving(tmp_path, database_url, **about) as served:
            way = f'href="{PREFIX}/sign-in/lichess"'
            assert (way in page(served.client())) is is_there


def test_the_user_of_a_local_server_is_told_that_nobody_signs_in(
    tmp_path: Path, database_url: str | None
) -> None:
    with serving(tmp_path, database_url, local=True) as local:
        text = page(local.client())
    assert "for you alone" in text
    assert "signed in" not in text


def test_its_links_lead_somewhere(anonymous: TestClient) -> None:
    links = re.findall(r'href="([^"]+)"', page(anonymous))
    assert links == [f"{PREFIX}/openapi.json"]
    assert anonymous.get(f"{BASE_URL}{links[0]}").status_code == 200


def test_it_runs_no_script_loads_nothing_and_is_in_no_frame(ada: TestClient) -> None:
    text, headers = page(ada), ada.get(FRONT).headers
    rules = dict(
        rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
    )
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    shown = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'sha256-{shown}'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert not re.search(r"<script|\sstyle=|\son\w+=|src=|url\(", text)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Authorization": "Bearer no"}])
def test_it_is_as_careful_as_the_api(anonymous: TestClient, headers: dict[str, str]) -> None:
    assert anonymous.get(FRONT, headers=headers).status_code in (401, 421)
