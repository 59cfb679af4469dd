"""Look into JSON that somebody else wrote: a field of the wrong kind counts as absent."""

import math
from collections.abc import Mapping

JsonObject = Mapping[str, object]

# A UUID has 36 characters.
LONGEST_IDENTIFIER = 64


def member(value: JsonObject, *path: str) -> JsonObject:
    """Give the object at a path; an empty one where there is none."""
    found: object = value
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def text(value: JsonObject, key: str) -> str:
    """Give a string that any file or database can hold; empty where there is none."""
    found = value.get(key)
    if not isinstance(found, str):
        return ""
    # JSON can write half a character (a lone surrogate), which no encoding has a form for.
    clean = found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return clean.replace("\0", "\ufffd")


def identifier(value: JsonObject, key: str) -> str | None:
    """Give a name as sites give it to a game; nothing that is too long for an index."""
    found = text(value, key)
    return found if 0 < len(found) <= LONGEST_IDENTIFIER else None


def whole(value: JsonObject, key: str) -> int | None:
    """Give a number without its fraction."""
    found = value.get(key)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    if isinstance(found, float) and not math.isfinite(found):
        return None
    return int(found)


def items(value: JsonObject, key: str) -> list[object]:
    """Give a list; an empty one where there is none."""
    found = value.get(key)
    return found if isinstance(found, list) else []
