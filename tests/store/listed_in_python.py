"""Games and lists of them in plain Python: what a filter and a sort mean."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Result, Side, Site, Variant
from chess_analytics.store.game_pages import GameSort
from chess_analytics.store.game_rows import Outcome
from chess_analytics.store.runs import RunSource
from chess_analytics.store.texts import search_key

if TYPE_CHECKING:
    from collections.abc import Callable

# Stand for ids that are known only when there is a library.
MINE, OTHERS = -1, -2


@dataclass(frozen=True, slots=True)
class Told:
    """A game as Hypothesis draws it: few values, so that many games tie and meet a filter."""

    new: dict[str, Any]
    is_mine: bool
    is_imported: bool
    added_ms: int
    source: RunSource | None
    accuracies: tuple[float | None, float | None]

    def accuracy(self) -> float | None:
        if self.source is None or self.new["color"] is None:
            return None
        return self.accuracies[self.new["color"] is Side.BLACK]


# Names in which some letters mean something to SQL, beside others that they would then mean.
VALUES: dict[str, list[Any]] = {
    "site": list(Site),
    "variant": list(Variant),
    "result": list(Result),
    "played_ms": [-5, 0, 1, 2],
    "speed": [None, Speed.BLITZ, Speed.RAPID],
    "eco": [None, "A00", "B90", "B91"],
    "opening": [
        None,
        "Sicilian Defense",
        "Sicilian Defense: Najdorf",
        "Grünfeld",
        "100% a_b",
        "100x axb",
    ],
    "plies": [0, 1, 2],
    "color": [None, *Side],
    "outcome": [None, *Outcome],
    "rating": [None, 1500, 1501, 9999],
    "opponent": [None, "Ann", "ANN", "ann_b", "annxb", "Zoë"],
    "opponent_rating": [None, 1500, 1501, 9999],
}
ACCURACIES = [None, 0.0, 99.5, 100.0]
NOBODYS = 10**12
ASKED: dict[str, list[Any]] = {
    "ids": [(), (NOBODYS,)],
    "player_id": [MINE, OTHERS],
    "import_id": [MINE, OTHERS],
    "site": list(Site),
    "variant": list(Variant),
    "speeds": [(), (Speed.BLITZ,), (Speed.RAPID, Speed.BLITZ), (Speed.BULLET,)],
    "color": list(Side),
    "outcome": list(Outcome),
    "result": list(Result),
    "since_ms": [-6, -5, 0, 1, 2, 3],
    "until_ms": [-6, -5, 0, 1, 2, 3],
    "eco": ["", "B", "b9", "B90", "B%", "_", "C"],
    "opening": ["sicilian defense", "Sicilian Defense:", "GRÜN", "100%", "100% a_", "najdorf"],
    "opening_part": ["najdorf", "ü", "%", "a_b", "axb", "-"],
    "opponent": ["ann", "Ann_B", "zoe", "an"],
    "opponent_part": ["nn", "N_B", "ë", "", "%"],
    "rating_from": [0, 1500, 1501, 100_000],
    "rating_to": [0, 1500, 1501, 100_000],
    "opponent_rating_from": [0, 1501],
    "opponent_rating_to": [1500, 100_000],
    "is_analysed": [True, False],
}

tolds = st.builds(
    Told,
    new=st.fixed_dictionaries({name: st.sampled_from(them) for name, them in VALUES.items()}),
    is_mine=st.booleans(),
    is_imported=st.booleans(),
    added_ms=st.integers(1, 2),
    source=st.sampled_from([None, *RunSource]),
    accuracies=st.tuples(st.sampled_from(ACCURACIES), st.sampled_from(ACCURACIES)),
)
# Few at once, or hardly any game would meet them.
filters = st.lists(st.sampled_from(sorted(ASKED)), max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: st.sampled_from(ASKED[name]) for name in names})
)


def one_of_each() -> list[Told]:
    """Give games that differ from the first one in a single thing, each possible one once."""
    plain = {name: them[0] for name, them in VALUES.items()}
    first = Told(plain, False, False, 1, None, (None, None))  # noqa: FBT003
    others = [
        replace(first, new={**plain, name: value})
        for name, them in VALUES.items()
        for value in them[1:]
    ]
    whose = [replace(first, is_mine=True), replace(first, is_imported=True)]
    return [first, *others, *whose, *(replace(first, source=source) for source in RunSource)]


def meets(told: Told, wanted: dict[str, Any]) -> bool:
    """Say what a filter means."""
    new = told.new
    opening, opponent = (search_key(new[name] or "") for name in ("opening", "opponent"))
    tests: dict[str, Callable[[Any], object]] = {
        # That games are found by their numbers is asked over the API.
        "ids": lambda it: not it,
        "player_id": lambda it: told.is_mine and it == MINE,
        "import_id": lambda it: told.is_imported and it == MINE,
        "speeds": lambda it: not it or new["speed"] in it,
        "since_ms": lambda it: new["played_ms"] >= it,
        "until_ms": lambda it: new["played_ms"] < it,
        "eco": lambda it: new["eco"] is not None and new["eco"].startswith(it.upper()),
        "opening": lambda it: new["opening"] and opening.startswith(search_key(it)),
        "opening_part": lambda it: new["opening"] and search_key(it) in opening,
        "opponent": lambda it: opponent == search_key(it),
        "opponent_part": lambda it: new["opponent"] and search_key(it) in opponent,
        "rating_from": lambda it: new["rating"] is not None and new["rating"] >= it,
        "rating_to": lambda it: new["rating"] is not None and new["rating"] <= it,
        "opponent_rating_from": lambda it: (new["opponent_rating"] or -1) >= it,
        "opponent_rating_to": lambda it: (new["opponent_rating"] or 10**9) <= it,
        "is_analysed": lambda it: (told.source is RunSource.ENGINE) == it,
    }
    return all(tests[name](it) if name in tests else new[name] is it for name, it in wanted.items())


def in_order(told: dict[int, Told], sort: GameSort) -> list[int]:
    """Say what a sort means."""
    name = sort.removeprefix("-")
    sign = -1 if sort.is_falling else 1

    def key(game_id: int) -> tuple[bool, float, int]:
        each = told[game_id]
        values = {
            **each.new,
            "played": each.new["played_ms"],
            "added": game_id,
            "accuracy": each.accuracy(),
        }
        value = values[name]
        return value is None, sign * (value or 0), sign * game_id

    return sorted(told, key=key)
