"""Draw a game's winning chances as a small SVG picture."""

from html import escape

from chess_analytics.review.judge import Review
from chess_analytics.review.judgment import Judgment

_WIDTH = 300
_HEIGHT = 60
# A shape for each judgment, so that colour is not the only sign.
_MARKS = {
    Judgment.INACCURACY: '<path class="inaccuracy" d="M{x:.1f} {y:.1f}m-3-3h6v6h-6z"/>',
    Judgment.MISTAKE: '<path class="mistake" d="M{x:.1f} {y:.1f}m0-5l4.5 8h-9z"/>',
    Judgment.BLUNDER: '<circle class="blunder" cx="{x:.1f}" cy="{y:.1f}" r="4"/>',
}


def white_chances(review: Review) -> list[float]:
    """List White's winning chance in percent after each ply, the start first."""
    chances = [_for_white(review, 0, after=False)] if review.moves else []
    chances += [_for_white(review, index, after=True) for index in range(len(review.moves))]
    return chances


def graph_svg(review: Review, describe: str) -> str:
    """Draw White's chances from left to right; ``describe`` is plain text, to be read aloud."""
    points = [
        (_x(at, len(review.moves)), _y(chance)) for at, chance in enumerate(white_chances(review))
    ]
    if not points:
        return ""
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    phases = "".join(
        f'<path class="phase" d="M{_x(ply, len(review.moves)):.1f} 0v{_HEIGHT}"/>'
        for ply in (review.division.middle, review.division.end)
        if ply is not None
    )
    marks = "".join(
        _MARKS[move.judgment].format(x=x, y=y)
        for move, (x, y) in zip(review.moves, points[1:], strict=True)
        if move.judgment
    )
    return (
        f'<svg class="graph" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(describe)}">'
        f'<rect class="black" width="{_WIDTH}" height="{_HEIGHT}"/>'
        f'<path class="white" d="M0 {_HEIGHT}L{line}V{_HEIGHT}z"/>'
        f'<path class="even" d="M0 {_HEIGHT / 2:.0f}h{_WIDTH}"/>{phases}{marks}</svg>'
    )


def _for_white(review: Review, index: int, *, after: bool) -> float:
    move = review.moves[index]
    chance = move.win_after if after else move.win_before
    return chance if move.side.color else 100 - chance


def _x(at: int, plies: int) -> float:
    return _WIDTH * at / max(plies, 1)


def _y(chance: float) -> float:
    return _HEIGHT * (1 - chance / 100)
