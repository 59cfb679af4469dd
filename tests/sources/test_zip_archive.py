"""ZIP archives are read like by Python's own reader, whatever program wrote them."""

import io
import lzma
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.sources.compression import Allowance, DamagedInput, guarded
from chess_analytics.sources.zip_archive import Member, members, open_member
from tests.sources.crafted import with_field, zipped

METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
WINDOW_BYTES = 8 << 20
DATA = random.Random(1).randbytes(100_000) + bytes(100_000)

_METHOD_FIELD, _SIZES_FIELD = 10, 16


def unpacked(file: BinaryIO, member: Member) -> bytes:
    return guarded(open_member(file, member, WINDOW_BYTES, lambda _: None), Allowance()).read()


def contents(archive: bytes) -> list[tuple[str, bytes]]:
    file = io.BytesIO(archive)
    return [(member.name, unpacked(file, member)) for member in members(file)]


def by_method(method: int, packed: bytes, plain: bytes) -> bytes:
    """Write an archive by a method that Python cannot write."""
    stored = zipped(("a.pgn", packed), method=zipfile.ZIP_STORED)
    numbers = struct.pack("<3L", zlib.crc32(plain), len(packed), len(plain))
    return with_field(
        with_field(stored, _METHOD_FIELD, struct.pack("<H", method)), _SIZES_FIELD, numbers
    )


@given(
    files=st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\0\\"), min_size=1),
            st.binary(max_size=2_000),
            st.sampled_from(METHODS),
        ),
        min_size=1,
        max_size=5,
    ),
    before=st.binary(max_size=50),
    # Python's reader takes what looks like an end for one, also in a comment.
    comment=st.binary(max_size=50).filter(lambda comment: b"PK" not in comment),
)
def test_it_says_what_pythons_own_reader_says(
    files: list[tuple[str, bytes, int]], before: bytes, comment: bytes
) -> None:
    archive = io.BytesIO(before)
    with zipfile.ZipFile(archive, "a") as writer:
        writer.comment = comment
        for name, data, method in {each[0]: each for each in files}.values():
            writer.writestr(name, data, method)
    archive.seek(0)
    with zipfile.ZipFile(archive) as judge:
        expected = [(each.filename, judge.read(each)) for each in judge.infolist()]
    assert contents(archive.getvalue()) == expected


def test_files_may_be_read_in_any_order_while_the_list_is_read() -> None:
    archive = zipped(*((f"{number}.pgn", b"%d" % number * 50_000) for number in range(5)))
    file = io.BytesIO(archive)
    listed = members(file)
    first, second = next(listed), next(listed)
    assert unpacked(file, second) == b"1" * 50_000
    assert [each.name for each in listed] == ["2.pgn", "3.pgn", "4.pgn"]
    assert unpacked(file, first) == b"0" * 50_000


class OneWay(io.BytesIO):
    """A pipe: what is written cannot be gone back to."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError("a pipe has no place")


@pytest.mark.parametrize("method", METHODS)
def test_archives_that_were_written_into_a_pipe_are_read(method: int) -> None:
    pipe = OneWay()
    with zipfile.ZipFile(pipe, "w", method) as writer, writer.open("a.pgn", "w") as file:
        file.write(DATA)
    assert contents(pipe.getvalue()) == [("a.pgn", DATA)]


def test_archives_with_numbers_of_64_bits_are_read() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for name in ("a.pgn", "b.pgn"):
            with writer.open(name, "w", force_zip64=True) as file:
                file.write(DATA)
    small = archive.getvalue()
    assert contents(small) == [("a.pgn", DATA), ("b.pgn", DATA)]
    assert contents(_in_64_bits(small)) == [("a.pgn", DATA), ("b.pgn", DATA)]


def _in_64_bits(archive: bytes) -> bytes:
    """Move the numbers of the archive's end, and of its first entry, to where large ones stand."""
    end = archive.rindex(b"PK\5\6")
    start = archive.index(b"PK\1\2")
    sizes = archive[start + 20 : start + 28]
    packed, plain = struct.unpack("<2L", sizes)
    offset = archive[start + 42 : start + 46]
    large = struct.pack("<2H3Q", 1, 24, plain, packed, *struct.unpack("<L", offset))
    name_end = start + 46 + struct.unpack_from("<H", archive, start + 28)[0]
    entry = bytearray(archive[start:name_end] + large)
    entry[20:28] = b"\xff" * 8
    entry[42:46] = b"\xff" * 4
    entry[30:32] = struct.pack("<H", len(large))
    others = archive[name_end + struct.unpack_from("<H", archive, start + 30)[0] : end]
    entries = bytes(entry) + others
    end_64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 2, 2, len(entries), start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, start + len(entries), 1)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, *[0xFFFF] * 2, *[0xFFFFFFFF] * 2, 0)
    return archive[:start] + entries + end_64 + locator + last


