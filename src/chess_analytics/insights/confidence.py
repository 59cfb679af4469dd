"""How sure a number is: intervals, and what keeps many comparisons honest.

Moves of one game are not independent, so games are what is sampled: a number over moves is a ratio
of two sums over games, and its error is estimated from how the games differ.

- Ratios: the linearised («sandwich») variance of a ratio of sums over clusters, with the factor
  G/(G-1); W. G. Cochran, *Sampling Techniques*, 3rd ed. (1977), section 6.3 and 9A.2.
- Means: the ratio and Student's t with G - 1 degrees of freedom times its standard error.
- Rates: Wilson's interval (E. B. Wilson, JASA 22, 1927, 209-212) with the effective number of
  observations in place of their number: n divided by the design effect, which is how much greater
  the variance over games is than that of independent observations, and never less than 1; E. L.
  Korn and B. I. Graubard, Survey Methodology 24 (1998), 193-201. With one observation a game it is
  Wilson's own interval.
- Many comparisons: Y. Benjamini and Y. Hochberg, JRSS B 57 (1995), 289-300.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CONFIDENCE = 0.95
_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(0.5 + CONFIDENCE / 2)


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over games, for many cells at once; y is what is counted, x of how many."""

    games: Floats
    """Games in which something counts."""
    x: Floats
    y: Floats
    xx: Floats
    xy: Floats
    yy: Floats

    def ratio(self) -> Floats:
        """Give y for each x."""
        return self.y / self.x

    def variance(self) -> Floats:
        """Give the variance of the ratio; not a number for fewer than two games."""
        ratio = self.ratio()
        spread = self.yy - 2 * ratio * self.xy + ratio**2 * self.xx
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.where(self.games > 1, self.games / (self.games - 1), np.nan)
        return np.maximum(spread, 0) * factor / self.x**2


def mean_interval(sums: Sums) -> tuple[Floats, Floats]:
    """Give the ends of the intervals of means."""
    half = student_t(sums.games - 1) * np.sqrt(sums.variance())
    ratio = sums.ratio()
    return ratio - half, ratio + half


def rate_interval(sums: Sums) -> tuple[Floats, Floats]:
    """Give the ends of the intervals of rates, within 0 and 1."""
    rate = np.clip(sums.ratio(), 0, 1)
    independent = rate * (1 - rate) / sums.x
    with np.errstate(divide="ignore", invalid="ignore"):
        # Where all are alike nothing tells how games differ.
        effect = np.where(independent > 0, sums.variance() / independent, 1.0)
        single = sums.xx <= sums.x
        effect = np.where(single, 1.0, np.maximum(effect, 1.0))
        z = np.where(single, _Z, student_t(sums.games - 1))
    return wilson(rate, sums.x / effect, z)


def wilson(rate: Floats, observations: Floats, z: Floats | float = _Z) -> tuple[Floats, Floats]:
    """Give the ends of Wilson's interval of a rate among so many observations."""
    shrink = 1 + z**2 / observations
    middle = (rate + z**2 / (2 * observations)) / shrink
    half = z / shrink * np.sqrt(rate * (1 - rate) / observations + z**2 / (4 * observations**2))
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def student_t(degrees: Floats) -> Floats:
    """Give the quantile of Student's t that leaves 2.5 % above; not a number below 1 degree.

    By expansion around the normal quantile (M. Abramowitz and I. Stegun, Handbook of Mathematical
    Functions, 26.7.5), exact for 1 and 2 degrees; the error is below 0.2 % from 3 degrees on.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        degrees = np.asarray(degrees, dtype=np.float64)
        terms = (np.full_like(degrees, _Z), *(g / degrees**n for n, g in enumerate(_GS, start=1)))
        found = np.sum(terms, axis=0)
    tail = 0.5 + CONFIDENCE / 2
    found = np.where(degrees == 1, math.tan(math.pi * (tail - 0.5)), found)
    two = (2 * tail - 1) * math.sqrt(2 / (4 * tail * (1 - tail)))
    found = np.where(degrees == 2, two, found)  # noqa: PLR2004 - degrees of freedom
    return np.where(degrees >= 1, found, np.nan)


_GS = (
    (_Z**3 + _Z) / 4,
    (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / 96,
    (3 * _Z**7 + 19 * _Z**5 + 17 * _Z**3 - 15 * _Z) / 384,
    (79 * _Z**9 + 776 * _Z**7 + 1482 * _Z**5 - 1920 * _Z**3 - 945 * _Z) / 92_160,
)


def two_sided_p(t: float, degrees: float) -> float:
    """Give the probability of a Student's t as far from 0, or farther.

    By the normal approximation of D. L. Wallace, Ann. Math. Statist. 30 (1959), 1124-1130, whose
    error is below 0.002 from 3 degrees on.
    """
    if degrees < 1:
        return 1.0
    scale = (8 * degrees + 1) / (8 * degrees + 3)
    z = scale * math.sqrt(degrees * math.log1p(t * t / degrees))
    return 2 * _NORMAL.cdf(-z)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjust the p-values of many comparisons: below q, a share of q at most is expected false."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__, reverse=True)
    adjusted, least = [1.0] * len(p_values), 1.0
    for place, index in enumerate(order):
        rank = len(p_values) - place
        least = min(least, p_values[index] * (len(p_values) / rank))
        adjusted[index] = least
    return adjusted
