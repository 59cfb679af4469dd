"""By which names users may go."""

import re

from chess_analytics.actions.account_errors import NameRefused

LOCAL_NAME = "local"
"""The single user of a local installation."""

MOST_NAME_LETTERS = 30
NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{1,29}$"
_NAME = re.compile(NAME_PATTERN)


def is_name(text: str) -> bool:
    """Tell whether anybody could have this name."""
    return _NAME.fullmatch(text) is not None


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a user who signs up.

    Raises:
        NameRefused: says how names look.
    """
    if not is_name(name):
        raise NameRefused(
            "a name has 2 to 30 letters (a to z), digits, hyphens, underscores and dots, and "
            "begins with a letter or a digit; choose one like that"
        )
    if name.lower() == LOCAL_NAME:
        raise NameRefused(
            f"the name {name!r} is kept for the user of a local installation; choose another one"
        )
