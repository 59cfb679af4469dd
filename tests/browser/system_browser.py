"""The system's Chromium: nothing is downloaded for tests."""

import shutil
from typing import Any

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run"
)


class NoBrowser(Exception):
    """There is no Chromium on this machine."""


def launch_options() -> dict[str, Any]:
    """Say how playwright starts it: as root too, and without asking anybody for anything.

    Raises:
        NoBrowser: there is none.
    """
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        raise NoBrowser("there is no Chromium on this machine; its package is called chromium")
    return {"executable_path": found, "args": _QUIET.split()}
