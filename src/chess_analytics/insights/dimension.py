"""What a dimension is."""

from dataclasses import dataclass
from enum import StrEnum

from chess_analytics.insights.buckets import Cut


class Level(StrEnum):
    """What a dimension cuts, or a metric measures."""

    GAMES = "games"
    MOVES = "moves"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to cut, with its buckets."""

    key: str
    name: str
    about: str
    level: Level
    cut: Cut

    @property
    def buckets(self) -> tuple[str, ...]:
        """Give all buckets there can be, in order; none where the games themselves decide."""
        return self.cut.labels
