"""What it saves that games share their first positions, over a whole archive."""

from itertools import islice
from pathlib import Path
from typing import Any

from bench.archives import archive_files
from chess_analytics.actions.analyse_game import analyse_game
from chess_analytics.actions.share_evaluations import SharedEvaluations
from chess_analytics.engine.discovery import find_engine
from chess_analytics.engine.evaluation import Evaluation, SearchRequest
from chess_analytics.engine.profile import FAST
from chess_analytics.engine.uci import UciEngine, UciSettings
from chess_analytics.games.fingerprint import Seen
from chess_analytics.games.model import Game
from chess_analytics.games.positions import SHARED_PLIES, boards, shared_fens
from chess_analytics.sources.files import read_paths

GAMES = 1000
# So many games are analysed to their end; of the others only the first positions are searched,
# which is all that games share.
WHOLE_GAMES = 12


def measure() -> dict[str, Any]:
    """Search the first positions of a whole archive once for all its games, with a real engine."""
    return {file.name: _measure(file) for file in archive_files()[:1]}


def _measure(file: Path) -> dict[str, Any]:
    games = _games(file)
    shared = SharedEvaluations()
    with UciEngine(find_engine(None), UciSettings()) as engine:
        searched = sum(_search_first(game, engine, shared) for game in games)
        whole = [analyse_game(game, engine, FAST, shared=shared) for game in games[:WHOLE_GAMES]]
    looked_up = sum(len(shared_fens(game)) for game in games)
    nodes_a_game = sum(run.nodes for run in whole) / len(whole)
    unshared = sum(item.nodes for game in games for item in _known(game, shared))
    return {
        "games": len(games),
        "profile": FAST.name,
        "first_positions": looked_up,
        "searched": searched,
        "hit_rate": round(1 - searched / looked_up, 3),
        "hit_rate_by_ply": _by_ply(games),
        "repeated_later": _repeated_later(games),
        "first_positions_nodes_a_game_alone": round(unshared / len(games)),
        "first_positions_nodes_a_game_shared": round(unshared / len(games) * searched / looked_up),
        "nodes_a_game_alone": round(nodes_a_game),
        "nodes_saved_share": round(
            unshared / len(games) * (1 - searched / looked_up) / nodes_a_game, 3
        ),
    }


def _games(file: Path) -> list[Game]:
    seen = Seen()
    entries = (entry for entry in read_paths([str(file)]) if isinstance(entry, Game))
    return list(islice((game for game in entries if seen.add(game) is None), GAMES))


def _search_first(game: Game, engine: UciEngine, shared: SharedEvaluations) -> int:
    searched = 0
    for fen in shared_fens(game).values():
        if shared.get(fen) is None:
            engine.new_game()
            shared.put(fen, engine.search(SearchRequest(fen, (), FAST.shared_nodes)))
            searched += 1
    return searched


def _known(game: Game, shared: SharedEvaluations) -> list[Evaluation]:
    found = (shared.get(fen) for fen in shared_fens(game).values())
    return [item for item in found if item]


def _by_ply(games: list[Game]) -> list[float]:
    """Tell for each of the first plies how often its position was there in an earlier game."""
    seen: set[str] = set()
    hits, looks = [0] * (SHARED_PLIES + 1), [0] * (SHARED_PLIES + 1)
    for game in games:
        fens = shared_fens(game)
        for index, fen in fens.items():
            looks[index] += 1
            hits[index] += fen in seen
        seen |= set(fens.values())
    return [round(hit / max(1, look), 2) for hit, look in zip(hits, looks, strict=True)][1:]


def _repeated_later(games: list[Game]) -> float:
    """Tell how often a position after the shared plies was there in an earlier game."""
    seen: set[str] = set()
    hits = looks = 0
    for game in games:
        later = [board.epd() for index, board in enumerate(boards(game)) if index > SHARED_PLIES]
        hits += sum(epd in seen for epd in later)
        looks += len(later)
        seen |= set(later)
    return round(hits / looks, 3)
