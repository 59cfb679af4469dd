"""Tell what a machine said of a move in a PGN from what a person said, who may sound the same."""

import re
from collections.abc import Collection
from dataclasses import dataclass

# Numeric annotation glyphs of the PGN standard.
MISTAKE, BLUNDER, INACCURACY = 2, 4, 6
BLAME = frozenset({MISTAKE, BLUNDER, INACCURACY})

_GLYPHS = {"Inaccuracy": INACCURACY, "Mistake": MISTAKE, "Blunder": BLUNDER}

EVAL = re.compile(r"\[%eval\b[^\]]{0,60}\]")

# What Lichess says of a move when it exports an analysis (lila, Advice.scala), old and new.
_CHANGE = r"(?:\([^()→]{0,40}→[^()→]{0,40}\)\s)?"
_WORD = (
    r"(?P<word>Inaccuracy|Mistake|Blunder|Checkmate is now unavoidable"
    r"|Lost forced checkmate sequence|Not the best checkmate sequence)\."
)
_BEST = r"(?:\s(?P<best>\S+) was best\.|\sBest move was:? \S+)"
_END = r"(?!\S)"
_COMMANDS = r"(?P<commands>(?:\[%[^\]]{0,1000}\]\s?)*+)"

_LEADING = re.compile(rf"^{_COMMANDS}{_CHANGE}{_WORD}{_BEST}?{_END}")
_LEADING_BETTER = re.compile(rf"^{_COMMANDS}[KQRBNOa-h]\S* was best\.{_END}")
_TRAILING = re.compile(rf"(?<!\S){_CHANGE}{_WORD}{_BEST}$")
_WHOLE = re.compile(rf"(?<!\S){_CHANGE}{_WORD}{_BEST}{_END}")
# A word alone is a sentence only where the one before it has ended: «That was no Mistake.»
_SENTENCE = re.compile(rf"(?<=[.!?)\]]\s){_CHANGE}{_WORD}{_END}")


@dataclass(frozen=True, slots=True)
class Ply:
    """What a PGN has on one move beside the comment."""

    is_evaluated: bool
    """By somebody before us, so that a machine has been here."""
    glyphs: Collection[int]
    alternatives: Collection[str]
    """The first moves of its variations, SAN."""


def without_verdicts(comment: str, ply: Ply) -> tuple[str, bool]:
    """Take a machine's sentences out of a comment without ``[%eval]``; tell if a machine blamed.

    A verdict of Lichess at the head of a comment is a machine's. So is one at its end, if the
    move's glyph and a variation say the same: thus it looks where we added it to a person's words.
    Elsewhere, verdicts are a machine's only if the move is evaluated.
    """
    text, before = " ".join(comment.split()), None
    blamed = ply.is_evaluated
    # What stood apart may be a verdict when what stood between is gone.
    while text != before:
        before = text
        rest = _LEADING.sub(r"\g<commands>", text)
        rest = _without_ours(rest.strip(), ply)
        blamed = blamed or rest != text
        if ply.is_evaluated:
            rest = _LEADING_BETTER.sub(r"\g<commands>", rest)
            rest = _SENTENCE.sub("", _WHOLE.sub("", rest))
        text = " ".join(rest.split())
    return text, blamed


def _without_ours(text: str, ply: Ply) -> str:
    found = _TRAILING.search(text)
    if not found or not found["best"]:
        return text
    glyph = _GLYPHS.get(found["word"])
    is_told = glyph in ply.glyphs if glyph else bool(BLAME.intersection(ply.glyphs))
    is_shown = _plain(found["best"]) in {_plain(san) for san in ply.alternatives}
    return text[: found.start()].rstrip() if is_told and is_shown else text


def _plain(san: str) -> str:
    return san.rstrip("+#")
