"""The web app's pages: served as they were built, under rules that let nothing foreign in."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from chess_analytics.api import pages
from tests.api.serving import BASE_URL

ADDRESSES = [address.format(game_id=7, secret="x") for address in pages.PAGES]  # noqa: S106


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """Give a folder as the build leaves it."""
    (tmp_path / "assets" / "engine").mkdir(parents=True)
    (tmp_path / "assets" / "app-1a2b.js").write_text("export {};\n")
    (tmp_path / "assets" / "engine" / "engine-1a2b.wasm").write_bytes(b"\0asm")
    for name in pages.PAGES.values():
        (tmp_path / f"{name}.html").write_text(f"<title>{name}</title>")
    return tmp_path


def browser(build: Path) -> TestClient:
    app = FastAPI()
    pages.install(app, build)
    return TestClient(app, base_url=BASE_URL)


def rules_of(headers: dict[str, str]) -> dict[str, str]:
    parts = (rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";"))
    return {name: value for name, value in parts}  # noqa: C416 - two words each


@pytest.mark.parametrize(("address", "name"), [*zip(ADDRESSES, pages.PAGES.values(), strict=True)])
def test_every_address_has_its_page(build: Path, address: str, name: str) -> None:
    answer = browser(build).get(address)
    assert (answer.status_code, answer.text) == (200, f"<title>{name}</title>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


def test_a_page_lets_nothing_in_but_our_own_files(build: Path) -> None:
    headers = browser(build).get("/").headers
    assert rules_of(dict(headers)) == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_what_pages_load_is_kept_for_a_year_and_nothing_else_is_there(build: Path) -> None:
    there = browser(build).get("/assets/app-1a2b.js")
    assert there.status_code == 200
    assert there.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert there.headers["x-content-type-options"] == "nosniff"
    for missing in ("/assets/other.js", "/assets/../index.html", "/assets/%2e%2e/index.html"):
        answer = browser(build).get(missing)
        assert answer.status_code == 404
        assert "immutable" not in answer.headers.get("cache-control", "")


def test_only_the_engine_may_run_webassembly_and_it_may_do_nothing_else(build: Path) -> None:
    client = browser(build)
    engine = client.get("/assets/engine/engine-1a2b.wasm")
    # Browsers compile it while it comes, if it is called what it is.
    assert engine.headers["content-type"] == "application/wasm"
    assert rules_of(dict(engine.headers)) == {
        "default-src": "'none'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        "connect-src": "'self'",
    }
    for other in ("/", "/games/7", "/assets/app-1a2b.js"):
        assert "wasm" not in client.get(other).headers.get("content-security-policy", "")


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_a_build_it_says_how_to_make_one(tmp_path: Path, address: str) -> None:
    answer = browser(tmp_path / "nothing").get(address)
    assert answer.status_code == 503
    assert "has not been built" in answer.text
    assert "./start" in answer.text
    rules = rules_of(dict(answer.headers))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/=]+'", rules["style-src"])
    assert "script" not in answer.text


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}])
def test_pages_are_as_careful_as_the_api(anonymous: TestClient, headers: dict[str, str]) -> None:
    assert anonymous.get(f"{BASE_URL}/", headers=headers).status_code == 421
