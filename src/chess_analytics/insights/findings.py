"""What costs a player most: cuts of the moves in which more is lost than elsewhere.

    report = find(facts, Asked(span=Span(since_ms=...)))
    for finding in report.findings: print(finding.cut.words, finding.points_a_month)

Every cut that is large enough is compared with the player's other moves (`excess.py`). Those remain
that are significant with all the others tested (Benjamini and Hochberg at the rate asked for; were
there nothing to find, so many players in a hundred would be told of something). Cuts overlap:
the one of which most is certain is taken, its moves are put aside, and the others must still be
significant without them; those that are not are merged into it. What is left is ranked by excess.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from chess_analytics.insights.comparing import (
    LevelComparison,
    PastComparison,
    Reference,
    halves,
    other_side,
    with_level,
    with_opponents,
    with_past,
)
from chess_analytics.insights.confidence import benjamini_hochberg
from chess_analytics.insights.cuts import PAIRS, SINGLE, STEPPED, Cut, all_cuts
from chess_analytics.insights.dimensions import DIMENSIONS, Level
from chess_analytics.insights.evidence import Evidence, evidence
from chess_analytics.insights.excess import LEAST_GAMES, LEAST_MOVES, Excess
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import LossTable, Span, excesses_of, loss_table
from chess_analytics.insights.months import months, played_ms
from chess_analytics.insights.next_step import NextStep, next_step

FALSE_DISCOVERY_RATE = 0.10
MOST_FINDINGS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be found."""

    span: Span = field(default_factory=Span)
    rate: float = FALSE_DISCOVERY_RATE
    """Of the findings, so many are expected to be false at most."""
    most: int = MOST_FINDINGS
    split_ms: int | None = None
    """Where the player's past ends; absent: in the middle of the games."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that costs the player more than it needs to."""

    cut: Cut
    excess: Excess
    adjusted_p: float
    """Of the comparison, with all the others that were made."""
    points_a_month: float
    """Excess loss of winning chance in an average month; 100 points are a game."""
    merged: tuple[Cut, ...]
    """Other ways to see the same moves: significant, but not without them."""
    evidence: Evidence
    step: NextStep
    past: PastComparison | None
    """Absent where there is too little before or after."""
    opponents: LevelComparison | None
    level: LevelComparison | None
    """Absent until somebody has players of the same level to compare with: `at_level`."""

    @property
    def is_own(self) -> bool | None:
        """Tell whether the opponents lose less there, surely enough.

        Some parts of the game are harder for everybody: the middlegame, long thought. What is not
        the player's own may be that. Absent where too little is known of the opponents.
        """
        return None if self.opponents is None else self.opponents.low > 0


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found, and in how much."""

    findings: tuple[Finding, ...]
    """The one that costs most first."""
    cuts: int
    """Cuts that were large enough to be compared."""
    moves: int
    games: int
    loss: float
    """Points lost a move, over all."""
    months: float
    """Between the first and the last of the games, but one at least."""
    rate: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """A cut that was compared."""

    cut: Cut
    excess: Excess
    adjusted_p: float = 1.0


_Chosen = tuple[_Seen, tuple[Cut, ...]]
"""A cut that is shown, and those that were merged into it."""


def find(facts: Facts, asked: Asked | None = None) -> Findings:
    """Find what costs the player most."""
    asked = asked or Asked()
    table = loss_table(facts, asked.span)
    seen = _compare(table, tuple(_cuts(table)))
    adjusted = benjamini_hochberg([each.excess.p for each in seen])
    seen = [replace(each, adjusted_p=p) for each, p in zip(seen, adjusted, strict=True)]
    chosen = _without_overlap(table, [each for each in seen if each.adjusted_p <= asked.rate])
    chosen.sort(key=lambda pair: -pair[0].excess.points)
    played = played_ms(table.facts.games, table.game)
    return Findings(
        findings=_described(table, asked, chosen[: asked.most], played),
        cuts=len(seen),
        moves=len(table.rows),
        games=int(np.count_nonzero(table.whole.moves)),
        loss=float(table.loss.mean()) if len(table.loss) else 0.0,
        months=months(played),
        rate=asked.rate,
    )


def at_level(found: Findings, reference: Reference, own: LossTable) -> Findings:
    """Compare findings with players of the same level.

    ``own`` holds the player's moves in games like those that the others were measured in.
    """
    mine = excesses_of(own, [each.cut for each in found.findings])
    compared = (
        replace(each, level=with_level(reference, each.cut, excess) if excess else None)
        for each, excess in zip(found.findings, mine, strict=True)
    )
    return replace(found, findings=tuple(compared))


def _cuts(table: LossTable) -> Iterator[Cut]:
    """Give the cuts that there can be enough of; steps stay complete, so that runs have no gap."""
    names = {*SINGLE, *STEPPED, *(name for pair in PAIRS for name in pair)}
    table.look_up(names)
    labels = {
        name: table.labels(name) if name in STEPPED else _frequent(table, name) for name in names
    }
    return all_cuts(labels)


def _frequent(table: LossTable, name: str) -> Sequence[str]:
    coded = table.coded(name)
    least = LEAST_GAMES if DIMENSIONS[name].level is Level.GAMES else LEAST_MOVES
    counted = np.bincount(coded.codes[coded.codes >= 0], minlength=len(coded.labels))
    return [label for label, count in zip(coded.labels, counted, strict=True) if count >= least]


def _compare(table: LossTable, cuts: Sequence[Cut]) -> list[_Seen]:
    pairs = zip(cuts, excesses_of(table, cuts), strict=True)
    return [_Seen(cut, measured) for cut, measured in pairs if measured is not None]


def _without_overlap(table: LossTable, significant: list[_Seen]) -> list[_Chosen]:
    """Take one cut after another, each time without the moves of those already taken."""
    if not significant:
        return []
    limit = max(each.excess.p for each in significant)
    first = {each.cut: each for each in significant}
    taken: list[_Chosen] = []
    left, open_ = table, significant
    while open_:
        best = max(open_, key=lambda each: each.excess.certainty)
        rest = left.without(left.holds(best.cut))
        others = [each.cut for each in open_ if each.cut != best.cut]
        still = [each for each in _compare(rest, others) if each.excess.p <= limit]
        still_cuts = {each.cut for each in still}
        merged = tuple(cut for cut in others if cut not in still_cuts)
        taken.append((first[best.cut], merged))
        left, open_ = rest, still
    return taken


def _described(
    table: LossTable, asked: Asked, chosen: Sequence[_Chosen], played: Sequence[int]
) -> tuple[Finding, ...]:
    """Put beside each cut what it is shown with."""
    if not chosen:
        return ()
    cuts = [seen.cut for seen, _ in chosen]
    past = _past(table.facts, asked, cuts, played)
    theirs = excesses_of(loss_table(other_side(table.facts), asked.span), cuts)
    return tuple(
        Finding(
            cut=seen.cut,
            excess=seen.excess,
            adjusted_p=seen.adjusted_p,
            points_a_month=seen.excess.points / months(played),
            merged=merged,
            evidence=(shown := evidence(table, table.holds(seen.cut))),
            step=next_step(seen.cut, len(shown.moves)),
            past=before,
            opponents=with_opponents(seen.excess, others),
            level=None,
        )
        for (seen, merged), before, others in zip(chosen, past, theirs, strict=True)
    )


def _past(
    facts: Facts, asked: Asked, cuts: Sequence[Cut], played: Sequence[int]
) -> list[PastComparison | None]:
    split_ms = asked.split_ms if asked.split_ms is not None else _middle(played)
    if split_ms is None:
        return [None] * len(cuts)
    parts = halves(facts, asked.span, split_ms)
    pairs = zip(*(excesses_of(each, cuts) for each in parts), strict=True)
    return [with_past(before, after, split_ms) for before, after in pairs]


def _middle(played: Sequence[int]) -> int | None:
    return played[len(played) // 2] if played else None
