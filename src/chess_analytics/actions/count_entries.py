"""Keep the counts of an import, and a list of what is not in the library, with the reason."""

import re
from collections import Counter

from chess_analytics.games.model import Broken, SetAside, known
from chess_analytics.store.import_problems import Problem
from chess_analytics.store.imports import Counts
from chess_analytics.store.texts import storable

MOST_PROBLEMS = 10_000
"""So many are listed; all are counted."""

MOST_REASONS = 50
"""So many reasons are told apart."""

OTHER_REASONS = "other reasons"

_MOVE = re.compile(r'move \d+ of (?:White|Black): ".*?"(?= )')
_LONGEST_NAME = 200
_LONGEST_TEXT = 500


class Tally:
    """The counts so far, and the problems that came since somebody took them."""

    def __init__(self, counts: Counts) -> None:
        self.added = counts.added
        self.already_there = counts.already_there
        self._set_aside = counts.set_aside
        self._broken = counts.broken
        self._reasons = Counter(counts.reasons)
        self._problems: list[Problem] = []

    def counts(self) -> Counts:
        """Give the counts as they are now."""
        return Counts(
            added=self.added,
            already_there=self.already_there,
            set_aside=self._set_aside,
            broken=self._broken,
            reasons=dict(self._reasons.most_common()),
        )

    def take_problems(self) -> list[Problem]:
        """Give the problems since the last time."""
        problems, self._problems = self._problems, []
        return problems

    def leave_out(self, entry: SetAside | Broken) -> None:
        """Count an entry that does not come into the library."""
        if isinstance(entry, SetAside):
            self._set_aside += 1
        else:
            self._broken += 1
        reason = kind_of_reason(entry)
        is_new = reason not in self._reasons and len(self._reasons) >= MOST_REASONS
        self._reasons[OTHER_REASONS if is_new else reason] += 1
        left_out = self._set_aside + self._broken
        if left_out <= MOST_PROBLEMS:
            self._problems.append(_problem(entry, self.added + self.already_there + left_out))


def kind_of_reason(entry: SetAside | Broken) -> str:
    """Name a reason so that many entries have the same: without the move, the line, the FEN.

    >>> from chess_analytics.games.model import Place
    >>> where = Place("a.pgn", 1, 1)
    >>> kind_of_reason(Broken(where, 'move 3 of White: "Nf9" is not a legal move here', 7, {}))
    'a written move is not a legal move here'
    """
    reason = storable(entry.reason)
    if isinstance(entry, Broken):
        reason = _MOVE.sub("a written move", reason)
        reason = re.split(r"[:;(]", reason, maxsplit=1)[0].rstrip()
    return reason[:_LONGEST_TEXT]


def _problem(entry: SetAside | Broken, ordinal: int) -> Problem:
    match entry:
        case SetAside():
            kind, detail, line = "set_aside", entry.detail, entry.place.line
        case Broken():
            kind, detail, line = "broken", "", entry.line or entry.place.line
    return Problem(
        ordinal=ordinal,
        kind=kind,
        reason=storable(entry.reason[:_LONGEST_TEXT]),
        detail=storable(detail[:_LONGEST_TEXT]),
        source=storable(entry.place.source[:_LONGEST_TEXT]),
        number=entry.place.number,
        line=line,
        white=_name(entry.headers.get("White")),
        black=_name(entry.headers.get("Black")),
    )


def _name(value: str | None) -> str | None:
    name = known(value)
    return storable(name[:_LONGEST_NAME]) if name else None
