"""Which names users may have."""

import pytest

from chess_analytics.actions.account_errors import NameRefused
from chess_analytics.actions.user_names import check_name, is_name


@pytest.mark.parametrize("name", ["ad", "Ada.Love-lace_1", "1e4", "a" * 30])
def test_letters_digits_and_a_few_signs_make_a_name(name: str) -> None:
    assert is_name(name)
    check_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "a", "a" * 31, "-ada", ".ada", "ada!", "ada lace", "ada\n", "\nada", "ädä",
     "ad\u0430", "a\0a", "a\ud800", "a/b"],
)  # fmt: skip
def test_anything_else_is_told_how_names_look(name: str) -> None:
    assert not is_name(name)
    with pytest.raises(NameRefused, match="2 to 30 letters"):
        check_name(name)


def test_the_local_users_name_is_kept_for_them() -> None:
    with pytest.raises(NameRefused, match="kept for the user of a local installation"):
        check_name("Local")
