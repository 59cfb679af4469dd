"""The games that the measurements read: the shared archives where they are, else the sample."""

from itertools import islice
from pathlib import Path

from tests.shared_data import shared_folder

from chess_analytics.games.model import Game
from chess_analytics.samples import SAMPLE
from chess_analytics.sources.files import read_paths


def archive_files() -> list[Path]:
    """List whole archives of real players: some thousand games, or the 64 of the sample."""
    folder = shared_folder()
    names = ("lichess_jacobaharris.pgn", "chesscom_kyle_b81.pgn")
    return [folder / "archives" / name for name in names] if folder else [SAMPLE]


def some_games(count: int) -> list[Game]:
    """Give real games of the sample to analyse."""
    games = (entry for entry in read_paths([str(SAMPLE)]) if isinstance(entry, Game))
    return list(islice(games, count))
