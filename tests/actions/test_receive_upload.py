"""Uploads on their way to the disk: bounded, private, and looked at."""

import gzip
import io
import stat
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from chess_analytics.actions.import_errors import DiskFull, UploadEmpty, UploadNotGames
from chess_analytics.actions.receive_upload import KEPT_FREE_BYTES, IncomingUpload, check_space
from chess_analytics.actions.spool_uploads import (
    new_upload,
    old_uploads,
    remove_uploads,
    uploads_folder,
)

PGN = b'[White "Anna"]\n\n1. e4 e5 *\n'


def _zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.pgn", PGN)
    return held.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PGN, id="PGN"),
        pytest.param(b"\xef\xbb\xbf" + PGN, id="with a mark"),
        pytest.param(PGN.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"id":"x"}\n', id="JSON lines"),
        pytest.param(b'{"games":[]}', id="a month"),
        pytest.param(b"[{}]", id="an array"),
        pytest.param(gzip.compress(PGN), id="gzip"),
        pytest.param(_zip(), id="zip"),
        pytest.param(b"1. e4 e5", id="moves"),
        pytest.param(b"whatever", id="words"),
    ],
)
def test_what_may_be_games_is_taken_as_it_came(tmp_path: Path, content: bytes) -> None:
    upload = IncomingUpload(tmp_path / "uploads")
    for start in range(0, len(content), 7):
        upload.write(content[start : start + 7])
    upload.finish()
    path = tmp_path / "uploads" / upload.file
    assert path.read_bytes() == content
    assert upload.bytes == len(content)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", UploadEmpty, "is empty"),
        (b"  <!DOCTYPE HTML><p>", UploadNotGames, "web page"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", UploadNotGames, "PGN or JSON"),
        (b"SQLite format 3\0\x10\0", UploadNotGames, "PGN or JSON"),
    ],
    ids=["nothing", "a page", "a picture", "a database"],
)
def test_what_is_certainly_no_games_is_refused(
    tmp_path: Path, content: bytes, error: type[Exception], words: str
) -> None:
    upload = IncomingUpload(tmp_path)
    upload.write(content)
    with pytest.raises(error, match=words):
        upload.finish()
    upload.remove()
    upload.remove()
    assert list(tmp_path.iterdir()) == []


def test_the_digest_is_that_of_the_content_however_it_came(tmp_path: Path) -> None:
    digests = set()
    for pieces in ([PGN], [PGN[:5], PGN[5:]], [PGN + b"x"]):
        upload = IncomingUpload(tmp_path)
        for piece in pieces:
            upload.write(piece)
        digests.add(upload.digest)
        upload.remove()
    assert len(digests) == 2


def test_a_disk_that_is_nearly_full_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = SimpleNamespace(free=KEPT_FREE_BYTES + 10)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage)
    check_space(tmp_path / "not" / "there" / "yet", 10)
    with pytest.raises(DiskFull, match="try again later") as told:
        check_space(tmp_path, 11)
    assert told.value.retry_after_s > 0


def test_nobody_can_guess_the_name_of_an_upload(tmp_path: Path) -> None:
    folder = uploads_folder(tmp_path)
    names = set()
    for _ in range(5):
        name, opened = new_upload(folder)
        opened.close()
        names.add(name)
    assert len(names) == 5
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    remove_uploads(folder, [*names, "gone.upload"])
    assert list(folder.iterdir()) == []


def test_old_uploads_are_those_to_which_nothing_was_written(tmp_path: Path) -> None:
    name, opened = new_upload(tmp_path)
    opened.close()
    changed_ms = round((tmp_path / name).stat().st_mtime * 1000)
    assert old_uploads(tmp_path, changed_ms - 1000) == []
    assert old_uploads(tmp_path, changed_ms + 1000) == [name]
    assert old_uploads(tmp_path / "none", changed_ms) == []
