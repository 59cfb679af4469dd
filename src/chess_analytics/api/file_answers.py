"""Answers that a browser keeps as files."""

import re
from datetime import UTC, datetime

# Such a name goes through a header, and onto any disk.
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")
_MOST_LETTERS = 40


def as_file(name: str, content_type: str) -> dict[str, str]:
    """Give the headers with which an answer becomes a file; its content is nobody's to guess."""
    return {
        "content-type": content_type,
        "content-disposition": f'attachment; filename="{name}"',
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }


def safe_name(text: str) -> str:
    """Reduce a name to what can be part of a file's name everywhere."""
    return _UNSAFE.sub("-", text)[:_MOST_LETTERS].strip("-.")


def day_of(at_ms: int) -> str:
    """Write the day of a moment: ``2026-11-24``."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()
