"""Facts as records of fixed width: packed one game at a time, read ten thousand at once.

The stored form of one run is two byte strings, both little-endian and without gaps: one record for
the game, and one for each ply. Absent is NaN in a number, and the greatest value of an unsigned, or
the least of a signed whole number; a word is its place in the column's list of words.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chess_analytics.games.model import Side
from chess_analytics.insights.columns import (
    FACTS_VERSION,
    GAME_COLUMNS,
    MOVE_COLUMNS,
    SIDE_COLUMNS,
    Column,
    Kind,
)

Records = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class PackedFacts:
    """The facts that one run leaves behind, as they are stored."""

    game: bytes
    moves: bytes
    version: int = FACTS_VERSION


def absent(type_: str) -> float:
    """Give the stored value that says that nothing is known."""
    dtype = np.dtype(type_)
    if dtype.kind == "f":
        return float("nan")
    bounds = np.iinfo(dtype)
    return int(bounds.max if dtype.kind == "u" else bounds.min)


def _stored(column: Column) -> Callable[[Any], float]:
    nothing = absent(column.type)
    if column.kind is Kind.WORD:
        codes: dict[str | None, float] = {word: code for code, word in enumerate(column.words)}
        codes[None] = nothing
        return codes.__getitem__
    return lambda value: nothing if value is None else value


class RecordType:
    """A record that has a field for each of some columns."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._stored = [(column.name, _stored(column)) for column in columns]
        self.dtype = np.dtype([(column.name, "<" + column.type) for column in columns])

    def pack(self, rows: Sequence[object]) -> bytes:
        """Write objects whose attributes are named like the columns."""
        records = np.empty(len(rows), dtype=self.dtype)
        for name, stored in self._stored:
            records[name] = [stored(getattr(row, name)) for row in rows]
        return records.tobytes()


MOVE_RECORD = RecordType(MOVE_COLUMNS)
SHARED_RECORD = RecordType(GAME_COLUMNS)
SIDE_RECORD = RecordType(SIDE_COLUMNS)

# A game's record: what both sides share, then White's side, then Black's.
_GAME = np.dtype(
    [
        ("game", SHARED_RECORD.dtype),
        (Side.WHITE.value, SIDE_RECORD.dtype),
        (Side.BLACK.value, SIDE_RECORD.dtype),
    ]
)


def read_moves(packed: Iterable[bytes]) -> Records:
    """Read the moves of many runs, one after another."""
    return np.frombuffer(b"".join(packed), dtype=MOVE_RECORD.dtype)


def read_games(packed: Iterable[bytes]) -> Records:
    """Read the records of many games, with the fields ``game``, ``white`` and ``black``."""
    return np.frombuffer(b"".join(packed), dtype=_GAME)