@pytest.mark.parametrize(
    ("method", "pack"), [(93, zstandard.ZstdCompressor().compress), (95, lzma.compress)]
)
def test_newer_methods_are_read(method: int, pack: Callable[[bytes], bytes]) -> None:
    assert contents(by_method(method, pack(DATA), DATA)) == [("a.pgn", DATA)]


def test_lzma_that_does_not_mark_its_end_is_read() -> None:
    archive = zipped(("a.pgn", DATA), method=zipfile.ZIP_LZMA)
    assert contents(with_field(archive, 8, b"\0\0")) == [("a.pgn", DATA)]


def test_a_method_that_is_not_known_is_named() -> None:
    with pytest.raises(DamagedInput, match=r"packed by method 9 of ZIP.*by the usual method"):
        contents(by_method(9, DATA, DATA))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("at", [0.02, 0.3, 0.9])
def test_a_wrong_byte_is_noticed(method: int, at: float) -> None:
    archive = bytearray(zipped(("a.pgn", DATA[:100_000]), method=method))
    archive[50 + int(100_000 * at)] ^= 0xFF
    with pytest.raises(DamagedInput):
        contents(bytes(archive))


@pytest.mark.parametrize(
    ("name", "flags"),
    [("Müller ½.pgn", "UTF-8 that is told"), ("Müller.pgn", "UTF-8"), ("Müller.pgn", "DOS")],
)
def test_names_are_read_in_the_encodings_that_are_around(name: str, flags: str) -> None:
    archive = zipped((name, b""))
    if flags != "UTF-8 that is told":
        archive = with_field(archive, 8, b"\0\0")
    if flags == "DOS":
        archive = archive.replace(name.encode(), b"M\x81ller.pgn ")
        name += " "
    assert [each for each, _ in contents(archive)] == [name]


def test_a_comment_that_looks_like_an_end_is_none() -> None:
    for comment in (b"PK\5\6", b"PK\5\6" + bytes(18) + b"more", b"PK\5\6" * 10_000):
        archive = io.BytesIO(zipped(("a.pgn", DATA)))
        with zipfile.ZipFile(archive, "a") as writer:
            writer.comment = comment
        assert contents(archive.getvalue()) == [("a.pgn", DATA)]


@pytest.mark.parametrize("missing", [1, 21, 22, 60, 90, 150, 199_000])
def test_an_archive_that_was_cut_off_is_told(missing: int) -> None:
    archive = zipped(("a.pgn", DATA), ("b.pgn", b"1"), method=zipfile.ZIP_STORED)
    with pytest.raises(DamagedInput, match="ZIP archive's list of files is missing"):
        contents(archive[:-missing])


def test_an_archive_whose_beginning_is_lost_is_told() -> None:
    archive = zipped(("a.pgn", DATA), method=zipfile.ZIP_STORED)
    with pytest.raises(DamagedInput, match="list of files is damaged"):
        contents(archive[1_000:])


@pytest.mark.parametrize("offset", [1, 200_000, 2**32 - 2])
def test_an_entry_that_points_nowhere_is_damaged(offset: int) -> None:
    archive = with_field(zipped(("a.pgn", DATA)), 42, struct.pack("<L", offset))
    with pytest.raises(DamagedInput, match="compressed data is damaged"):
        contents(archive)
