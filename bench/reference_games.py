"""Real games with a deep reference, in sets: some the profiles were chosen with, others not."""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import chess
import chess.pgn
from tests.shared_data import shared_folder

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.games.model import Game, Place
from chess_analytics.games.pgn import read_one_game

OWN_REFERENCES = Path(__file__).parent / "references"
HELD_OUT = OWN_REFERENCES / "held_out"
# A mate in n moves is spelled ±(100,000 - n).
MATE = 100_000
_MATES_FROM = 90_000


class ReferenceSet(StrEnum):
    """Where a reference comes from; what each set was used for stands in references/README.md."""

    SHARED = "shared"
    """The shared test data."""
    OWN = "own"
    """Files of the project."""
    HELD_OUT = "held_out"
    """Files of the project that nobody has looked at to choose a constant of the product."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A game, and what 2,000,000 nodes say of each of its positions."""

    game: Game
    evaluations: tuple[Evaluation | None, ...]
    set: ReferenceSet


def read_references() -> list[Reference]:
    """Read all of them, those in the shared test data first; the start counts as on Lichess."""
    shared = shared_folder()
    files = sorted((shared / "reference_evals").glob("*.json")) if shared else []
    found = [(file, json.loads(file.read_text())) for file in files]
    found += [(file, read_lines(file)) for file in own_files()]
    return [
        Reference(_game(record, file, number), _evaluations(record), _set(file))
        for file, records in found
        for number, record in enumerate(records, start=1)
    ]


def own_files() -> list[Path]:
    """List the files of references that are part of the project, the held-out ones last."""
    return [
        file for folder in (OWN_REFERENCES, HELD_OUT) for file in sorted(folder.glob("*.jsonl"))
    ]


def own_ids() -> set[str]:
    """Name the games of those files."""
    return {record["id"] for file in own_files() for record in read_lines(file)}


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def _set(file: Path) -> ReferenceSet:
    sets = {OWN_REFERENCES: ReferenceSet.OWN, HELD_OUT: ReferenceSet.HELD_OUT}
    return sets.get(file.parent, ReferenceSet.SHARED)


def _game(record: dict[str, Any], file: Path, number: int) -> Game:
    tree = chess.pgn.Game()
    tree.add_line([chess.Move.from_uci(uci) for uci in record["moves"]])
    game = read_one_game(str(tree), Place(file.name, number, None), {})
    assert isinstance(game, Game)
    return game


def _evaluations(record: dict[str, Any]) -> tuple[Evaluation | None, ...]:
    found = [
        _evaluation(cp, best) for cp, best in zip(record["white_cp"], record["best"], strict=True)
    ]
    # Every review of a game from the standard position starts from the same score.
    return (None, *found[1:])


def _evaluation(cp: int | None, best: str | None) -> Evaluation | None:
    if cp is None or abs(cp) == MATE:
        return None
    mate = MATE - abs(cp)
    score = Score(cp) if abs(cp) < _MATES_FROM else Score(mate=mate if cp > 0 else -mate)
    return Evaluation(Line(score, (best,) if best else ()))
