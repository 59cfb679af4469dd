import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.games.names import is_named, may_be_one_person, name_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Carlsen, Magnus", ("carlsen", "magnus")),
        ("carlsen,m", ("carlsen", "m")),
        ("Vachier-Lagrave, M.", ("lagrave", "m", "vachier")),
        ("Polgár, Judit", ("judit", "polgar")),
        ("Ørsted, Bjørn Łuk", ("bjorn", "luk", "orsted")),
        ("kyle_b81", ("kyleb81",)),
        ("Mr-suschenko", ("mrsuschenko",)),
        ("卡尔森", ("卡尔森",)),
        ("?", ()),
        ("NN", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_a_name_is_its_words_in_no_order(text: str | None, words: tuple[str, ...]) -> None:
    assert name_words(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Carlsen, Magnus", "Magnus Carlsen"),
        ("Carlsen, Magnus", "carlsen,m"),
        ("Carlsen, Magnus", "Carlsen"),
        ("GM Magnus Carlsen", "Carlsen, Magnus"),
        ("Polgár, J.", "JUDIT POLGAR"),
        ("J. H. van der Wiel", "Van der Wiel, John"),
        ("Nakamura,Hi", "Hikaru Nakamura"),
        ("Smith, A. John", "John Smith"),
        ("kyle_b81", "Kyle_B81"),
        ("?", "Anybody"),
        ("", ""),
    ],
)
def test_spellings_of_one_name_do_not_contradict(one: str, other: str) -> None:
    assert may_be_one_person(name_words(one), name_words(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Polgar, Judit", "Polgar, Susan"),
        ("Polgar, J", "Polgar, Susan"),
        ("Carlsen, Magnus", "DrNykterstein"),
        ("kyle_b81", "kyle"),
        ("Magnus C.", "M. Carlsen"),
        ("M", "Magnus"),
        ("Player A", "Player B"),
        ("C., M.", "Carlsen, Magnus"),
    ],
)
def test_other_people_are_told_apart(one: str, other: str) -> None:
    assert not may_be_one_person(name_words(one), name_words(other))


WORDS = st.lists(st.text("abm", min_size=1, max_size=3), max_size=4)


@given(WORDS, WORDS)
def test_it_does_not_matter_who_is_named_first(one: list[str], other: list[str]) -> None:
    left, right = name_words(", ".join(one)), name_words(", ".join(other))
    assert may_be_one_person(left, right) == may_be_one_person(right, left)
    assert may_be_one_person(left, left)


@given(st.text())
def test_any_text_has_words_and_fits_itself(text: str) -> None:
    words = name_words(text)
    assert words == tuple(sorted(words))
    assert may_be_one_person(words, name_words(text))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("kyle_b81", "Kyle_B81"),
        (" kyle_b81 ", "kyle_b81"),
        ("Carlsen, Magnus", "magnus carlsen"),
        ("Carlsen,M", "Magnus Carlsen"),
        ("Carlsen, Magnus", "CARLSEN, MAGNUS"),
        ("Carlsen", "carlsen"),
    ],
)
def test_a_player_is_found_under_other_spellings(name: str, wanted: str) -> None:
    assert is_named(name, ["somebody else", wanted])


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("kyle_b82", "kyle_b81"),
        ("kyle_b8", "kyle_b81"),
        ("magnus", "Magnus Carlsen"),
        ("Carlsen, Henrik", "Magnus Carlsen"),
        ("Carlsen, Henrik", "Carlsen"),
        ("? ?", "Magnus Carlsen"),
        ("N, N", "Magnus Carlsen"),
        ("Carlsen, Magnus", "N N"),
        ("?", "?"),
        ("", ""),
        (None, "Magnus Carlsen"),
    ],
)
def test_a_handle_is_not_a_part_of_a_name_and_nobody_is_nobody(
    name: str | None, wanted: str
) -> None:
    assert not is_named(name, [wanted])
