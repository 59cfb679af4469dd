"""Ways to cut a player's games and moves.

Those of Lichess's Insights have its buckets (lila, modules/insight); blurs and game source, which
only Lichess knows, are left out. The rest are ours.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from chess_analytics.insights.dimension import Dimension, Level
from chess_analytics.insights.game_dimensions import GAME_DIMENSIONS
from chess_analytics.insights.move_dimensions import MOVE_DIMENSIONS

__all__ = ["DIMENSIONS", "Dimension", "Level"]


def _by_key(dimensions: Iterable[Dimension]) -> Mapping[str, Dimension]:
    return MappingProxyType({dimension.key: dimension for dimension in dimensions})


DIMENSIONS = _by_key((*GAME_DIMENSIONS, *MOVE_DIMENSIONS))
"""Every dimension by its key, which questions name."""
