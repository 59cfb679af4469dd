"""ZIP archives that are uploaded: believed little, read wholly, never unpacked to the disk."""

import random
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from chess_analytics.games.model import Broken
from chess_analytics.sources.files import SKIPPED_KEPT, ReadingProgress, SkippedFile
from chess_analytics.sources.upload import read_upload
from tests.games.pgn_builders import outline, random_game_text
from tests.sources.crafted import (
    GAME,
    with_claimed_size,
    with_overlapping_files,
    with_password,
    zipped,
)
from tests.sources.uploads import LIMITS, read

LICHESS = b'{"id":"abcdefgh","variant":"standard","players":{},"moves":"e4 e5"}'
UNKNOWN_ENDING = "its name does not end like that of a file with games"
METHODS = {
    "stored": zipfile.ZIP_STORED,
    "deflate": zipfile.ZIP_DEFLATED,
    "bzip2": zipfile.ZIP_BZIP2,
    "LZMA": zipfile.ZIP_LZMA,
}


@pytest.fixture
def spooled(tmp_path: Path) -> Path:
    return tmp_path / "0f3a77"


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_zip_archive_is_read_whatever_its_method(spooled: Path, method: int) -> None:
    data = zipped(("a.pgn", GAME * 2), ("b/c.NDJSON", LICHESS), method=method)
    found = read(spooled, data)
    assert outline(found) == ["game of 2"] * 3
    assert [str(entry.place) for entry in found] == [
        "mine.zip/a.pgn: game 1, line 1",
        "mine.zip/a.pgn: game 2, line 5",
        "mine.zip/b/c.NDJSON: game 1, line 1",
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("../../etc/passwd.pgn", "etc/passwd.pgn"),
        ("/etc/passwd.pgn", "etc/passwd.pgn"),
        (r"..\..\windows\x.pgn", "windows/x.pgn"),
        ("a\x1b[2J\n\u202egpj.pgn", "a\ufffd[2J\ufffd\ufffdgpj.pgn"),
        ("x" * 500 + ".pgn", "x" * 150 + "…" + "x" * 46 + ".pgn"),
        ("Müller.pgn", "Müller.pgn"),
    ],
)
def test_names_in_archives_are_shown_and_never_used(
    spooled: Path, written: str, shown: str
) -> None:
    (entry,) = read(spooled, zipped((written, GAME)))
    assert entry.place.source == f"mine.zip/{shown}"
    assert list(spooled.parent.iterdir()) == [spooled]


def test_files_of_one_name_have_places_of_their_own(spooled: Path) -> None:
    names = ["a.pgn", "../a.pgn", "a.pgn (2).pgn", "./a.pgn"]
    found = read(spooled, zipped(*((name, GAME) for name in [*names, "a.pgn"])))
    assert [entry.place.source for entry in found] == [
        "mine.zip/a.pgn",
        "mine.zip/a.pgn (2)",
        "mine.zip/a.pgn (2).pgn",
        "mine.zip/a.pgn (3)",
        "mine.zip/a.pgn (4)",
    ]


def test_files_that_nothing_marks_as_games_are_skipped_and_told(spooled: Path) -> None:
    archive = zipped(
        ("README.txt", b"about these games"),
        ("games/", b""),
        ("games/a.pgn", GAME),
        ("__MACOSX/games/._a.pgn", b"\0\5\x16\7"),
        ("games/._b.pgn", b"\0\5\x16\7"),
        ("games/.DS_Store", b"\0"),
        ("games/.hidden.pgn", GAME),
        ("Thumbs.db", b"\0"),
        ("in.zip", zipped(("board.png", b"\x89PNG"))),
    )
    progress = ReadingProgress()
    found = read(spooled, archive, progress=progress)
    assert outline(found) == ["game of 2"] * 2
    assert progress.skipped == [
        SkippedFile("mine.zip/README.txt", UNKNOWN_ENDING),
        SkippedFile("mine.zip/in.zip/board.png", UNKNOWN_ENDING),
    ]
    assert progress.skipped_count == 2


def test_of_very_many_skipped_files_some_are_kept_and_all_are_counted(spooled: Path) -> None:
    count = SKIPPED_KEPT + 50
    progress = ReadingProgress()
    archive = zipped(*((f"{number}.txt", b"") for number in range(count)))
    assert read(spooled, archive, replace(LIMITS, members=count), progress=progress) == []
    assert len(progress.skipped) == SKIPPED_KEPT
    assert progress.skipped_count == count
    assert progress.without_games == ["mine.zip"]


def test_a_link_in_an_archive_is_not_followed(spooled: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pgn"
    secret.write_bytes(GAME)
    link = zipfile.ZipInfo("a.pgn")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(spooled, "w") as archive:
        archive.writestr(link, str(secret))
    progress = ReadingProgress()
    assert list(read_upload(spooled, "mine.zip", LIMITS, progress)) == []
    assert progress.skipped == [
        SkippedFile("mine.zip/a.pgn", "it is a link to a file, and no file")
    ]


def test_files_with_a_password_are_told_one_by_one(spooled: Path) -> None:
    found = read(spooled, with_password(zipped(("a.pgn", GAME), ("b.pgn", GAME))))
    assert [
        f"{entry.place.source}: {words}" for entry, words in zip(found, outline(found), strict=True)
    ] == [
        "mine.zip/a.pgn: broken: it needs a password: unpack it first (line None)",
        "mine.zip/b.pgn: broken: it needs a password: unpack it first (line None)",
    ]


@pytest.mark.parametrize("size", [0, 1, len(GAME) - 1, 2**31])
def test_what_an_archive_says_of_its_sizes_is_not_believed(spooled: Path, size: int) -> None:
    archive = with_claimed_size(zipped(("a.pgn", GAME * 100), ("b.pgn", GAME)), size)
    assert outline(read(spooled, archive)) == ["game of 2"] * 101


def test_files_that_lie_on_each_other_are_not_read_again_and_again(spooled: Path) -> None:
    rng = random.Random(7)
    pgn = "\n".join(random_game_text(rng, number=number) for number in range(10)).encode()
    archive = with_overlapping_files(zipped(("a.pgn", pgn)), times=90)
    found = read(spooled, archive)
    assert outline(found)[-1] == (
        "broken: the files of the ZIP archive overlap, as in no honest one (line None)"
    )
    # As often as the archive has room for the file.
    assert 10 < len(found) < 50


def test_a_damaged_file_costs_no_other(spooled: Path) -> None:
    archive = bytearray(zipped(("a.pgn", GAME), ("b.pgn", GAME * 50), ("c.pgn", GAME)))
    at = archive.index(b"b.pgn") + len("b.pgn") + 10
    archive[at : at + 4] = b"\xff" * 4
    found = read(spooled, bytes(archive))
    (broken,) = [entry for entry in found if isinstance(entry, Broken)]
    assert broken.place.source == "mine.zip/b.pgn"
    assert broken.reason == "the compressed data is damaged"
    assert outline(found)[0] == outline(found)[-1] == "game of 2"
    assert found[-1].place.source == "mine.zip/c.pgn"
