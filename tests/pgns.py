"""PGN files for tests: games that all differ, and entries that are none."""

from collections.abc import Iterator
from itertools import islice, product

# Whatever is chosen of the three, the moves are legal, and end no game.
_FIRST = ["e4", "d4", "c4", "f4", "b3", "g3", "e3", "d3", "c3", "f3", "b4", "g4"]
_REPLY = [
    "e5", "d5", "c5", "Nf6", "Nc6", "f5", "b6", "g6", "a6", "h6", "e6", "d6", "c6", "b5", "a5",
]  # fmt: skip
_SECOND = ["Na3", "Nh3", "a4", "h4"]

MOST_DIFFERENT = len(_FIRST) * len(_REPLY) * len(_SECOND)


def pgn(moves: str, white: str = "Anna", black: str = "Bert", **tags: str) -> str:
    """Write one game."""
    named = {"White": white, "Black": black, "Result": "*", **tags}
    head = "".join(f'[{tag} "{value}"]\n' for tag, value in named.items())
    return f"{head}\n{moves} *\n\n"


def small_movetexts() -> Iterator[str]:
    """Give the moves of games of three plies, no two of them alike."""
    for first, reply, second in product(_FIRST, _REPLY, _SECOND):
        yield f"1. {first} {reply} 2. {second}"


def different(count: int, **tags: str) -> str:
    """Write so many games, no two of them alike; fewer games are the first of more."""
    assert count <= MOST_DIFFERENT
    return "".join(pgn(moves, **tags) for moves in islice(small_movetexts(), count))


MIXED = (
    different(3)
    + pgn("1. e4", Variant="Atomic")
    + pgn("1. e4 e5 2. Nf9")
    + different(2)
    + pgn("")
    + pgn("1. d4 d5")
)
"""Nine entries: four games, two of them twice, two that are set aside, and a broken one."""
