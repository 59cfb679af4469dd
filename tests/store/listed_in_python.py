"""Games and lists of them in plain Python: what a filter and a sort mean."""

from dataclasses import dataclass
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


ratings = st.sampled_from([None, None, 1500, 1501, 9999])
accuracies = st.sampled_from([None, 0.0, 99.5, 100.0])
tolds = st.builds(
    Told,
    new=st.fixed_dictionaries(
        {
            "site": st.sampled_from(Site),
            "variant": st.sampled_from(Variant),
            "result": st.sampled_from(Result),
            "played_ms": st.sampled_from([-5, 0, 1, 2]),
            "speed": st.sampled_from([None, Speed.BLITZ, Speed.RAPID]),
            "eco": st.sampled_from([None, "A00", "B90", "B91"]),
            "opening": st.sampled_from(
                [None, "Sicilian Defense", "Sicilian Defense: Najdorf", "Grünfeld", "100% a_b"]
            ),
            "plies": st.integers(0, 2),
            "color": st.sampled_from([None, *Side]),
            "outcome": st.sampled_from([None, *Outcome]),
            "rating": ratings,
            "opponent": st.sampled_from([None, "Ann", "ANN", "ann_b", "annxb", "Zoë"]),
            "opponent_rating": ratings,
        }
    ),
    is_mine=st.booleans(),
    is_imported=st.booleans(),
    added_ms=st.integers(1, 2),
    source=st.sampled_from([None, *RunSource]),
    accuracies=st.tuples(accuracies, accuracies),
)
asked: dict[str, st.SearchStrategy[Any]] = {
    "player_id": st.sampled_from([MINE, OTHERS]),
    "import_id": st.sampled_from([MINE, OTHERS]),
    "site": st.sampled_from(Site),
    "variant": st.sampled_from(Variant),
    "speeds": st.lists(st.sampled_from([Speed.BLITZ, Speed.RAPID, Speed.BULLET])).map(tuple),
    "color": st.sampled_from(Side),
    "outcome": st.sampled_from(Outcome),
    "result": st.sampled_from(Result),
    "since_ms": st.integers(-6, 3),
    "until_ms": st.integers(-6, 3),
    "eco": st.sampled_from(["", "B", "b9", "B90", "B%", "C"]),
    "opening": st.sampled_from(["sicilian defense", "Sicilian Defense:", "GRÜN", "1%", "najdorf"]),
    "opening_part": st.sampled_from(["najdorf", "ü", "100%", "a_b", "axb", "-"]),
    "opponent": st.sampled_from(["ann", "Ann_B", "zoe", "an"]),
    "opponent_part": st.sampled_from(["nn", "N_B", "ë", "", "%"]),
    "rating_from": st.sampled_from([0, 1500, 1501, 100_000]),
    "rating_to": st.sampled_from([0, 1500, 1501, 100_000]),
    "opponent_rating_from": st.sampled_from([0, 1501]),
    "opponent_rating_to": st.sampled_from([1500, 100_000]),
    "is_analysed": st.booleans(),
}
# Few at once, or hardly any game would meet them.
filters = st.lists(st.sampled_from(sorted(asked)), max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: asked[name] for name in names})
)


def meets(told: Told, wanted: dict[str, Any]) -> bool:
    """Say what a filter means."""
    new = told.new
    opening, opponent = (search_key(new[name] or "") for name in ("opening", "opponent"))
    tests: dict[str, Callable[[Any], object]] = {
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
            "added": each.added_ms,
            "accuracy": each.accuracy(),
        }
        value = values[name]
        return value is None, sign * (value or 0), sign * game_id

    return sorted(told, key=key)
