"""Take the games out of a JSON document one after the other, in bounded memory.

The library's own way to a value joins the names of all that is around it, level by level: a
document of 1 MB that is nothing but brackets would take 20 GB.
"""

from collections.abc import Iterator
from typing import Protocol

import ijson  # type: ignore[import-untyped]

from chess_analytics.sources.compression import DamagedInput

# A game of Lichess with analysis at every move takes 100 KB, 10,000 parts and 5 levels.
MOST_PARTS = 50_000
"""Values, names and brackets in one game."""
MOST_LEVELS = 50
"""Brackets around one value."""

_OPENS = frozenset({"start_map", "start_array"})
_CLOSES = frozenset({"end_map", "end_array"})


class Readable(Protocol):
    """What we need of an open file."""

    def read(self, size: int = -1, /) -> bytes: ...


def json_values(stream: Readable, path: list[str], *, most_bytes: int) -> Iterator[object]:
    """Yield the values at a path: ``[]`` for all at the top, ``["games", "item"]`` for a list.

    Raises:
        DamagedInput: a value is larger than any game.
        ijson.JSONError, ValueError, OverflowError: this is no JSON.
    """
    metered = _Metered(stream, most_bytes)
    levels = _Levels()
    builder, parts = None, 0
    # An array in an array has no place in an export; several objects in a row may have.
    for event, content in ijson.basic_parse(metered, use_float=True, multiple_values=not path):
        is_at_path = levels.names == path
        levels.step(event, content)
        if builder is None and is_at_path and event not in _CLOSES:
            builder, parts = ijson.ObjectBuilder(), 0
        if builder is None:
            continue
        builder.event(event, content)
        parts += 1
        if len(levels.names) == len(path):
            metered.spent = 0
            yield builder.value
            builder = None
        elif parts > MOST_PARTS:
            raise DamagedInput(f"one JSON value has more parts than any game: over {MOST_PARTS:,}")


class _Levels:
    """What the brackets are called that are open around a value: a name, or ``item`` in a list."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def step(self, event: str, content: object) -> None:
        if event in _OPENS:
            self.names.append("item" if event == "start_array" else "")
        elif event in _CLOSES:
            self.names.pop()
        elif event == "map_key":
            self.names[-1] = str(content)
        if len(self.names) > MOST_LEVELS:
            raise DamagedInput(
                f"the JSON is nested deeper than any game: over {MOST_LEVELS} levels"
            )


class _Metered:
    """Stops a JSON value that has no end: ``spent`` is set back whenever one is complete."""

    def __init__(self, stream: Readable, most_bytes: int) -> None:
        self._stream = stream
        self._most_bytes = most_bytes
        self.spent = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self.spent += len(data)
        if self.spent > self._most_bytes:
            limit = f"{self._most_bytes:,} bytes"
            raise DamagedInput(f"one JSON value is longer than any game: over {limit}")
        return data
