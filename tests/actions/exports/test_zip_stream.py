"""A ZIP as a stream: whole for every reader, and never whole in memory."""

import io
import os
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import pytest

from chess_analytics.actions.exports.zip_stream import PIECE_BYTES, zip_pieces

NOW_MS = int(datetime(2026, 11, 24, 10, 20, 30, tzinfo=UTC).timestamp() * 1000)
MEMBERS = [
    ("README.txt", [b"read me\n"]),
    ("games.pgn", [b"1. e4 e5 *\n\n", b"1. d4 *\n\n"]),
    ("nothing.json", []),
    ("names-\u00e9.txt", ["\u00e9".encode()]),
]


def _opened(packed: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(packed))


def test_members_come_out_as_they_went_in() -> None:
    with _opened(b"".join(zip_pieces(MEMBERS, at_ms=NOW_MS))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            name: b"".join(pieces) for name, pieces in MEMBERS
        }


def test_members_bear_the_time_they_were_packed_at_and_are_the_owners_alone() -> None:
    with _opened(b"".join(zip_pieces(MEMBERS, at_ms=NOW_MS))) as archive:
        for member in archive.infolist():
            assert member.date_time == (2026, 11, 24, 10, 20, 30)
            assert member.external_attr >> 16 == 0o600


def test_a_time_before_there_were_zips_does_not_hinder() -> None:
    with _opened(b"".join(zip_pieces(MEMBERS, at_ms=0))) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_the_same_content_gives_the_same_bytes() -> None:
    once = b"".join(zip_pieces(MEMBERS, at_ms=NOW_MS))
    assert once == b"".join(zip_pieces(MEMBERS, at_ms=NOW_MS))


@pytest.mark.skipif(which("unzip") is None, reason="needs the program unzip")
def test_another_program_can_unpack_it(tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    file.write_bytes(b"".join(zip_pieces(MEMBERS, at_ms=NOW_MS)))
    subprocess.run(["unzip", "-q", file.name], cwd=tmp_path, check=True)
    assert (tmp_path / "games.pgn").read_bytes() == b"1. e4 e5 *\n\n1. d4 *\n\n"


def test_it_is_sent_while_it_is_written_and_holds_little() -> None:
    total, block = 40_000_000, 8_000

    def noise() -> Iterator[bytes]:
        # It cannot be packed any tighter, so that as much goes out as comes in.
        yield from (os.urandom(block) for _ in range(total // block))

    tracemalloc.start()
    try:
        sizes = [len(piece) for piece in zip_pieces([("noise", noise())], at_ms=NOW_MS)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(sizes) > total
    assert max(sizes) < 2 * PIECE_BYTES
    assert peak < 2_000_000


def test_a_reader_who_leaves_early_leaves_nothing_open() -> None:
    closed = []

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield os.urandom(10_000)
        finally:
            closed.append(True)

    pieces = zip_pieces([("endless", endless())], at_ms=NOW_MS)
    assert next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert closed


def test_what_fails_in_the_middle_fails_the_whole() -> None:
    def broken() -> Iterator[bytes]:
        yield b"good"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(zip_pieces([("broken", broken())], at_ms=NOW_MS))
