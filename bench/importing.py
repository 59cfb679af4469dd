"""How many games a second one core imports: read, fingerprint, opening, clocks."""

import time
from typing import Any

from bench.archives import archive_files
from chess_analytics.games.clocks import seconds_spent, speed
from chess_analytics.games.fingerprint import Seen
from chess_analytics.games.model import Game
from chess_analytics.games.openings import name_opening
from chess_analytics.sources.files import read_paths

GOAL_GAMES_PER_S = 500


def measure() -> dict[str, Any]:
    """Import whole archives on one core."""
    return {file.name: _import(str(file)) for file in archive_files()}


def _import(file: str) -> dict[str, float]:
    seen, games, named = Seen(), 0, 0
    began = time.process_time()
    for entry in read_paths([file]):
        if isinstance(entry, Game):
            games += 1
            seen.add(entry)
            named += name_opening(entry) is not None
            seconds_spent(entry)
            speed(entry)
    took = time.process_time() - began
    return {
        "games": games,
        "named_openings": named,
        "cpu_s": round(took, 2),
        "games_per_s": round(games / took),
        "goal": GOAL_GAMES_PER_S,
    }
