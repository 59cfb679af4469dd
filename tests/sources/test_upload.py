"""An upload gives its games however it is packed, ends at its limits, and tells what it left."""

import bz2
import gzip
import json
import lzma
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.sources.files import ReadingProgress
from chess_analytics.sources.upload import read_upload
from tests.games.pgn_builders import outline, random_game_text
from tests.sources.crafted import (
    GAME,
    zipped,
)
from tests.sources.uploads import LIMITS, gather, read, read_to_the_limit

LICHESS = b'{"id":"abcdefgh","variant":"standard","players":{},"moves":"e4 e5"}'
CHESSCOM = json.dumps(
    {"games": [{"url": "https://www.chess.com/game/live/7", "pgn": "1. e4 e5 *"}]}
).encode()

PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
FORMS = {
    "PGN": (GAME * 3, 3),
    "lines of JSON": (LICHESS + b"\n" + LICHESS + b"\n", 2),
    "a month of Chess.com": (CHESSCOM, 1),
}


@pytest.fixture
def spooled(tmp_path: Path) -> Path:
    return tmp_path / "0f3a77"


@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
@pytest.mark.parametrize(("data", "games"), FORMS.values(), ids=FORMS)
def test_every_format_is_read_in_every_packing(
    spooled: Path, data: bytes, games: int, pack: Callable[[bytes], bytes]
) -> None:
    found = read(spooled, pack(data), name="my games")
    assert outline(found) == ["game of 2"] * games
    assert {entry.place.source for entry in found} == {"my games"}
    assert [entry.place.number for entry in found] == list(range(1, games + 1))


@pytest.mark.parametrize(
    ("data", "sources"),
    [
        (zipped(("a.pgn.gz", gzip.compress(GAME))), ["mine.zip/a.pgn.gz"]),
        (gzip.compress(zipped(("a.pgn", GAME))), ["mine.zip/a.pgn"]),
        (
            zipped(("in.zip", zipped(("a.pgn", GAME))), ("b.pgn", GAME)),
            ["mine.zip/in.zip/a.pgn", "mine.zip/b.pgn"],
        ),
        (gzip.compress(bz2.compress(GAME)), ["mine.zip"]),
    ],
    ids=["gzip in ZIP", "ZIP in gzip", "ZIP in ZIP", "bzip2 in gzip"],
)
def test_packings_in_packings_are_read_and_leave_nothing_behind(
    spooled: Path, data: bytes, sources: list[str]
) -> None:
    found = read(spooled, data)
    assert outline(found) == ["game of 2"] * len(sources)
    assert [entry.place.source for entry in found] == sources
    assert list(spooled.parent.iterdir()) == [spooled]


def test_what_is_packed_too_often_is_told_and_the_rest_is_read(spooled: Path) -> None:
    deep = zipped(("deep.zip", zipped(("a.pgn", GAME))), ("deep.gz", gzip.compress(GAME)))
    found = read(spooled, zipped(("in.zip", deep), ("b.pgn", GAME)))
    assert outline(found) == [
        "broken: it is packed more than 2 times over: unpack it first (line None)",
        "game of 2",
    ]
    assert found[0].place.source == "mine.zip/in.zip/deep.zip"


def test_at_the_limit_of_games_the_games_before_it_stand(spooled: Path) -> None:
    assert len(read(spooled, GAME * 3, replace(LIMITS, games=3))) == 3
    found, limit = read_to_the_limit(spooled, GAME * 3, replace(LIMITS, games=2))
    assert outline(found) == ["game of 2"] * 2
    assert limit == (
        "mine.zip: it holds more than 2 games, which is the limit. The games before this point "
        "were read. Split the file, and upload the parts one by one."
    )


