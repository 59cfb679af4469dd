"""Hand out the lines of a PGN text: whole, clean, bounded, and with a look ahead."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Self

# A game of 600 plies with an evaluation, a clock and a variation at every move takes about
# 100 KB; ten times that is no game, and must not fill the memory.
MAX_GAME_CHARS = 1_000_000
# A line costs more memory than its characters; the same game has 1,300 with each move on its own.
MAX_GAME_LINES = 100_000


class Lines(Iterator[str]):
    """The lines of a text, each with its line end; ``number`` counts them from 1.

    Items of ``source`` that have no line end are pieces of one line: so an endless line can be
    read in bounded pieces. Of a line longer than MAX_GAME_CHARS only the start is handed out,
    and ``overlong`` says so.
    """

    def __init__(self, source: Iterable[str]) -> None:
        self.number = 0
        self.overlong = False
        self._source = _whole_lines(source)
        self._ahead: deque[tuple[str, bool]] = deque()
        self._failure: Exception | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        if self._ahead:
            line, self.overlong = self._ahead.popleft()
        elif self._failure:
            raise self._failure
        else:
            line, self.overlong = next(self._source)
        self.number += 1
        return line

    def closes_comment(self, line: str) -> bool:
        """Tell if a comment that is open at ``line`` ends by itself, here or further on.

        It does not if another comment opens first, or if nothing ends it within a game's length.
        """
        seen = 0
        position = 0
        while True:
            opens, closes = line.find("{"), line.find("}")
            if opens >= 0 or closes >= 0:
                return closes >= 0 and (opens < 0 or closes < opens)
            seen += len(line)
            is_too_far = seen > MAX_GAME_CHARS or position > MAX_GAME_LINES
            if is_too_far or not self._reach(position):
                return False
            line = self._ahead[position][0]
            position += 1

    def _reach(self, position: int) -> bool:
        """Read ahead until there is a line at ``position``; tell if there is one."""
        while len(self._ahead) <= position and self._failure is None:
            try:
                self._ahead.append(next(self._source))
            except StopIteration:
                return False
            except Exception as failure:  # noqa: BLE001 - it is raised when its turn has come
                self._failure = failure
        return len(self._ahead) > position


def _whole_lines(source: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Join pieces to lines; of an overlong one give the start, and say so."""
    pieces: list[str] = []
    size = 0
    for piece in _pieces(source):
        if size <= MAX_GAME_CHARS:
            pieces.append(piece)
        size += len(piece)
        if piece.endswith("\n"):
            yield _clean("".join(pieces)), size > MAX_GAME_CHARS
            pieces, size = [], 0
    if pieces:
        yield _clean("".join(pieces)), size > MAX_GAME_CHARS


def _pieces(source: Iterable[str]) -> Iterator[str]:
    r"""Split where a line ends, whatever its end: only the last character of a piece is ``\n``."""
    for item in source:
        text = item.replace("\r\n", "\n").replace("\r", "\n") if "\r" in item else item
        if 0 <= text.find("\n") < len(text) - 1:
            *lines, rest = text.split("\n")
            yield from (line + "\n" for line in lines)
            if rest:
                yield rest
        else:
            yield text


def _clean(line: str) -> str:
    # Databases refuse NUL in a text, and no PGN needs it.
    if "\0" in line:
        line = line.replace("\0", "\ufffd")
    # Files that were glued together have this mark in the middle.
    return line.lstrip("\ufeff") if line.startswith("\ufeff") else line
