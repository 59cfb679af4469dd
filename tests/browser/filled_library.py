"""The library of the pages' tests: filled once a run, copied by each process that shares them."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.filling import fill
from tests.browser.running import running_server


def lay_filled_library(
    folder: Path, playwright: Playwright, temporary: pytest.TempPathFactory
) -> None:
    """Put a filled library where a server for one user will look for it.

    Who comes first fills it; who comes meanwhile waits for that, which is cheaper than filling one
    on the same cores.
    """
    shared = _shared(temporary)
    filled = shared / "filled"
    with (shared / "filled.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not filled.exists():
            # What a failure leaves behind is not taken for a library.
            making = temporary.mktemp("filling")
            _fill(making, playwright)
            making.rename(filled)
    shutil.copytree(filled, folder, dirs_exist_ok=True)


def _shared(temporary: pytest.TempPathFactory) -> Path:
    """Give the folder of this run, and of no other."""
    own = temporary.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def _fill(folder: Path, playwright: Playwright) -> None:
    with running_server(folder, "--local") as server:
        request = playwright.request.new_context(base_url=server.address)
        fill(request)
        request.dispose()
