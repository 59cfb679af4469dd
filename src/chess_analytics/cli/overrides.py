"""Read the settings; what a command's option says goes before what the environment says."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.settings import Settings


class SettingRefused(ChessAnalyticsError):
    """A setting has a value that it cannot have."""


def read_settings(**options: str | int | Path | None) -> Settings:
    """Read the environment, then put the options that were given over it.

    Raises:
        SettingRefused: a value cannot be understood, or two do not fit together.
    """
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = "; ".join(map(_spell, error.errors()))
        raise SettingRefused(f"a setting cannot be used: {wrong}") from error


def _spell(fault: ErrorDetails) -> str:
    message = fault["msg"].removeprefix("Value error, ")
    if not fault["loc"]:
        # It concerns several settings, and says which; the values may hold secrets.
        return message
    return f"CHESS_ANALYTICS_{str(fault['loc'][0]).upper()}={fault['input']!r}: {message}"
