"""When two spellings of a player's name may be one person."""

import re
import unicodedata
from collections.abc import Collection

from chess_analytics.games.model import known

Name = tuple[str, ...]
"""A name's words in small letters without accents, sorted; empty where it is not known."""


def is_named(name: str | None, wanted: Collection[str]) -> bool:
    """Tell whether a player goes by one of the wanted names, whatever their spelling.

    A name of several words may stand in another order or be cut short: ``Carlsen, M`` is found as
    ``Magnus Carlsen``. One word, as a handle is, must be the whole name.
    """
    name = known(name)
    if name is None:
        return False
    return any(_is_one(name, other.strip()) for other in wanted)


def name_words(text: str | None) -> Name:
    """Take a name apart: ``Vachier-Lagrave, M.`` has three words, the handle ``kyle_b81`` one."""
    plain = _plain(known(text) or "")
    words = re.findall(r"[^\W_]+", plain)
    if not re.search(r"[\s,.]", plain.strip()):
        words = ["".join(words) or plain]
    return () if "".join(words) in _NOBODY else tuple(sorted(words))


def may_be_one_person(one: Name, other: Name) -> bool:
    """Tell whether two names do not contradict each other.

    The words of the shorter name must be found in the longer one, whole or cut short on either
    side, and at least one of them whole: ``Carlsen, M`` may be ``Magnus Carlsen``, ``J Polgar`` is
    not Susan. An unknown name fits everybody.
    """
    if not one or not other or one == other:
        return True
    # Sorted, so that the answer does not depend on the order of the two.
    shorter, longer = (list(name) for name in sorted((one, other), key=lambda n: (len(n), n)))
    whole = [word for word in shorter if word in longer and len(word) > 1]
    for word in [*shorter]:
        if word in longer:
            shorter.remove(word)
            longer.remove(word)
    for word in shorter:
        match = next((it for it in longer if it.startswith(word) or word.startswith(it)), None)
        if match is None:
            return False
        longer.remove(match)
    return bool(whole)


def _is_one(name: str, wanted: str) -> bool:
    if name.casefold() == wanted.casefold():
        return True
    if not (_has_words(name) and _has_words(wanted)):
        return False
    one, other = name_words(name), name_words(wanted)
    return bool(one and other) and may_be_one_person(one, other)


def _has_words(name: str) -> bool:
    return re.search(r"[\s,]", name) is not None


# PGN's own words for a player whose name was lost.
_NOBODY = {"", "nn", "unknown"}

# Letters that Unicode does not take apart into a letter and an accent.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe"})


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return letters.translate(_LETTERS)
