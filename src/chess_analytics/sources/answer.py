"""Read what a chess site answers: bounded, and never a cut answer for a whole one."""

import gzip
import io
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import httpx2

from chess_analytics.sources.compression import Stream
from chess_analytics.sources.http import Hiccup, OnBytes, SourceRefused

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER_BYTES = 65_536
# Of a line that is too long, so much is passed over in search of its end.
_MOST_PASSED_OVER_BYTES = 16_000_000

_Readable = Stream | gzip.GzipFile


class Answer:
    """The answer to one request; its body can be read once, while the request is open."""

    def __init__(self, response: httpx2.Response, site: str, on_bytes: OnBytes) -> None:
        self._response = response
        self._site = site
        self._on_bytes = on_bytes

    @property
    def is_missing(self) -> bool:
        return self._response.status_code in (httpx2.codes.NOT_FOUND, httpx2.codes.GONE)

    @property
    def is_unchanged(self) -> bool:
        return self._response.status_code == httpx2.codes.NOT_MODIFIED

    def header(self, name: str) -> str | None:
        """Give a header that can be sent back to the site as it is."""
        value = self._response.headers.get(name, "")
        return value if value.isascii() and value.isprintable() and value else None

    def expect(self, kinds: Collection[str]) -> None:
        """Refuse an answer that is not of one of these content types."""
        kind = self._response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if self._response.status_code != httpx2.codes.OK or kind not in kinds:
            raise SourceRefused(
                f"{self._site} answers with {kind or 'something without a name'} "
                f"(status {self._response.status_code}) where games were expected. "
                "A proxy or a log-in page may stand in between: open the site from the same "
                "machine, and check the address that is set for it."
            )

    def lines(self, longest: int) -> Iterator[bytes]:
        r"""Yield the lines, each of them ended by ``\n``; of a longer one only its beginning.

        A beginning has ``longest + 1`` bytes.

        Raises:
            Hiccup: the answer breaks off, even where that looks like its end.
        """
        if not self._tells_its_end():
            raise SourceRefused(
                f"{self._site}'s answer does not say where it ends, so a part of the games could "
                "pass for all of them. An old proxy may stand in between: go around it."
            )
        with self._opened() as stream:
            while line := stream.readline(longest + 1):
                if len(line) > longest and not line.endswith(b"\n"):
                    self._pass_over_rest(stream)
                elif not line.endswith(b"\n"):
                    raise self._cut_off()
                yield line

    def document(self, most: int) -> bytes:
        """Give the whole body."""
        held = io.BytesIO()
        self.copy_to(held, most)
        return held.getvalue()

    def copy_to(self, file: IO[bytes], most: int) -> None:
        """Write the body to a file; more than ``most`` bytes, unpacked, are refused."""
        copied = 0
        with self._opened() as stream:
            while piece := stream.read(_BUFFER_BYTES):
                copied += len(piece)
                if copied > most:
                    raise SourceRefused(
                        f"{self._site}'s answer is longer than any that we expect: over {most:,} "
                        "bytes. Check the address that is set for it."
                    )
                file.write(piece)

    def _pass_over_rest(self, stream: _Readable) -> None:
        passed = 0
        while piece := stream.readline(_BUFFER_BYTES):
            if piece.endswith(b"\n"):
                return
            passed += len(piece)
            if passed > _MOST_PASSED_OVER_BYTES:
                raise SourceRefused(
                    f"{self._site} sends a line without end. Check the address that is set for it."
                )
        raise self._cut_off()

    def _cut_off(self) -> Hiccup:
        return Hiccup(f"{self._site}'s answer ends in the middle of a line")

    def _tells_its_end(self) -> bool:
        headers = self._response.headers
        is_chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        return is_chunked or "content-length" in headers or self._encoding() == "gzip"

    def _encoding(self) -> str:
        return self._response.headers.get("content-encoding", "").strip().lower() or "identity"

    @contextmanager
    def _opened(self) -> Iterator[_Readable]:
        # Unpacked here and not by httpx2, which unfolds whatever arrives at once to its full size.
        encoding = self._encoding()
        if encoding not in ("identity", "gzip"):
            raise SourceRefused(
                f"{self._site} packs its answer in a way that we did not ask for ({encoding})."
            )
        body = _Body(self._response.iter_raw(), self._site, self._on_bytes)
        raw: Stream = io.BufferedReader(body, _BUFFER_BYTES)
        try:
            yield gzip.GzipFile(fileobj=raw) if encoding == "gzip" else raw
        except EOFError as error:
            raise Hiccup(f"{self._site}'s answer was cut off") from error
        except (zlib.error, gzip.BadGzipFile) as error:
            raise Hiccup(f"{self._site}'s answer arrived damaged") from error


class _Body(io.RawIOBase):
    """The bytes of an answer as they arrive."""

    def __init__(self, chunks: Iterator[bytes], site: str, on_bytes: OnBytes) -> None:
        self._chunks = chunks
        self._site = site
        self._on_bytes = on_bytes
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        while not self._rest:
            try:
                chunk = next(self._chunks)
            except StopIteration:
                return 0
            except httpx2.TransportError as error:
                why = f"the connection to {self._site} broke ({type(error).__name__})"
                raise Hiccup(why) from error
            self._on_bytes(len(chunk))
            self._rest = memoryview(chunk)
        view = memoryview(buffer)
        size = min(len(view), len(self._rest))
        view[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
