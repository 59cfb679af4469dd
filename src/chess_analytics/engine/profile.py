"""How hard the engine works, and where. Pure."""

from dataclasses import dataclass


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
    """For both positions of a move whose judgment is open (between an inaccuracy and a blunder, or
    just beyond) or whose loss is heavy, so that the game's accuracy hangs on it; 0 for none."""
    blunder_nodes: int = 0
    """For both positions of any other clear blunder: its judgment is settled; 0 for none."""
    second_nodes: int = 0
    """To find the second-best move where a label depends on it; 0 leaves it out."""
    shared_nodes: int = 0
    """For each of the first positions, which many games share: searched once for all of them, with
    an empty hash. 0 treats them like any other."""
    most_nodes: int = 0
    """The most that sweep and further looks may take together, on average over the positions that
    were swept; 0 for no bound. A game full of errors could want much more than the others."""

    @property
    def is_adaptive(self) -> bool:
        """Whether the nodes go where they matter, and neighbours hear of what was found."""
        return self.doubt_nodes > 0


FAST = Profile(
    "fast",
    sweep_nodes=20_000,
    near_nodes=30_000,
    doubt_nodes=70_000,
    blunder_nodes=40_000,
    second_nodes=20_000,
    shared_nodes=40_000,
    most_nodes=47_000,
)
STANDARD = Profile(
    "standard",
    sweep_nodes=60_000,
    near_nodes=80_000,
    doubt_nodes=350_000,
    blunder_nodes=200_000,
    second_nodes=60_000,
    shared_nodes=150_000,
    most_nodes=190_000,
)
DEEP = Profile(
    "deep",
    sweep_nodes=200_000,
    near_nodes=400_000,
    doubt_nodes=1_600_000,
    blunder_nodes=400_000,
    second_nodes=250_000,
    shared_nodes=600_000,
    most_nodes=800_000,
)

PROFILES = {profile.name: profile for profile in (FAST, STANDARD, DEEP)}


def uniform(nodes: int) -> Profile:
    """Spend the given nodes on every position, and half as many on each second-best move."""
    return Profile(f"nodes-{nodes}", nodes, second_nodes=nodes // 2)
