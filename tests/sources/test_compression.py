"""Packed streams are unpacked, and their damage is told from their end."""

import bz2
import gzip
import io
import lzma
import random
from collections.abc import Callable

import pytest
import zstandard

from chess_analytics.sources.compression import (
    WINDOW_BYTES,
    Allowance,
    DamagedInput,
    LimitReached,
    guarded,
    packing_of,
    plain_stream,
)
from chess_analytics.sources.decoders import gunzip

Pack = Callable[[bytes], bytes]


def _bzip2(data: bytes) -> bytes:
    # Blocks of 100 KB instead of 900: a block is lost as a whole.
    return bz2.compress(data, 1)


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def _zstd_of_unknown_size(data: bytes) -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    return packer.compress(data) + packer.flush()


def _zstd_after_an_empty_frame(data: bytes) -> bytes:
    return b"\x50\x2a\x4d\x18\x04\x00\x00\x00pzst" + _zstd(data)


PACKINGS: dict[str, Pack] = {
    "gzip": gzip.compress,
    "bzip2": _bzip2,
    "xz": lzma.compress,
    "zstd": _zstd,
    "zstd of unknown size": _zstd_of_unknown_size,
    "zstd after an empty frame": _zstd_after_an_empty_frame,
}
EVERY_PACKING = pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
DATA = random.Random(1).randbytes(300_000)


def unpacked(data: bytes) -> bytes:
    return plain_stream(io.BufferedReader(io.BytesIO(data))).read()


def read_before_damage(data: bytes) -> tuple[bytes, str]:
    """Give what can be read, and the damage in words; no words if there is none."""
    stream = plain_stream(io.BufferedReader(io.BytesIO(data)))
    found = b""
    try:
        while piece := stream.read1(10_000):
            found += piece
    except DamagedInput as damage:
        return found, str(damage)
    return found, ""


@EVERY_PACKING
def test_what_was_packed_is_unpacked(pack: Pack) -> None:
    assert unpacked(pack(DATA)) == DATA
    assert unpacked(pack(b"")) == b""


def test_what_was_not_packed_stays_as_it_is() -> None:
    assert unpacked(DATA) == DATA
    assert unpacked(b"") == b""


@EVERY_PACKING
def test_several_packed_pieces_in_a_row_are_one_text(pack: Pack) -> None:
    assert unpacked(pack(DATA[:50_000]) + pack(DATA[50_000:])) == DATA


@EVERY_PACKING
def test_zeros_between_and_behind_packed_pieces_are_no_text(pack: Pack) -> None:
    gap = bytes(20_000)
    assert unpacked(pack(DATA[:50_000]) + gap + pack(DATA[50_000:]) + gap) == DATA


@EVERY_PACKING
def test_what_follows_the_packed_data_is_not_passed_over(pack: Pack) -> None:
    assert read_before_damage(pack(DATA) + b"something else") == (
        DATA,
        "the compressed data is damaged",
    )


@EVERY_PACKING
@pytest.mark.parametrize("missing", [1, 5, 100, 100_000, 299_990])
def test_a_stream_that_was_cut_off_gives_its_beginning_and_says_so(
    pack: Pack, missing: int
) -> None:
    found, damage = read_before_damage(pack(DATA)[:-missing])
    assert DATA.startswith(found)
    assert len(found) >= len(DATA) - missing - 150_000
    assert damage.startswith("the file ends too early")


@EVERY_PACKING
def test_a_stream_with_a_wrong_byte_is_not_read_to_its_end(pack: Pack) -> None:
    text = b"1. e4 e5 2. Nf3 " * 5000
    packed = bytearray(pack(text))
    packed[len(packed) // 2] ^= 0xFF
    found, damage = read_before_damage(bytes(packed))
    assert damage or found != text


def test_a_first_look_shows_as_much_as_there_is() -> None:
    class Trickle(io.RawIOBase):
        def __init__(self) -> None:
            self.data = list(b'[Event "x"]')

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            if self.data:
                buffer[0] = self.data.pop(0)
                return 1
            return 0

    stream = plain_stream(io.BufferedReader(Trickle()))
    assert stream.peek() == b'[Event "x"]'


@pytest.mark.parametrize("most", [1, 65_536, 100_000, len(DATA) - 1])
def test_a_limit_comes_after_all_that_it_allows_through_any_number_of_layers(most: int) -> None:
    packed = io.BufferedReader(io.BytesIO(gzip.compress(DATA)))
    inner = guarded(gunzip(packed, WINDOW_BYTES), Allowance(most, "enough"))
    outer = guarded(guarded(inner, Allowance()), Allowance())
    found = [b""]
    while sum(map(len, found)) < most:
        found.append(outer.read1(10_000))
    assert b"".join(found) == DATA[:most]
    with pytest.raises(LimitReached, match="enough"):
        outer.read1(1)


def test_an_input_that_ends_at_its_limit_is_read_to_its_end() -> None:
    packed = io.BufferedReader(io.BytesIO(gzip.compress(DATA)))
    assert guarded(gunzip(packed, WINDOW_BYTES), Allowance(len(DATA), "enough")).read() == DATA


def test_several_streams_share_an_allowance() -> None:
    shared = Allowance(len(DATA) + 10, "enough")
    assert guarded(io.BufferedReader(io.BytesIO(DATA)), shared).read() == DATA
    second = guarded(io.BufferedReader(io.BytesIO(DATA)), shared)
    assert second.read1(100) == DATA[:10]
    with pytest.raises(LimitReached):
        second.read1(100)


@pytest.mark.parametrize("pack", [_zstd_of_unknown_size, lzma.compress], ids=["zstd", "xz"])
def test_a_window_wider_than_allowed_is_refused_with_what_to_do(pack: Pack) -> None:
    stream = io.BufferedReader(io.BytesIO(pack(DATA)))
    opener = packing_of(stream)
    assert opener
    with pytest.raises(DamagedInput, match=r"more memory than is allowed: .* lower level"):
        guarded(opener(stream, 1 << 20), Allowance()).read()


def test_a_disk_that_fails_is_reported_with_its_reason() -> None:
    class Failing(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: object) -> int:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        plain_stream(io.BufferedReader(Failing()))
