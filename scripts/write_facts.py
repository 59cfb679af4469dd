"""Write the dictionary of facts anew: docs/reference/facts.md, by `just facts`.

A test compares it with the columns that the code defines.
"""

from pathlib import Path

from chess_analytics.insights.dictionary import described

FILE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "facts.md"


if __name__ == "__main__":
    FILE.write_text(described(), encoding="utf-8")
    print(f"written: {FILE}")
