"""Facts as records of fixed width: written one game at a time, read ten thousand at once.

The stored form of one run is two byte strings, both little-endian and without gaps: one record for
the game, and one for each ply. Absent is NaN in a number, and the greatest value of an unsigned, or
the least of a signed whole number; a word is its place in the column's list of words.
"""

import operator
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chess_analytics.insights.columns import (
    FACTS_VERSION,
    GAME_COLUMNS,
    MOVE_COLUMNS,
    SIDE_COLUMNS,
    Column,
    Kind,
)
from chess_analytics.insights.rows import GameFacts

# The stored types as the module struct names them.
_FORMATS = {"u1": "B", "u2": "H", "u4": "I", "u8": "Q", "i1": "b", "i2": "h", "f4": "f"}
_BITS = 8


@dataclass(frozen=True, slots=True)
class PackedFacts:
    """The facts that one run leaves behind, as they are stored."""

    game: bytes
    """What both sides share, then White's side, then Black's."""
    moves: bytes
    version: int = FACTS_VERSION


def pack(facts: GameFacts) -> PackedFacts:
    """Write the facts of a game as they are stored."""
    game = _SHARED.pack(facts.shared) + _SIDE.pack(facts.white) + _SIDE.pack(facts.black)
    return PackedFacts(game, b"".join(_MOVE.pack(move) for move in facts.moves))


def absent(type_: str) -> float:
    """Give the stored value that says that nothing is known."""
    kind, bits = type_[0], _BITS * int(type_[1:])
    match kind:
        case "f":
            return float("nan")
        case "u":
            return (1 << bits) - 1
        case _:
            return -(1 << (bits - 1))


class _Record:
    """Writes objects that have an attribute for each column."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._read = operator.attrgetter(*(column.name for column in columns))
        self._stored = [_stored(column) for column in columns]
        formats = "".join(_FORMATS[column.type] for column in columns)
        self._struct = struct.Struct(f"<{formats}")

    def pack(self, row: object) -> bytes:
        values = zip(self._stored, self._read(row), strict=True)
        return self._struct.pack(*(stored(value) for stored, value in values))


def _stored(column: Column) -> Callable[[Any], float]:
    nothing = absent(column.type)
    if column.kind is Kind.WORD:
        codes: dict[str | None, float] = {word: code for code, word in enumerate(column.words)}
        codes[None] = nothing
        return codes.__getitem__
    return lambda value: nothing if value is None else value


_MOVE = _Record(MOVE_COLUMNS)
_SHARED = _Record(GAME_COLUMNS)
_SIDE = _Record(SIDE_COLUMNS)
