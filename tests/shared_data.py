"""Find the folder of test data that lies beside the developers' checkout."""

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_folder() -> Path | None:
    """Give the folder, or nothing where there is none: a clone elsewhere has no such data."""
    folder = Path(os.environ.get("CHESS_ANALYTICS_TEST_DATA", _BESIDE))
    return folder if folder.is_dir() else None


def shared_data(name: str) -> Path:
    """Give one file or folder of the test data, or skip the test and say why."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("the shared test data is not beside this checkout")
    path = folder / name
    assert path.exists(), f"{path} is missing from the shared test data"
    return path
