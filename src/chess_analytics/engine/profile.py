"""How hard the engine works. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """A budget for one game; limits are nodes, so the same game gives the same numbers."""

    name: str
    nodes: int
    """Nodes for every position."""
    second_nodes: int
    """Nodes to find the second-best move where a label depends on it; 0 leaves it out."""


FAST = Profile("fast", nodes=100_000, second_nodes=50_000)
# Lichess spends 150,000 nodes a position for its Tutor and 1 M when a user asks: between and above.
STANDARD = Profile("standard", nodes=400_000, second_nodes=200_000)
DEEP = Profile("deep", nodes=1_500_000, second_nodes=750_000)

PROFILES = {profile.name: profile for profile in (FAST, STANDARD, DEEP)}


def uniform(nodes: int) -> Profile:
    """Spend the given nodes on every position, and half as many on each second-best move."""
    return Profile(f"nodes-{nodes}", nodes, nodes // 2)
