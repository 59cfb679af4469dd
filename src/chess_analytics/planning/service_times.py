"""What games take one engine, from their lengths and from how quick the engine is."""

from collections.abc import Sequence
from dataclasses import dataclass

from chess_analytics.actions.engine_speed import nodes_a_position
from chess_analytics.engine.profile import Profile


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """What games take one engine, each as likely as the others."""

    seconds: tuple[float, ...]
    source: str
    """Where they are from, in words."""


def from_lengths(plies: Sequence[int], profile: Profile, nodes_a_second: float) -> ServiceTimes:
    """Reckon what games of these lengths take."""
    second = nodes_a_position(profile, {}) / nodes_a_second
    return ServiceTimes(
        tuple(many * second for many in plies if many > 0),
        f"lengths of {len(plies)} games of the sample, {nodes_a_position(profile, {}):,.0f} nodes "
        f"a position ({profile.name}), {nodes_a_second / 1000:,.0f} thousand nodes a second a core",
    )
