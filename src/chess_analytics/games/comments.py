"""Read what comments say to programs: clocks, times spent and evaluations."""

import re
from dataclasses import dataclass
from functools import lru_cache

from chess_analytics.games.model import SuppliedEvaluation

_COMMAND = re.compile(r"\[%(clk|emt|eval)\s+([^\]\s]+)\s*\]")
_TIME = re.compile(r"(?:(\d{1,5}):)?(\d{1,4}):(\d{1,2}(?:\.\d{0,9})?)")
_EVALUATION = re.compile(
    r"(?:[#M](?P<mate>[+-]?\d{1,4})|(?P<pawns>[+-]?(?:\d{1,5}(?:\.\d{0,9})?|\.\d{1,9})))"
    r"(?:,(?P<depth>\d{1,4}))?"
)
# Possessive and from a word's start only, so that no text costs quadratic time.
_BETTER = re.compile(r"(?<![\w=+#-])([\w=+#-]++)\s++was\s++best\.")

# As long as a comment that says a clock alone: [%clk 0:02:59.9].
_CLOCK_CHARS = 20


@dataclass(frozen=True, slots=True)
class Notes:
    """What the comments after one move tell."""

    clock_s: float | None = None
    elapsed_s: float | None = None
    supplied: SuppliedEvaluation | None = None


def read_notes(comment: str) -> Notes:
    """Read the first clock, time spent and evaluation in a move's comments.

    Numbers that make no sense are left out: the game itself is not worse for them.
    """
    if "[%" not in comment:
        return _NOTHING
    return _known_notes(comment) if len(comment) <= _CLOCK_CHARS else _notes(comment)


def _notes(comment: str) -> Notes:
    clock = elapsed = supplied = None
    for command in _COMMAND.finditer(comment):
        name, value = command.groups()
        if name == "clk":
            clock = _seconds(value) if clock is None else clock
        elif name == "emt":
            elapsed = _seconds(value) if elapsed is None else elapsed
        else:
            supplied = supplied or _evaluation(value)
    return Notes(clock, elapsed, supplied)


# A few thousand clocks are all that games have.
_known_notes = lru_cache(maxsize=16_384)(_notes)


def better_move(comment: str) -> str | None:
    """Give the move of «Mistake. h4 was best.», as Lichess says it, in its spelling."""
    found = _BETTER.search(comment) if "best." in comment else None
    return found[1] if found else None


def _seconds(value: str) -> float | None:
    """Read H:MM:SS, with parts of a second or without; hours may be missing."""
    time = _TIME.fullmatch(value)
    if time is None:
        return None
    hours, minutes, seconds = time.groups()
    # Rounded, so that 1:53.79 is 113.79 and not 113.78999999999999.
    return round(int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds), 3)


def _evaluation(value: str) -> SuppliedEvaluation | None:
    """Read pawns or ``#`` and a mate, White's view, with ``,depth`` or without."""
    found = _EVALUATION.fullmatch(value)
    if found is None:
        return None
    depth = int(found["depth"]) if found["depth"] else None
    if found["pawns"] is not None:
        return SuppliedEvaluation(round(float(found["pawns"]) * 100), None, depth)
    # A position that is mate already has no evaluation.
    mate = int(found["mate"])
    return SuppliedEvaluation(None, mate, depth) if mate else None


_NOTHING = Notes()