@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_at_the_limit_of_bytes_the_games_before_it_stand(
    spooled: Path, pack: Callable[[bytes], bytes]
) -> None:
    data = pack(GAME * 4_000)
    size = len(GAME) * 4_000
    assert len(read(spooled, data, replace(LIMITS, expanded_bytes=size))) == 4_000
    limits = replace(LIMITS, expanded_bytes=size - len(GAME) // 2)
    found, limit = read_to_the_limit(spooled, data, limits)
    assert outline(found) == ["game of 2"] * 3_999
    assert f"more than {limits.expanded_bytes:,} bytes come out of it" in limit


def test_the_limit_of_bytes_is_for_all_files_of_an_archive_together(spooled: Path) -> None:
    archive = zipped(*((f"{number}.pgn", GAME) for number in range(10)))
    limits = replace(LIMITS, expanded_bytes=len(GAME) * 5)
    found, limit = read_to_the_limit(spooled, archive, limits)
    assert len(found) == 5
    assert f"more than {limits.expanded_bytes:,} bytes come out of it" in limit


def test_the_limit_of_files_is_for_all_archives_together(spooled: Path) -> None:
    inner = zipped(("a.pgn", GAME), ("b.pgn", GAME))
    archive = zipped(("in.zip", inner), ("c.pgn", GAME), ("d.pgn", GAME))
    found, limit = read_to_the_limit(spooled, archive, replace(LIMITS, members=4))
    assert [entry.place.source for entry in found] == [
        "mine.zip/in.zip/a.pgn",
        "mine.zip/in.zip/b.pgn",
        "mine.zip/c.pgn",
    ]
    assert "it holds more than 4 files" in limit
    assert len(read(spooled, archive, replace(LIMITS, members=5))) == 4


def test_what_packs_better_than_games_do_is_not_read_on(spooled: Path) -> None:
    data = gzip.compress(GAME) + gzip.compress(b"a" * 5_000_000, 1) * 20
    limits = replace(LIMITS, expanded_bytes=10**12, ratio=2)
    found, limit = read_to_the_limit(spooled, data, limits)
    assert outline(found) == ["game of 2"]
    assert f"the limit for an upload of {len(data):,} bytes" in limit


def test_the_same_upload_gives_the_same_entries_each_time(spooled: Path) -> None:
    rng = random.Random(5)
    pgn = "\n".join(random_game_text(rng, number=number) for number in range(20)).encode()
    archive = zipped(
        ("a.pgn", pgn),
        ("a.pgn", GAME + b"1. e5 {never ends"),
        ("b.pgn.gz", gzip.compress(pgn)[:-500]),
        ("in.zip", zipped(("c.ndjson", LICHESS + b"\n{\n" + LICHESS))),
        ("readme.txt", b""),
    )
    whole = read(spooled, archive)
    assert len(whole) > 40
    assert read(spooled, archive) == whole
    places = [(entry.place.source, entry.place.number) for entry in whole]
    assert len(set(places)) == len(places)
    for count in (1, 21, 30):
        # Somebody ends the reading; a later one finds all that was found, and the rest.
        started = read_upload(spooled, "mine.zip", LIMITS)
        assert list(islice(started, count)) == whole[:count]
        assert list(read_upload(spooled, "mine.zip", LIMITS)) == whole


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\fakepath\\my games.pgn", "C:/fakepath/my games.pgn"),
        ("a\0b\x07.pgn", "a\ufffdb\ufffd.pgn"),
        ("..", "?"),
        ("", "?"),
    ],
)
def test_the_name_of_the_upload_is_harmless_to_show(spooled: Path, name: str, shown: str) -> None:
    (entry,) = read(spooled, GAME, name=name)
    assert entry.place.source == shown


def test_the_path_of_the_upload_is_never_shown(spooled: Path) -> None:
    archive = zipped(("a.pgn", GAME), ("bad.zip", b"PK\x03\x04 no"), ("b.txt", b""))
    progress = ReadingProgress()
    for data in (archive, archive[:-30], gzip.compress(GAME)[:-1], b"\0", b""):
        found = read(spooled, data, progress=progress)
        assert spooled.name not in repr(found)
    assert spooled.name not in repr(progress)


def test_files_without_games_are_named(spooled: Path) -> None:
    progress = ReadingProgress()
    read(spooled, zipped(("a.pgn", b"\n"), ("b.pgn", GAME)), progress=progress)
    assert progress.without_games == ["mine.zip/a.pgn"]
    for empty in (b"", zipped(), gzip.compress(b"")):
        progress = ReadingProgress()
        assert read(spooled, empty, progress=progress) == []
        assert progress.without_games == ["mine.zip"]


def test_progress_tells_the_bytes_of_the_upload_and_the_file_at_hand(spooled: Path) -> None:
    archive = zipped(("a.pgn", GAME * 100), ("b.pgn", GAME), method=zipfile.ZIP_STORED)
    spooled.write_bytes(archive)
    progress = ReadingProgress()
    seen = [
        (progress.source, progress.read_bytes)
        for _ in read_upload(spooled, "mine.zip", LIMITS, progress)
    ]
    assert seen[0] == ("mine.zip/a.pgn", len(GAME) * 100)
    assert seen[-1] == ("mine.zip/b.pgn", len(GAME) * 101)
    assert progress.read_bytes == len(GAME) * 101


def test_an_upload_that_is_gone_is_no_broken_game(spooled: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(read_upload(spooled, "mine.zip", LIMITS))


@given(data=st.data())
def test_no_damage_at_all_makes_the_reading_fail(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    upload = bytearray(data.draw(st.sampled_from(_UPLOADS)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(upload) - 1))
        piece = data.draw(st.binary(max_size=8))
        upload[at : at + data.draw(st.integers(0, 8))] = piece
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(upload)
    found, _ = gather(read_upload(path, "mine.zip", LIMITS))
    places = [(entry.place.source, entry.place.number) for entry in found]
    assert len(set(places)) == len(places)


_INNER = zipped(("c.pgn.xz", lzma.compress(GAME)), ("d.json", CHESSCOM), method=zipfile.ZIP_LZMA)
_UPLOADS = [
    zipped(("a.pgn", GAME * 2), ("b.ndjson.gz", gzip.compress(LICHESS)), ("in.zip", _INNER)),
    zipped(("a.pgn", GAME), ("b.pgn", GAME), method=zipfile.ZIP_STORED),
    zipped(("a.pgn.bz2", bz2.compress(GAME)), method=zipfile.ZIP_BZIP2),
    *(pack(GAME * 3) for pack in PACKINGS.values()),
]
