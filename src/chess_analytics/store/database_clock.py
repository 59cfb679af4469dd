"""What time it is on PostgreSQL's clock, without asking for it in every transaction."""

from collections.abc import MutableMapping
from time import monotonic
from typing import Any

# Whatever somebody does to the database's clock is known after so long; a lease lasts a minute.
_KNOWN_FOR_S = 1.0
_TOLD = "database_clock"

ASK_MS = "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)"
"""The time there in milliseconds since 1970."""


def note_ms(info: MutableMapping[Any, Any], ms: int) -> None:
    """Note what a connection was told just now.

    The answer is some moments old, so that what is reckoned from it never runs ahead.
    """
    info[_TOLD] = (ms, monotonic())


def known_ms(info: MutableMapping[Any, Any]) -> int | None:
    """Reckon the time from what a connection was told; nothing if that is too long ago."""
    ms, told_s = info.get(_TOLD, (0, float("-inf")))
    since_s = monotonic() - told_s
    return int(ms + since_s * 1000) if since_s < _KNOWN_FOR_S else None
