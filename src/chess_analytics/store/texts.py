"""Texts as both databases can hold them, and as they are compared."""

import re
import unicodedata

# PostgreSQL holds no zero character, and neither database half a character (a lone surrogate).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# PostgreSQL refuses rows of an index beyond 2704 bytes; no real name is near this.
_KEY_CHARACTERS = 120


def storable(text: str) -> str:
    """Put U+FFFD, the sign for an unknown character, where a database could hold none."""
    return _UNSTORABLE.sub("\ufffd", text)


def storable_or_none(text: str | None) -> str | None:
    """Do the same where there may be no text."""
    return None if text is None else storable(text)


def search_key(text: str) -> str:
    """Reduce a name to what people type to find it: small letters, no accents, single spaces.

    >>> search_key("  Grünfeld  Defense")
    'grunfeld defense'
    """
    # Taken apart first: some letters hide a capital one inside.
    small = unicodedata.normalize("NFKD", storable(text)).casefold()
    apart = unicodedata.normalize("NFKD", small)
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(letters.split())[:_KEY_CHARACTERS].rstrip()
