"""Every label and every rule that gives one, as data: what it is called and what a player reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

Number = float | int | str


class LabelKind(StrEnum):
    """What a player sees beside a move: Lichess's three judgments, and the classes around them."""

    BRILLIANT = "brilliant"
    GREAT = "great"
    BEST = "best"
    EXCELLENT = "excellent"
    GOOD = "good"
    BOOK = "book"
    FORCED = "forced"
    INACCURACY = "inaccuracy"
    MISTAKE = "mistake"
    MISS = "miss"
    BLUNDER = "blunder"


@dataclass(frozen=True, slots=True)
class Label:
    """A label, the rule that gave it, and the numbers that met the rule."""

    kind: LabelKind
    rule: str
    numbers: tuple[tuple[str, Number], ...]
    text: str
    """The rule's sentence with these numbers, in English."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to earn a label."""

    id: str
    kind: LabelKind
    sentence: str
    """What a player reads; its fields are the names of the label's numbers."""

    def label(self, **numbers: Number) -> Label:
        """Give the label with the numbers that met the rule; a chance is in percent."""
        return Label(self.kind, self.id, tuple(numbers.items()), self.sentence.format(**numbers))


_FELL = (
    "The winning chance falls from {win_before:.0f} % to {win_after:.0f} %, by {loss:.1f} points; "
    "from {limit:g} on that is "
)
_MATE_ALLOWED = "It lets the opponent force mate in {mate}"
_MATE_LOST = "A forced mate in {mate} is gone"
_BEHIND = ", though the game was nearly lost before it ({pawns:+.1f})."
_AHEAD = ", though the advantage stays great ({pawns:+.1f})."

_ALL = (
    Rule("checkmate", LabelKind.BEST, "Checkmate."),
    Rule("forced", LabelKind.FORCED, "The only legal move."),
    Rule("book", LabelKind.BOOK, "A known opening move: {opening}."),
    Rule(
        "sacrifice",
        LabelKind.BRILLIANT,
        "It offers pieces worth {pawns} pawns and still leaves a winning chance of "
        "{win_after:.0f} %; the best other move gives {alternative:.0f} %.",
    ),
    Rule(
        "only move",
        LabelKind.GREAT,
        "The only good move: it keeps {win_after:.0f} %, the next best leaves {alternative:.0f} %.",
    ),
    Rule("first choice", LabelKind.BEST, "The engine's first choice."),
    Rule(
        "first choice, doubted",
        LabelKind.BEST,
        "The engine's first choice, though one move later it sees {loss:.1f} points less in it.",
    ),
    Rule(
        "hardly any loss",
        LabelKind.EXCELLENT,
        "It gives up {loss:.1f} points of winning chance, less than {limit:g}.",
    ),
    Rule(
        "small loss",
        LabelKind.GOOD,
        "It gives up {loss:.1f} points of winning chance; from {limit:g} on it would be "
        "an inaccuracy.",
    ),
    Rule(
        "chance given back",
        LabelKind.MISS,
        "The opponent's {error} raised the winning chance to {win_before:.0f} %; "
        "this brings it back to {win_after:.0f} %.",
    ),
    Rule(
        "win missed",
        LabelKind.MISS,
        "A winning position ({win_before:.0f} %) becomes an open one ({win_after:.0f} %).",
    ),
    Rule(
        "mate missed",
        LabelKind.MISS,
        _MATE_LOST + "; a winning chance of {win_after:.0f} % is left.",
    ),
    Rule("inaccuracy", LabelKind.INACCURACY, _FELL + "an inaccuracy."),
    Rule("mistake", LabelKind.MISTAKE, _FELL + "a mistake."),
    Rule("blunder", LabelKind.BLUNDER, _FELL + "a blunder."),
    Rule("mate allowed, inaccuracy", LabelKind.INACCURACY, _MATE_ALLOWED + _BEHIND),
    Rule("mate allowed, mistake", LabelKind.MISTAKE, _MATE_ALLOWED + _BEHIND),
    Rule("mate allowed, blunder", LabelKind.BLUNDER, _MATE_ALLOWED + "."),
    Rule("mate lost, inaccuracy", LabelKind.INACCURACY, _MATE_LOST + _AHEAD),
    Rule("mate lost, mistake", LabelKind.MISTAKE, _MATE_LOST + _AHEAD),
    Rule("mate lost, blunder", LabelKind.BLUNDER, _MATE_LOST + "."),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in _ALL})
