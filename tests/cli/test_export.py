"""``export``: everything that a user owns, as one file."""

import io
import os
import pty
import stat
import subprocess
import sys
import zipfile

import pytest

from tests.accounts import signed_up
from tests.builders import game
from tests.cli.commands import LONG_ENOUGH_S, Home
from tests.cli.libraries import Desk
from tests.library import keep_game


@pytest.fixture
def desk(home: Home, database_url: str | None) -> Desk:
    """Give a machine with a game of ada's and one of bob's."""
    desk = Desk(home, database_url)
    with desk.library() as store:
        for name in ("ada", "bob"):
            keep_game(store, signed_up(store, name).id, game("1. e4 *", white=f"{name}_plays"))
    return desk


def test_a_file_is_written_for_its_owner_alone(desk: Desk) -> None:
    ended = desk.run("export", "--user", "ada", "out/ada.zip")
    assert (ended.code, ended.out) == (0, ""), ended.err
    assert ended.err.startswith("written: out/ada.zip, ")
    file = desk.home.folder / "out" / "ada.zip"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert b"ada_plays" in archive.read("games.pgn")
        assert b"bob" not in b"".join(map(archive.read, archive.namelist()))
    assert [path.name for path in file.parent.iterdir()] == ["ada.zip"]


def test_it_can_be_sent_down_a_pipe(desk: Desk) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "chess_analytics", "export", "--user", "bob", "-"],
        env={**desk.home.environment, **desk.settings},
        capture_output=True,
        check=True,
        timeout=LONG_ENOUGH_S,
    )
    assert ended.stderr == b""
    with zipfile.ZipFile(io.BytesIO(ended.stdout)) as archive:
        assert b"bob_plays" in archive.read("games.pgn")


def test_a_terminal_is_spared(home: Home) -> None:
    ours, theirs = pty.openpty()
    try:
        process = subprocess.run(
            [sys.executable, "-m", "chess_analytics", "export", "-"],
            env=home.environment,
            stdout=theirs,
            stderr=subprocess.PIPE,
            check=False,
            timeout=LONG_ENOUGH_S,
        )
    finally:
        os.close(theirs)
        os.close(ours)
    assert process.returncode == 2
    assert b"name a file" in process.stderr


def test_a_file_that_was_there_stays_whole_when_the_export_fails(home: Home) -> None:
    desk = Desk(home, None)
    with desk.library() as store:
        signed_up(store)
    there = home.folder / "ada.zip"
    there.write_text("the last one")
    # In its way stands what cannot be written to.
    (home.folder / "ada.zip.part").mkdir()
    ended = desk.run("export", str(there))
    assert ended.code == 1
    assert f"cannot write {there}" in ended.err
    assert there.read_text() == "the last one"


def test_a_device_is_written_to_and_not_replaced(home: Home) -> None:
    desk = Desk(home, None)
    with desk.library() as store:
        signed_up(store)
    os.mkfifo(home.folder / "pipe")
    process = home.start("export", "pipe")
    with (
        (home.folder / "pipe").open("rb") as pipe,
        zipfile.ZipFile(io.BytesIO(pipe.read())) as zip_,
    ):
        assert "games.pgn" in zip_.namelist()
    assert process.wait(LONG_ENOUGH_S) == 0
    assert (home.folder / "pipe").is_fifo()


def test_nothing_is_written_for_a_user_who_is_not_there(desk: Desk) -> None:
    ended = desk.run("export", "--user", "carol", "carol.zip")
    assert ended.code == 1
    assert "there is no user 'carol'" in ended.err
    assert not (desk.home.folder / "carol.zip").exists()
