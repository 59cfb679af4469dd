"""The sample archive that comes with the package."""

from importlib import resources
from pathlib import Path

SAMPLE = Path(str(resources.files(__name__))) / "lichess-sample.ndjson.gz"

SAMPLE_PLAYERS = ("aleksandr", "aaron", "iryna", "hans")
"""Whose games it is made of: in each of them one of these names plays."""
