"""What can be measured. Lichess's metrics, without blurs, and ours."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from chess_analytics.insights.game_metrics import GAME_METRICS
from chess_analytics.insights.metric import Kind, Metric
from chess_analytics.insights.move_metrics import MOVE_METRICS

__all__ = ["METRICS", "Kind", "Metric"]


def _by_key(metrics: Iterable[Metric]) -> Mapping[str, Metric]:
    return MappingProxyType({metric.key: metric for metric in metrics})


METRICS = _by_key((*MOVE_METRICS, *GAME_METRICS))
"""Every metric by its key, which questions name."""
