"""Read the settings; what a command's option says goes before what the environment says."""

from pathlib import Path

from pydantic import ValidationError

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.settings import Settings


class SettingRefused(ChessAnalyticsError):
    """A setting has a value that it cannot have."""


def read_settings(**options: str | int | Path | None) -> Settings:
    """Read the environment, then put the options that were given over it.

    Raises:
        SettingRefused: a variable of the environment cannot be understood.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"CHESS_ANALYTICS_{str(part['loc'][0]).upper()}={part['input']!r}: {part['msg']}"
            for part in error.errors()
        )
        raise SettingRefused(f"a setting cannot be used: {wrong}") from error
    given = {name: value for name, value in options.items() if value is not None}
    return settings.model_copy(update=given)
