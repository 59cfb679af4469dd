"""How hard the engine works, and where. Pure."""

import re
from dataclasses import dataclass

from chess_analytics.errors import ChessAnalyticsError


class ProfileUnknown(ChessAnalyticsError):
    """No profile is called so."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Budgets of one game's analysis; all limits are nodes, so a game's numbers can be repeated.

    What each profile promises, and how it was measured, is in docs/concepts/profiles.md.
    """

    name: str
    sweep_nodes: int
    """For every position, first of all."""
    near_nodes: int = 0
    """For both positions of a move that the sweep finds just short of an inaccuracy; 0 for none."""
    doubt_nodes: int = 0
    """For both positions of a move that the sweep judges; 0 for none."""
    heavy_nodes: int = 0
    """For both positions of a move that lost so much that the game's accuracy hangs on how much; 0
    for none."""
    second_nodes: int = 0
    """To find the second-best move where a label depends on it; 0 leaves it out."""
    shared_nodes: int = 0
    """For each of the first positions, which many games share: searched once for all of them, with
    an empty hash. 0 treats them like any other."""
    most_nodes: int = 0
    """The most that sweep and further looks may take together, on average over the positions that
    were swept; 0 for no bound. It is wide: a game full of errors wants twice as much as others, and
    its accuracy is spoilt where it does not get that."""

    @property
    def is_adaptive(self) -> bool:
        """Whether the nodes go where they matter, and neighbours hear of what was found."""
        return self.doubt_nodes > 0


FAST = Profile(
    "fast",
    sweep_nodes=14_000,
    near_nodes=30_000,
    doubt_nodes=60_000,
    heavy_nodes=150_000,
    second_nodes=20_000,
    shared_nodes=25_000,
    most_nodes=90_000,
)
STANDARD = Profile(
    "standard",
    sweep_nodes=30_000,
    near_nodes=100_000,
    doubt_nodes=400_000,
    heavy_nodes=500_000,
    second_nodes=60_000,
    shared_nodes=60_000,
    most_nodes=360_000,
)
DEEP = Profile(
    "deep",
    sweep_nodes=200_000,
    near_nodes=400_000,
    doubt_nodes=1_600_000,
    heavy_nodes=1_600_000,
    second_nodes=250_000,
    shared_nodes=600_000,
    most_nodes=1_500_000,
)

PROFILES = {profile.name: profile for profile in (FAST, STANDARD, DEEP)}

_UNIFORM = re.compile(r"nodes-([1-9][0-9]{0,11})")


def uniform(nodes: int) -> Profile:
    """Spend the given nodes on every position, and half as many on each second-best move."""
    return Profile(f"nodes-{nodes}", nodes, second_nodes=nodes // 2)


def profile_named(name: str) -> Profile:
    """Give the profile of a name: one of `PROFILES`, or ``nodes-N`` as `uniform` names it.

    Raises:
        ProfileUnknown: there is none of that name.
    """
    if name in PROFILES:
        return PROFILES[name]
    if found := _UNIFORM.fullmatch(name):
        return uniform(int(found[1]))
    raise ProfileUnknown(f"there is no profile {name!r}: there is {', '.join(PROFILES)}, nodes-N")
