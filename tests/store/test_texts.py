"""Texts that every database can hold, and keys by which people find names."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chess_analytics.store.texts import search_key, storable

any_text = st.text(alphabet=st.characters(exclude_categories=[]))


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", ""),
        ("1. e4 { Grünfeld, 象棋 ♟ 😀 } *\n", "1. e4 { Grünfeld, 象棋 ♟ 😀 } *\n"),
        ("a\x00b", "a\ufffdb"),
        ("half \ud83d a face", "half \ufffd a face"),
    ],
)
def test_only_what_no_database_holds_is_replaced(text: str, stored: str) -> None:
    assert storable(text) == stored


@given(any_text)
def test_what_is_stored_has_a_form_in_utf_8_and_keeps_its_length(text: str) -> None:
    stored = storable(text)
    assert len(stored) == len(text)
    assert b"\x00" not in stored.encode()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("DrNykterstein", "drnykterstein"),
        ("Grünfeld Defense: Exchange", "grunfeld defense: exchange"),
        ("  Réti \t Opening ", "reti opening"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_a_name_is_found_whatever_its_case_and_accents(text: str, key: str) -> None:
    assert search_key(text) == key


@given(any_text)
def test_a_key_fits_an_index_and_can_be_stored(text: str) -> None:
    key = search_key(text * 50)
    assert len(key.encode()) <= 500
    assert storable(key) == key


@given(any_text)
@example("\N{MATHEMATICAL BOLD CAPITAL A}")
@example("x" * 119 + " y")
def test_a_key_is_its_own_key(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
