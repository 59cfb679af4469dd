"""Write the description of the API anew: docs/reference/openapi.json, by `just openapi`.

A test compares it with what the application says of itself, so that no change goes unseen.
"""

import json
from pathlib import Path

from chess_analytics.api.app import create_app
from chess_analytics.settings import Settings

FILE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "openapi.json"


def described() -> str:
    """Give the description as the file holds it; it depends on nobody's settings."""
    api = create_app(Settings.model_construct()).openapi()
    return json.dumps(api, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(described(), encoding="utf-8")
    print(f"written: {FILE}")
