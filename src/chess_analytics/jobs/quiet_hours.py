"""Hours of the day in which batch work rests. Pure."""

import re
from dataclasses import dataclass
from datetime import time

from chess_analytics.errors import ChessAnalyticsError

_SPAN = re.compile(r"\s*([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)\s*")


class QuietHoursUnclear(ChessAnalyticsError):
    """The text names no hours of a day."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Spans of the day, each from its first moment up to its last, which may lie beyond midnight.

    >>> QuietHours.parse("22:00-6:30").holds(time(23, 15))
    True
    """

    spans: tuple[tuple[time, time], ...] = ()

    @classmethod
    def parse(cls, text: str) -> "QuietHours":
        """Read spans such as ``8:00-18:00`` or ``8:00-12:00, 13:30-18:00``.

        Raises:
            QuietHoursUnclear: it is nothing like that.
        """
        found = [_SPAN.fullmatch(part) for part in text.split(",")]
        spans = tuple(_span(*map(int, span.groups())) for span in found if span)
        if len(spans) < len(found) or any(start == end for start, end in spans):
            raise QuietHoursUnclear(
                f"quiet hours look like 8:00-18:00, or several such with commas, not {text!r}"
            )
        return cls(spans)

    def holds(self, moment: time) -> bool:
        """Tell whether a time of day is quiet."""
        return any(_is_within(moment, start, end) for start, end in self.spans)


def _span(hour: int, minute: int, last_hour: int, last_minute: int) -> tuple[time, time]:
    return time(hour, minute), time(last_hour, last_minute)


def _is_within(moment: time, start: time, end: time) -> bool:
    if start < end:
        return start <= moment < end
    return moment >= start or moment < end
