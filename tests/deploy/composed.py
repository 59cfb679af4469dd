"""What deploy/compose.yaml says, merged and with its variables filled in."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
_VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)([^}]*)\}")


@cache
def compose() -> dict[str, Any]:
    """Give the whole file."""
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return read


def services() -> dict[str, dict[str, Any]]:
    """Give the services by name."""
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def roles() -> dict[str, dict[str, Any]]:
    """Give the services that run our own image."""
    return {name: it for name, it in services().items() if it["image"] == "chess-analytics"}


def variables(value: Any) -> list[tuple[str, str]]:
    """List the variables in a value, however deep, and what stands after each one's name."""
    if isinstance(value, str):
        return _VARIABLE.findall(value)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [found for part in parts for found in variables(part)]


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of variables, as compose does."""
    return _VARIABLE.sub(lambda found: values[found[1]], text).replace("$$", "$")


def seconds(duration: str) -> int:
    """Understand a duration in seconds."""
    assert duration.endswith("s")
    return int(duration.removesuffix("s"))
