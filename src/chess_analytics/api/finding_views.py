"""How findings look in answers."""

from chess_analytics.api.view import View
from chess_analytics.insights.comparing import LevelComparison, PastComparison
from chess_analytics.insights.evidence import Evidence
from chess_analytics.insights.excess import Excess
from chess_analytics.insights.next_step import StepKind
from chess_analytics.insights.question import Filter


class CutView(View):
    """A part of the player's moves: those that pass all of these filters."""

    words: str
    """Such as «Clock left: under 5 s; Phase: endgame»."""
    filters: tuple[Filter, ...]


class StepView(View):
    """What to do next; the positions to do it with are the finding's evidence."""

    kind: StepKind
    words: str
    about: str
    """What the finding is about, in words."""
    drills: int
    """So many positions of one's own games are there to be drilled."""


class FindingView(View):
    """One thing that costs the player more than it needs to."""

    cut: CutView
    excess: Excess
    adjusted_p: float
    """Of the comparison, with all the others that were made."""
    points_a_month: float
    """Excess loss of winning chance in an average month; 100 points are a game."""
    is_own: bool | None
    """The opponents surely lose less there; where they may not, that part of the game may be hard
    for everybody. Null where too little is known of them."""
    merged: tuple[CutView, ...]
    """Other ways to see the same moves: significant, but not without them."""
    evidence: Evidence
    step: StepView
    past: PastComparison | None
    """Null where there is too little before or after."""
    opponents: LevelComparison | None
    level: LevelComparison | None
    """With other users of the same level, where the operator allows it and ten of them play there
    enough; only games of one speed on one site count in it."""


class FindingsView(View):
    """What was found, and in how much."""

    findings: tuple[FindingView, ...]
    """The one that costs most first."""
    cuts: int
    """Parts of the moves that were large enough to be compared."""
    moves: int
    games: int
    loss: float
    """Points of winning chance lost a move, over all."""
    months: float
    """Between the first and the last of the games, but one at least."""
    rate: float
    """Of what is found, such a share is expected to be chance at most."""
