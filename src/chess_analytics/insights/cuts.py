"""Which parts of a player's moves are looked at when it is asked what costs most.

A cut is what one or two filters let through. Dimensions that tell how a move or a game turned out
(its loss, accuracy, label, the result, the length of the game) are left out, since bad moves are
found there by definition; so are those that the passing of time decides (month, year), which trends
answer; the difficulty of a position, which is mostly known where a search was worth the while; and
the share of the clock spent, which is great where a position is hard (`clock_use.py` looks at it).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.question import Filter

_FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of the player's moves: those that pass all of these filters."""

    filters: tuple[Filter, ...]

    @property
    def words(self) -> str:
        """Say what is cut out, as «Clock left: under 5 s; Phase: endgame»."""
        return "; ".join(_words(each) for each in self.filters)

    def names(self, dimension: str) -> tuple[str, ...]:
        """Give the buckets of a dimension that pass; none where the cut does not speak of it."""
        found = (each.buckets for each in self.filters if each.dimension == dimension)
        return next(found, ())


SINGLE = (
    "speed",
    "color",
    "opening",
    "variation",
    "opponent_strength",
    "castling",
    "opponent_castling",
    "queen_trade",
    "day",
    "hour",
    "structure",
    "book_leaver",
    "endgame_entered",
    "phase",
    "piece",
    "captured",
    "check",
    "endgame",
    "after_error",
    "material",
    "evaluation",
)
"""Dimensions that are looked at bucket by bucket."""

STEPPED = (
    "session_place",
    "streak",
    "rest",
    "book_exit",
    "move_time",
    "clock_left",
    "time_pressure",
    "pieces",
    "move_number",
)
"""Dimensions of steps: also everything up to a step, and everything from a step on."""

PAIRS = (
    ("opening", "color"),
    ("variation", "color"),
    ("color", "phase"),
    ("speed", "phase"),
    ("phase", "piece"),
    ("phase", "clock_left"),
    ("after_error", "phase"),
    ("structure", "phase"),
    ("queen_trade", "phase"),
)
"""Dimensions that are looked at together, bucket by bucket."""


def all_cuts(labels: dict[str, Sequence[str]]) -> Iterator[Cut]:
    """Give every cut, where the dimensions have these buckets."""
    for name in (*SINGLE, *STEPPED):
        yield from (Cut((Filter(name, (label,)),)) for label in labels[name])
    for name in STEPPED:
        yield from (Cut((Filter(name, run),)) for run in _runs(labels[name]))
    for first, second in PAIRS:
        for one in labels[first]:
            yield from (
                Cut((Filter(first, (one,)), Filter(second, (other,)))) for other in labels[second]
            )


def _runs(labels: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Give the beginnings and ends of a row of steps that have more than one, and not all."""
    for length in range(2, len(labels)):
        yield tuple(labels[:length])
        yield tuple(labels[-length:])


def _words(wanted: Filter) -> str:
    name, buckets = DIMENSIONS[wanted.dimension].name, wanted.buckets
    if len(buckets) > _FEW_WORDS:
        return f"{name}: {buckets[0]} … {buckets[-1]}"
    *most, last = buckets
    return f"{name}: {', '.join(most)} or {last}" if most else f"{name}: {last}"
