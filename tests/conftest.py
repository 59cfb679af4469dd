"""What holds for every test, and the databases that tests run on."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from chess_analytics.store.session import Store, open_store, upgrade_database
from tests.clean_databases import CleanDatabases
from tests.empty_library import lay_empty_library
from tests.postgres import fresh_database, postgres_server

# What takes too long measures the machine, not the code: busy machines would make sound tests fail.
# The examples are the same each time, so that a commit passes or fails; `just laws` tries others.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("wandering", settings.get_profile("steady"), derandomize=False)
settings.load_profile("steady")

_TEMPLATE = "with_tables"

_BROWSER_TESTS = Path(__file__).parent / "browser"
_LONG_TESTS = tuple(Path(__file__).parent / name for name in ("deploy", "faults"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the browser's tests where others run too: `just test-browser` runs them.

    Playwright leaves an event loop running in the thread of the tests, and no test after it in
    the same process could start one. Of the others, those that wait for whole fleets come first:
    one that begins at the end would keep all but one core waiting.
    """
    browser = [item for item in items if item.path.is_relative_to(_BROWSER_TESTS)]
    if browser and len(browser) < len(items):
        items[:] = [item for item in items if not item.path.is_relative_to(_BROWSER_TESTS)]
        config.hook.pytest_deselected(items=browser)
    items.sort(key=_is_short)


def _is_short(item: pytest.Item) -> bool:
    return not any(item.path.is_relative_to(folder) for folder in _LONG_TESTS)


def pytest_collection_finish() -> None:
    """Have Python look for waste among what tests make, not among all that was loaded for them.

    Without that, each full look goes over every module and every test of the suite again.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run one more test at once than there are cores: many wait for servers and engines."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Give the address of a PostgreSQL server that holds a database with all tables, to copy."""
    with postgres_server() as server, fresh_database(server, _TEMPLATE) as url:
        upgrade_database(url)
        yield server


@pytest.fixture(scope="session")
def clean_databases(postgres: str) -> Iterator[CleanDatabases]:
    """Give the databases that tests use one after another."""
    with CleanDatabases(postgres, _TEMPLATE) as databases:
        yield databases


@pytest.fixture
def postgres_url(socket_enabled: None, clean_databases: CleanDatabases) -> Iterator[str]:  # noqa: ARG001
    """Give the address of a PostgreSQL database of this test's own, with all tables and no rows."""
    with clean_databases.lend() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """Run the test twice: with the embedded database (no address), and with PostgreSQL."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    assert url is None or isinstance(url, str)
    return url


@pytest.fixture
def store(database_url: str | None, tmp_path: Path) -> Iterator[Store]:
    """Give an empty store; the test runs on SQLite and on PostgreSQL."""
    folder = tmp_path / "data"
    if database_url is None:
        lay_empty_library(folder)
    with open_store(folder, database_url) as opened:
        yield opened
