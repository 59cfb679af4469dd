"""Load what Lichess published: games, its evaluations, and what it said of every ply.

python-chess and json do the reading, so that this is also a check of our own readers.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chess
import chess.pgn

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.games.model import Game, PlayedMove, Result, Variant
from tests.builders import HERE, game_from

Evaluations = list[Evaluation | None]

_SENTENCE = re.compile(r"(?:[\w ]+)\.(?: (?P<best>\S+) was best\.)?$")
_NAGS = {
    chess.pgn.NAG_DUBIOUS_MOVE: "inaccuracy",
    chess.pgn.NAG_MISTAKE: "mistake",
    chess.pgn.NAG_BLUNDER: "blunder",
}


@dataclass(frozen=True, slots=True)
class Published:
    """What the source says of one ply."""

    judgment: str | None
    comment: str
    """A sentence such as ``Inaccuracy. h4 was best.``, or nothing."""
    best: str | None
    """UCI where the source is JSON, absent where it names none."""


@dataclass(frozen=True, slots=True)
class GoldGame:
    """A game, the evaluations that came with it (index 0 the start), and what was said of it."""

    id: str
    game: Game
    evaluations: Evaluations
    published: list[Published]
    """One item a ply."""


def pgn_games(path: Path) -> Iterator[GoldGame]:
    """Read an annotated PGN file; a game without an id is named by its place in the file."""
    with path.open(encoding="utf-8") as file:
        number = 0
        while parsed := chess.pgn.read_game(file):
            number += 1
            site = parsed.headers.get("Site", "")
            yield _pgn_game(parsed, site.rsplit("/", 1)[-1] if "/" in site else f"game{number:04}")


def api_game(answer: dict[str, Any]) -> GoldGame:
    """Read one answer of Lichess's API that carries an analysis."""
    board = chess.Board()
    moves = []
    for ply, san in enumerate(answer["moves"].split(), start=1):
        move = board.parse_san(san)
        moves.append(PlayedMove(ply, move, san))
        board.push(move)
    game = Game({}, Variant.STANDARD, chess.STARTING_FEN, tuple(moves), Result.UNKNOWN, "", HERE)
    said = answer["analysis"] + [{}] * (len(moves) - len(answer["analysis"]))
    evaluations: Evaluations = [None]
    evaluations += [_evaluation(item.get("eval"), item.get("mate")) for item in said]
    return GoldGame(answer["id"], game, evaluations, [_said_in_json(item) for item in said])


def ndjson_games(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a gzipped file with one JSON object a line."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def with_line(evaluations: Evaluations, index: int, *moves: str) -> Evaluations:
    """Give the evaluation of one position a best line; the start gets Lichess's 15 centipawns."""
    known = evaluations[index] or Evaluation(Line(Score(cp=15), ()))
    changed = list(evaluations)
    changed[index] = Evaluation(Line(known.score, moves))
    return changed


def _pgn_game(parsed: chess.pgn.Game, name: str) -> GoldGame:
    game = game_from(parsed)
    evaluations: Evaluations = [None]
    for played in game.moves:
        given = played.supplied
        evaluations.append(_evaluation(given.cp, given.mate) if given else None)
    return GoldGame(name, game, evaluations, [_said_in_pgn(node) for node in parsed.mainline()])


def _said_in_pgn(node: chess.pgn.ChildNode) -> Published:
    comment = re.sub(r"\[%\w+ [^\]]*\]", "", node.comment).strip()
    judgment = next((_NAGS[nag] for nag in sorted(node.nags) if nag in _NAGS), None)
    return Published(judgment, comment, None)


def _said_in_json(item: dict[str, Any]) -> Published:
    judgment = item.get("judgment")
    return Published(
        judgment["name"].lower() if judgment else None,
        judgment["comment"] if judgment else "",
        item.get("best"),
    )


def _evaluation(cp: int | None, mate: int | None) -> Evaluation | None:
    return None if cp is None and mate is None else Evaluation(Line(Score(cp, mate), ()))
