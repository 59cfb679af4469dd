"""Draw answers as bars with their intervals, in one SVG picture that needs nothing else.

Own, because it is a page of code, and libraries that draw bring far more than the whole of ours.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from chess_analytics.insights.question import Answer, AnswerRow
from chess_analytics.insights.titles import row_label, title

_LABELS, _BARS, _NUMBERS = 230, 400, 290
_WIDTH = _LABELS + _BARS + _NUMBERS
_ROW, _HEAD, _FOOT = 22, 46, 34
_TICKS = 5
_MOST_LETTERS = 34
# Where all values are far from zero, bars from zero would all look alike: points are drawn.
_FAR = 0.75

_STYLE = """\
svg{font:13px system-ui,sans-serif;background:#fff;fill:#222}
.title{font-weight:600;font-size:15px}.bar{fill:#4a78b5}.few .bar{fill:url(#few)}
.few text{fill:#6b6b6b}.interval{stroke:#222;fill:none}.grid{stroke:#ddd}.zero{stroke:#777}
.numbers,.tick{font-size:12px;fill:#444}
@media(prefers-color-scheme:dark){svg{background:#1c1c1c;fill:#eee}.bar{fill:#7da7dd}
.few text{fill:#a5a5a5}.interval{stroke:#eee}.grid{stroke:#3a3a3a}.zero{stroke:#999}
.numbers,.tick{fill:#bbb}}"""
_FEW = (
    '<pattern id="few" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><path d="M0 0v6" stroke="#999" stroke-width="3"/></pattern>'
)


@dataclass(frozen=True, slots=True)
class _Scale:
    """What stands where, from left to right."""

    low: float
    high: float
    step: float

    def x(self, value: float) -> float:
        """Give the place of a value; what is beyond the ends is drawn at them."""
        share = (value - self.low) / (self.high - self.low)
        return _LABELS + _BARS * min(max(share, 0.0), 1.0)

    @property
    def ticks(self) -> list[float]:
        steps = round((self.high - self.low) / self.step)
        return [self.low + place * self.step for place in range(steps + 1)]


def answers_svg(answers: Sequence[Answer]) -> str:
    """Draw answers below each other. What rests on too little is hatched, and says so."""
    heights = [_HEAD + _ROW * max(len(each.rows), 1) + _FOOT for each in answers]
    tops = [sum(heights[:place]) for place in range(len(heights))]
    height = sum(heights)
    drawn = "".join(_drawn(each, top) for each, top in zip(answers, tops, strict=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img">'
        f"<title>{escape('; '.join(title(each.question) for each in answers))}</title>"
        f"<style>{_STYLE}</style><defs>{_FEW}</defs>{drawn}</svg>\n"
    )


def _drawn(given: Answer, top: int) -> str:
    head = f'<text class="title" x="8" y="{top + 22}">{escape(title(given.question))}</text>'
    if not given.rows:
        return f'{head}<text x="8" y="{top + _HEAD + 14}">there is nothing to count</text>'
    scale = _scale(given.rows)
    bottom = top + _HEAD + _ROW * len(given.rows)
    rows = "".join(
        _row(row, scale, top + _HEAD + _ROW * place) for place, row in enumerate(given.rows)
    )
    return head + "".join(_grid(scale, top + _HEAD, bottom)) + rows


def _grid(scale: _Scale, top: int, bottom: int) -> Iterator[str]:
    for tick in scale.ticks:
        x = scale.x(tick)
        kind = "zero" if abs(tick) < scale.step / 2 else "grid"
        yield f'<path class="{kind}" d="M{x:.1f} {top - 4}V{bottom}"/>'
        label = _number(tick, scale.step)
        at = f'text-anchor="middle" x="{x:.1f}" y="{bottom + 16}"'
        yield f'<text class="tick" {at}>{label}</text>'


def _row(row: AnswerRow, scale: _Scale, top: int) -> str:
    middle, few = top + _ROW / 2, "few" if row.too_few else "enough"
    label = row_label(row)
    short = label if len(label) <= _MOST_LETTERS else f"{label[: _MOST_LETTERS - 1]}…"
    numbers = _numbers(row, scale.step)
    return (
        f'<g class="{few}"><title>{escape(f"{label}: {numbers}")}</title>'
        f'<text text-anchor="end" x="{_LABELS - 8}" y="{middle + 4:.0f}">{escape(short)}</text>'
        f"{_bar(row, scale, middle)}"
        f'<text class="numbers" x="{_LABELS + _BARS + 10}" y="{middle + 4:.0f}">'
        f"{escape(numbers)}</text></g>"
    )


def _bar(row: AnswerRow, scale: _Scale, middle: float) -> str:
    if row.value is None:
        return ""
    at = scale.x(row.value)
    interval = ""
    if row.low is not None and row.high is not None:
        low, high = scale.x(row.low), scale.x(row.high)
        ends = f"M{low:.1f} {middle - 4:.1f}v8M{high:.1f} {middle - 4:.1f}v8"
        interval = f'<path class="interval" d="M{low:.1f} {middle:.1f}H{high:.1f}{ends}"/>'
    if scale.low > 0 or scale.high < 0:
        return f'{interval}<circle class="bar" cx="{at:.1f}" cy="{middle:.1f}" r="5"/>'
    left, right = sorted((scale.x(0), at))
    return (
        f'<rect class="bar" x="{left:.1f}" y="{middle - 7:.1f}" '
        f'width="{right - left:.1f}" height="14"/>{interval}'
    )


def _numbers(row: AnswerRow, step: float) -> str:
    """Say in words what is drawn."""
    if row.value is None:
        return "nothing to count"
    finer = step / 10
    interval = (
        f" ({_number(row.low, finer)} to {_number(row.high, finer)})"
        if row.low is not None and row.high is not None
        else ""
    )
    basis = f"{row.moves:,} moves" if row.moves else f"{row.games:,} games"
    few = ", too few to say" if row.too_few else ""
    return f"{_number(row.value, finer)}{interval}, {basis}{few}"


def _number(value: float, step: float) -> str:
    digits = max(0, -math.floor(math.log10(step)))
    return f"{round(value, digits) + 0.0:.{digits}f}"


def _scale(rows: Sequence[AnswerRow]) -> _Scale:
    """Choose what is seen: all values, and the intervals of those that rest on enough."""
    seen = [row.value for row in rows if row.value is not None]
    ends = [end for row in rows if not row.too_few for end in (row.low, row.high)]
    seen += [end for end in ends if end is not None]
    low, high = min(seen, default=0.0), max(seen, default=0.0)
    spread = high - low
    if low >= 0 and not low > _FAR * high:
        low = 0.0
    elif high <= 0 and not high < _FAR * low:
        high = 0.0
    if high == low:
        # One value alone, which may be zero.
        low, high = min(low, 0.0), max(high, 0.0) or 1.0
    elif low > 0 or high < 0:
        low, high = low - spread / 10, high + spread / 10
    step = _nice((high - low) / _TICKS)
    return _Scale(math.floor(low / step) * step, math.ceil(high / step) * step, step)


def _nice(step: float) -> float:
    """Round a step up to 1, 2 or 5 of some power of ten."""
    power: float = 10.0 ** math.floor(math.log10(step))
    return next(size * power for size in (1, 2, 5, 10) if size * power >= step * (1 - 1e-9))
