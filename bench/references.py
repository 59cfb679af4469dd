"""Make deep references of real games: every position with 2,000,000 nodes, backwards.

Usage: python -m bench.references INPUT OUTPUT [GAMES]. Games are drawn by a fixed seed; those that
are references already are left out, so a second start goes on where the first one ended. Three to
six minutes of one core a game. Write new ones to references/held_out (see the README there).
"""

import json
import random
import sys
from pathlib import Path
from typing import Any

from bench.reference_games import MATE, own_ids, read_lines
from chess_analytics.engine.discovery import find_engine
from chess_analytics.engine.evaluation import Evaluation, SearchRequest
from chess_analytics.engine.uci import UciEngine, UciSettings
from chess_analytics.games.fingerprint import game_id
from chess_analytics.games.model import Game, Variant
from chess_analytics.games.positions import boards, sans
from chess_analytics.sources.files import read_paths

NODES = 2_000_000
# The same as those references in the shared test data that were made for this project.
SETTINGS = UciSettings(hash_mb=256, niceness=19)
_SHORTEST, _LONGEST = 30, 130
_SEED = 2026


def main() -> None:
    source, output, games = sys.argv[1], Path(sys.argv[2]), int((*sys.argv[3:], "20")[0])
    done = own_ids()
    if output.exists():
        done |= {record["id"] for record in read_lines(output)}
    with UciEngine(find_engine(None), SETTINGS) as engine, output.open("a") as lines:
        for game in _draw(source, games):
            if game_id(game) not in done:
                print(json.dumps(_refer(game, engine)), file=lines, flush=True)


def _draw(source: str, count: int) -> list[Game]:
    found = [
        entry
        for entry in read_paths([source])
        if isinstance(entry, Game)
        and entry.variant is Variant.STANDARD
        and _SHORTEST <= len(entry.moves) <= _LONGEST
    ]
    return random.Random(_SEED).sample(found, count)


def _refer(game: Game, engine: UciEngine) -> dict[str, Any]:
    moves = tuple(played.move.uci() for played in game.moves)
    engine.new_game()
    found: list[Evaluation | None] = [None] * (len(moves) + 1)
    positions = [board.copy(stack=False) for board in boards(game)]
    for index in reversed(range(len(positions))):
        if any(positions[index].legal_moves):
            request = SearchRequest(game.initial_fen, moves[:index], NODES)
            found[index] = engine.search(request)
    return {
        "id": game_id(game),
        "source": Path(game.place.source).name,
        "san": " ".join(sans(game)),
        "moves": moves,
        "white_cp": [
            _white_cp(item, is_mate=board.is_checkmate())
            for item, board in zip(found, positions, strict=True)
        ],
        "best": [item.best if item else None for item in found],
        "engine": engine.identity.name,
        "nodes": NODES,
    }


def _white_cp(evaluation: Evaluation | None, *, is_mate: bool) -> int | None:
    """Spell a score as the references do: mate in n moves is ±(100,000 - n)."""
    if evaluation is None:
        return None if is_mate else 0
    score = evaluation.score
    if score.mate is None:
        return score.cp
    return MATE - score.mate if score.mate > 0 else -MATE - score.mate


if __name__ == "__main__":
    main()
