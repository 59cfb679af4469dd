"""What to do about a finding: a value that a page can act on, and words made from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from chess_analytics.insights.cuts import Cut


class StepKind(StrEnum):
    """A kind of work on one's play."""

    STUDY_OPENING = "study the opening"
    MANAGE_CLOCK = "manage the clock"
    TAKE_TIME = "take more time"
    DECIDE_SOONER = "decide sooner"
    REST = "stop or rest sooner"
    STUDY_ENDGAME = "study the endgame"
    DRILL_PUNISHING = "drill answers to errors"
    DRILL_DEFENCE = "drill defence"
    DRILL_WINNING = "drill winning positions"
    STUDY_STRUCTURE = "study the structure"
    DRILL_POSITIONS = "drill these positions"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next; the positions to do it with are the finding's evidence."""

    kind: StepKind
    about: str
    """What the finding is about, in words."""
    drills: int
    """So many positions of one's own games are there to be drilled."""

    @property
    def words(self) -> str:
        return _SENTENCES[self.kind].format(about=self.about, drills=self.drills)


_SENTENCES: Mapping[StepKind, str] = MappingProxyType(
    {
        StepKind.STUDY_OPENING: "Look at this opening once more ({about}), beginning with the "
        "{drills} positions in which most was lost.",
        StepKind.MANAGE_CLOCK: "Spend less time early on, so that less has to be played like this "
        "({about}); then look at the {drills} worst moments.",
        StepKind.TAKE_TIME: "Take more time for such moves ({about}): look at the {drills} worst "
        "of them, and at what was left on the clock.",
        StepKind.DECIDE_SOONER: "Long thought does not help here ({about}): decide sooner, and "
        "look at the {drills} worst of these moves.",
        StepKind.REST: "Games are worse then ({about}): stop sooner, or take a break before the "
        "next.",
        StepKind.STUDY_ENDGAME: "Study this endgame ({about}) with the {drills} positions that "
        "were played worst.",
        StepKind.DRILL_PUNISHING: "Ask after every move of the opponent's what it gives away "
        "({about}); drill the {drills} chances that were missed.",
        StepKind.DRILL_DEFENCE: "Drill holding worse positions ({about}), beginning with these "
        "{drills}.",
        StepKind.DRILL_WINNING: "Drill winning better positions ({about}), beginning with these "
        "{drills}.",
        StepKind.STUDY_STRUCTURE: "Study plans for this kind of position ({about}) with the "
        "{drills} moments that cost most.",
        StepKind.DRILL_POSITIONS: "Drill the {drills} positions in which most was lost ({about}).",
    }
)

_BY_DIMENSION: Mapping[str, StepKind] = MappingProxyType(
    {
        "variation": StepKind.STUDY_OPENING,
        "opening": StepKind.STUDY_OPENING,
        "book_exit": StepKind.STUDY_OPENING,
        "book_leaver": StepKind.STUDY_OPENING,
        "clock_left": StepKind.MANAGE_CLOCK,
        "time_pressure": StepKind.MANAGE_CLOCK,
        "session_place": StepKind.REST,
        "streak": StepKind.REST,
        "rest": StepKind.REST,
        "hour": StepKind.REST,
        "day": StepKind.REST,
        "after_error": StepKind.DRILL_PUNISHING,
        "endgame": StepKind.STUDY_ENDGAME,
        "endgame_entered": StepKind.STUDY_ENDGAME,
        "structure": StepKind.STUDY_STRUCTURE,
        "castling": StepKind.STUDY_STRUCTURE,
        "opponent_castling": StepKind.STUDY_STRUCTURE,
        "queen_trade": StepKind.STUDY_STRUCTURE,
    }
)
"""In the order in which a cut by two dimensions is understood."""


_QUICK, _LESS_QUICK = "under 1 s", "1 to 3 s"


def next_step(cut: Cut, drills: int) -> NextStep:
    """Tell what to do about a cut in which much is lost, where so many positions show it."""
    return NextStep(_kind(cut), cut.words, drills)


def _kind(cut: Cut) -> StepKind:
    for dimension, kind in _BY_DIMENSION.items():
        if buckets := cut.names(dimension):
            return _told_apart(dimension, buckets, kind)
    if spent := cut.names("move_time"):
        is_quick = _QUICK in spent or spent == (_LESS_QUICK,)
        return StepKind.TAKE_TIME if is_quick else StepKind.DECIDE_SOONER
    if cut.names("phase") == ("endgame",):
        return StepKind.STUDY_ENDGAME
    return _by_standing((*cut.names("material"), *cut.names("evaluation")))


def _told_apart(dimension: str, buckets: tuple[str, ...], kind: StepKind) -> StepKind:
    """Keep advice to what it is about: only errors can be punished."""
    if dimension == "after_error" and buckets == ("no error",):
        return StepKind.DRILL_POSITIONS
    return kind


def _by_standing(buckets: tuple[str, ...]) -> StepKind:
    if any("behind" in each or each.startswith(("-", "below")) for each in buckets):
        return StepKind.DRILL_DEFENCE
    if any("ahead" in each or each.startswith("above") for each in buckets):
        return StepKind.DRILL_WINNING
    return StepKind.DRILL_POSITIONS
