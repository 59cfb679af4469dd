"""Understand what Chess.com answers: a list of months, one month's games, or that there is none."""

import json
import re
from collections import deque
from typing import IO

import ijson  # type: ignore[import-untyped]

from chess_analytics.sources.answer import Answer
from chess_analytics.sources.formats import Format, format_of
from chess_analytics.sources.http import Hiccup, SourceRefused
from chess_analytics.sources.json_fields import JsonObject, items, text

_JSON = ("application/json", "application/ld+json")
_MONTH = re.compile("/games/((?:19|20)[0-9]{2}/(?:0[1-9]|1[0-2]))/?")

# Five times what a player of ten thousand games a month would have.
_MOST_MONTH_BYTES = 256_000_000
_MOST_LIST_BYTES = 1_000_000
_MOST_WORDS_BYTES = 65_536
_HEAD_BYTES = 64
_LONGEST_NAME = 80


def listed_months(answer: Answer) -> tuple[list[str], list[str]]:
    """Give the months (``YYYY/MM``) of which there are games, and what else the list holds.

    Only year and month are taken from the addresses in it: we go where the settings say.
    """
    answer.expect(_JSON)
    listed = _object(answer.document(_MOST_LIST_BYTES))
    if not isinstance(listed.get("archives"), list):
        raise Hiccup("Chess.com's answer is not a list of months")
    months, odd = set(), []
    for address in items(listed, "archives"):
        found = _MONTH.search(address) if isinstance(address, str) else None
        if found and found.end() == len(found.string):
            months.add(found[1])
        else:
            odd.append(ascii(address)[:_LONGEST_NAME])
    return sorted(months), odd


def keep_month(answer: Answer, file: IO[bytes]) -> None:
    """Write the games of a month to a file, once all of them have come.

    Raises:
        Hiccup: the month breaks off or is damaged.
        SourceRefused: it is something else.
    """
    answer.expect(_JSON)
    # An earlier try may have left its part.
    file.seek(0)
    file.truncate()
    answer.copy_to(file, _MOST_MONTH_BYTES)
    file.seek(0)
    try:
        # Cheap, and the only proof where an answer does not say how long it is.
        deque(ijson.basic_parse(file, use_float=True), maxlen=0)
    except (ijson.JSONError, ValueError, OverflowError) as error:
        raise Hiccup("a month of games from Chess.com arrived damaged") from error
    file.seek(0)
    if format_of(file.read(_HEAD_BYTES)) is not Format.JSON_MONTH:
        raise SourceRefused(
            "Chess.com's answer is not a month of games. Export the games as a file there, and "
            "import that."
        )
    file.seek(0)


def tell_failure_from_absence(answer: Answer) -> None:
    """Raise a Hiccup for a failure that Chess.com reports as «not found» (404), as it does."""
    message = text(_object(answer.document(_MOST_WORDS_BYTES)), "message")
    if "internal error" in message.lower():
        raise Hiccup("Chess.com has an error of its own, by its own words")


def _object(document: bytes) -> JsonObject:
    try:
        value = json.loads(document)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
