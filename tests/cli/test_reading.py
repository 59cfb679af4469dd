"""What is left out of the input is told."""

import io
import zipfile
from pathlib import Path

from rich.console import Console

from chess_analytics.cli.reading import InputReader
from chess_analytics.sources.files import SKIPPED_KEPT


def test_files_of_an_archive_that_are_not_read_are_told(tmp_path: Path) -> None:
    path = tmp_path / "games.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("games.pgn", "1. e4 *")
        archive.writestr("README.txt", "about these games")
        for number in range(SKIPPED_KEPT + 1):
            archive.writestr(f"{number}.png", "")
    told = io.StringIO()
    reader = InputReader([str(path)], Console(file=told, width=10_000))
    assert len(list(reader.entries())) == 1
    lines = told.getvalue().splitlines()
    reason = "its name does not end like that of a file with games"
    assert lines[0] == f"not read: {path}/README.txt: {reason}"
    assert lines[-1] == "not read: 2 more files in archives"
    assert len(lines) == SKIPPED_KEPT + 1
