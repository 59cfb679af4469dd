"""Evaluations of a whole game as one compressed value."""

import json
import zlib
from collections.abc import Sequence
from typing import Any

from chess_analytics.engine.evaluation import Evaluation, Line, Score


def pack(evaluations: Sequence[Evaluation | None]) -> bytes:
    """Make one value of a game's evaluations; `unpack` gives exactly the same back."""
    text = json.dumps([_to_json(evaluation) for evaluation in evaluations], separators=(",", ":"))
    return zlib.compress(text.encode())


def unpack(packed: bytes) -> tuple[Evaluation | None, ...]:
    """Give back what `pack` was given."""
    return tuple(_from_json(item) for item in json.loads(zlib.decompress(packed)))


def _to_json(evaluation: Evaluation | None) -> list[Any] | None:
    if evaluation is None:
        return None
    second = _line_to_json(evaluation.second) if evaluation.second else None
    return [_line_to_json(evaluation.line), second, evaluation.depth, evaluation.nodes]


def _from_json(item: list[Any] | None) -> Evaluation | None:
    if item is None:
        return None
    line, second, depth, nodes = item
    return Evaluation(
        _line_from_json(line), _line_from_json(second) if second else None, depth, nodes
    )


def _line_to_json(line: Line) -> list[Any]:
    return [line.score.cp, line.score.mate, " ".join(line.moves)]


def _line_from_json(item: list[Any]) -> Line:
    cp, mate, moves = item
    return Line(Score(cp, mate), tuple(moves.split()))
