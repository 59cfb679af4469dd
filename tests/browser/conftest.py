"""Browsers and servers for the tests of the web app."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from chess_analytics.api import pages
from tests.browser.filled_library import lay_filled_library
from tests.browser.running import Server, running_server
from tests.browser.system_browser import NoBrowser, launch_options
from tests.browser.watching import Watched

_PATIENCE_S = 200


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the system's Chromium, if it and the pages are there."""
    if not (pages.BUILD / "index.html").is_file():
        pytest.skip("the web app is not built; `just web` builds it")
    try:
        return launch_options()
    except NoBrowser as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Be an English user, so that the tests can read what stands there."""
    return {"locale": "en-GB", "reduced_motion": "reduce"}


@pytest.fixture(autouse=True)
def patience(page: Page) -> None:
    """Wait longer than playwright would: machines may be slow and busy."""
    page.set_default_timeout(_PATIENCE_S * 1000)
    expect.set_options(timeout=_PATIENCE_S * 1000)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder for pictures of pages: CHESS_ANALYTICS_TEST_PICTURES keeps them."""
    kept = os.environ.get("CHESS_ANALYTICS_TEST_PICTURES")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def library(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server for one user that holds games, the newest of them analysed."""
    folder = tmp_path_factory.mktemp("library")
    lay_filled_library(folder, playwright, tmp_path_factory)
    with running_server(folder, "--local") as server:
        yield server


@pytest.fixture
def watched(page: Page, library: Server) -> Watched:
    """Give a page of the filled library."""
    return Watched(page, library.address)
