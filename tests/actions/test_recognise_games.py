"""Which games are there already: laws that hold for any library and any order."""

from collections.abc import Sequence
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.actions.recognise_games import (
    MOST_ALIKE,
    Novelty,
    Recognised,
    recognise_games,
)
from chess_analytics.games.fingerprint import Fingerprint, is_same_game
from chess_analytics.games.model import Result, Site
from chess_analytics.store.games import StoredLikeness

DAYS = [None, *[(date(2024, 1, day), date(2024, 1, day)) for day in (1, 2, 3, 9)]]
NAMES = [(), ("anna",), ("bert",), ("a", "carlsen"), ("carlsen", "magnus")]


def print_of(key: str = "k", **values: object) -> Fingerprint:
    fields: dict[str, object] = {
        "moves_key": key, "names": ((), ()), "dates": None, "result": Result.UNKNOWN,
        "site": Site.OTHER, "site_id": None, "plies": 20, "occasion": (), **values,
    }  # fmt: skip
    return Fingerprint(**fields)  # type: ignore[arg-type]


prints = st.builds(
    print_of,
    key=st.sampled_from(["k", "l"]),
    names=st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)),
    dates=st.sampled_from(DAYS),
    result=st.sampled_from(list(Result)),
    site=st.sampled_from(list(Site)),
    site_id=st.sampled_from([None, "one", "two"]),
    plies=st.sampled_from([20, 80]),
    occasion=st.sampled_from([(), (("Round of X", "1"),), (("Round of X", "2"),)]),
)


def keep(library: list[StoredLikeness], batch: Sequence[Fingerprint]) -> list[Recognised]:
    """Recognise a batch, and store what is new, as an import does."""
    stored: dict[str, list[StoredLikeness]] = {}
    for likeness in library:
        stored.setdefault(likeness.fingerprint.moves_key, []).append(likeness)
    found = recognise_games(batch, stored)
    for each, is_what in zip(batch, found, strict=True):
        if is_what.novelty is Novelty.NEW:
            library.append(StoredLikeness(len(library) + 1, each))
    return found


@given(st.lists(prints, max_size=12))
def test_a_second_import_of_the_same_games_adds_none(games: list[Fingerprint]) -> None:
    library: list[StoredLikeness] = []
    keep(library, games)
    again = keep(library, games)
    assert [each.novelty for each in again] == [Novelty.STORED] * len(games)


@given(st.lists(prints, max_size=12), st.integers(0, 12))
def test_where_a_batch_ends_changes_nothing(games: list[Fingerprint], cut: int) -> None:
    whole: list[StoredLikeness] = []
    parts: list[StoredLikeness] = []
    keep(whole, games)
    for part in (games[:cut], games[cut:]):
        keep(parts, part)
    assert parts == whole


@given(st.lists(prints, max_size=12))
def test_a_game_is_left_out_only_for_the_same_game(games: list[Fingerprint]) -> None:
    library: list[StoredLikeness] = []
    for game, is_what in zip(games, keep(library, games), strict=True):
        if is_what.novelty is not Novelty.NEW:
            assert any(is_same_game(each.fingerprint, game) for each in library)


def test_the_game_with_the_same_name_on_its_site_goes_before_one_that_only_fits() -> None:
    nameless = print_of()
    named = print_of(site=Site.LICHESS, site_id="abcdefgh")
    other = print_of(site=Site.LICHESS, site_id="other")
    stored = {"k": [StoredLikeness(n, each) for n, each in enumerate((other, nameless, named), 1)]}
    assert recognise_games([named], stored) == [Recognised(Novelty.STORED, 3)]
    assert recognise_games([print_of()], stored) == [Recognised(Novelty.STORED, 1)]


def test_the_same_game_twice_in_a_batch_is_new_once() -> None:
    found = recognise_games([print_of("k"), print_of("k"), print_of("l")], {})
    assert [each.novelty for each in found] == [Novelty.NEW, Novelty.EARLIER, Novelty.NEW]


def test_thousands_of_games_of_the_same_moves_come_to_an_end() -> None:
    games = [print_of(site=Site.LICHESS, site_id=str(number)) for number in range(MOST_ALIKE + 2)]
    found = recognise_games(games, {})
    assert [each.novelty for each in found] == [Novelty.NEW] * MOST_ALIKE + [Novelty.CROWDED] * 2
    assert recognise_games(games[:1], {"k": [StoredLikeness(5, games[0])]}) == [
        Recognised(Novelty.STORED, 5)
    ]
