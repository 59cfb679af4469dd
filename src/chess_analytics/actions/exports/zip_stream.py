"""A ZIP that is written and sent at the same time, and never whole anywhere."""

import time
import zipfile
from collections.abc import Iterable, Iterator

# Some dozen kilobytes go out at a time: less would cost a system call for every game.
PIECE_BYTES = 64 * 1024

_READABLE_BY_OWNER = 0o600 << 16
# A ZIP cannot tell an earlier time.
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def zip_pieces(members: Iterable[tuple[str, Iterable[bytes]]], *, at_ms: int) -> Iterator[bytes]:
    """Pack members, given as a name and the pieces of its content; each is read only once.

    ``at_ms`` is the time that the members bear.
    """
    sink = _Sink()
    moment = max(_EARLIEST, time.gmtime(at_ms / 1000)[:6])
    # A place that knows no way back is told by what it cannot do; then the sizes stand behind each
    # member.
    with zipfile.ZipFile(sink, "w") as archive:
        for name, pieces in members:
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _READABLE_BY_OWNER
            # Nobody knows yet whether it will be larger than the old format can say.
            with archive.open(entry, "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece)
                    if sink.size >= PIECE_BYTES:
                        yield sink.take()
    yield sink.take()


class _Sink:
    """Holds what was written until it is taken out."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, piece: bytes) -> int:
        self._pieces.append(piece)
        self.size += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Do nothing: what was written can be taken at any time."""

    def close(self) -> None:
        """Do nothing: what was written is to be taken still."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces, self.size = [], 0
        return taken
