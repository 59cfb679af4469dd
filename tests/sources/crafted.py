"""Write archives and compressed data that no honest program would write."""

import gzip
import io
import lzma
import struct
import warnings
import zipfile
import zlib

import zstandard

GAME = b'[Event "a"]\n\n1. e4 e5 *\n\n'
MB = 1_000_000

_ZSTD_BLOCK_BYTES = 128 * 1024
_LIST_ENTRY, _LIST_END = b"PK\x01\x02", b"PK\x05\x06"


def repeated_gzip(piece: bytes, times: int) -> bytes:
    """Pack a text that comes again and again; only one piece of it is ever in memory."""
    return gzip.compress(piece, 1, mtime=0) * times


def zstd_of_one_letter(letter: bytes, *, blocks: int, window_log: int) -> bytes:
    """Write a frame in which every four bytes unfold to 128 KB."""
    head = b"\x28\xb5\x2f\xfd" + bytes([0, (window_log - 10) << 3])
    repeated = 1 << 1
    block = struct.pack("<I", _ZSTD_BLOCK_BYTES << 3 | repeated)[:3] + letter
    last = struct.pack("<I", _ZSTD_BLOCK_BYTES << 3 | repeated | 1)[:3] + letter
    return head + block * (blocks - 1) + last


def zstd_with_window(data: bytes, window_log: int) -> bytes:
    """Pack data by a program that does not know how much will come."""
    settings = zstandard.ZstdCompressionParameters.from_level(1, window_log=window_log)
    packer = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    return packer.compress(data) + packer.flush()


def xz_with_dictionary(data: bytes, size_code: int) -> bytes:
    """Pack data and claim a dictionary: 22 is 8 MB, 24 is 16 MB, 28 is 64 MB, 40 is 4 GB."""
    packed = bytearray(lzma.compress(data, preset=0))
    head_end = 12 + (packed[12] + 1) * 4
    assert packed[14] == lzma.FILTER_LZMA2
    packed[16] = size_code
    packed[head_end - 4 : head_end] = struct.pack("<I", zlib.crc32(packed[12 : head_end - 4]))
    return bytes(packed)


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Write an archive, of several files of one name, too."""
    archive = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(archive, "w", method) as writer:
        warnings.filterwarnings("ignore", "Duplicate name")
        for name, data in files:
            # A fixed moment, so that the same files give the same bytes.
            writer.writestr(zipfile.ZipInfo(name), data, method, compresslevel=1)
    return archive.getvalue()


def with_lzma_dictionary(archive: bytes, name: str, size: int) -> bytes:
    """Change the size of the dictionary that a file claims, in an archive packed by LZMA."""
    # Behind the name: a version, the length of the properties, and the first of these.
    at = archive.index(name.encode()) + len(name) + 5
    return archive[:at] + struct.pack("<I", size) + archive[at + 4 :]


def with_field(archive: bytes, offset: int, value: bytes) -> bytes:
    """Overwrite a field of every entry in an archive's list."""
    changed = bytearray(archive)
    at = changed.find(_LIST_ENTRY)
    while at >= 0:
        changed[at + offset : at + offset + len(value)] = value
        at = changed.find(_LIST_ENTRY, at + 1)
    return bytes(changed)


def with_password(archive: bytes) -> bytes:
    """Say of every file that it is encrypted."""
    return with_field(archive, 8, b"\x01\x00")


def with_claimed_size(archive: bytes, size: int) -> bytes:
    """Say of every file that it unfolds to so many bytes."""
    return with_field(archive, 24, struct.pack("<I", size))


def with_overlapping_files(archive: bytes, times: int) -> bytes:
    """List the first file of an archive many times over."""
    start = archive.index(_LIST_ENTRY)
    end = archive.index(_LIST_END)
    entry = archive[start:end]
    tail = struct.pack("<4s4H2LH", _LIST_END, 0, 0, times, times, len(entry) * times, start, 0)
    return archive[:start] + entry * times + tail
