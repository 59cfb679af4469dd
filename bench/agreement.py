"""How well budgets agree with a deep reference: uniform runs beside the profiles.

The references are real games with 2,000,000 nodes a position, in the shared test data. Nothing in
the code is fitted to them; the F1 of three folds shows how much the figures differ by chance.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import chess
import chess.pgn
from tests.shared_data import shared_folder

from chess_analytics.actions.analyse_game import analyse_game
from chess_analytics.engine.discovery import find_engine
from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.engine.profile import FAST, STANDARD, Profile, uniform
from chess_analytics.engine.uci import UciEngine, UciSettings
from chess_analytics.games.model import Game, Place
from chess_analytics.games.pgn import read_one_game
from chess_analytics.review.judge import Review, judge_game

REFERENCE_NODES = 2_000_000
UNIFORM_NODES = (50_000, 100_000, 200_000, 400_000)
_MATE = 100_000
_MATES_FROM = 90_000


@dataclass(slots=True)
class Agreement:
    """What one budget got right, added up over games."""

    hits: int = 0
    """Moves judged as the reference judges them."""
    false: int = 0
    """Moves judged otherwise than in the reference, or not judged there."""
    missed: int = 0
    """Moves that the reference judges, and this not so."""
    same: int = 0
    moves: int = 0
    nodes: int = 0
    positions: int = 0
    cpu_s: float = 0.0
    loss_errors: list[float] = field(default_factory=list)
    accuracy_errors: list[float] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(1, 2 * self.hits + self.false + self.missed)

    def add(self, other: "Agreement") -> None:
        for name in ("hits", "false", "missed", "same", "moves", "nodes", "positions", "cpu_s"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.loss_errors += other.loss_errors
        self.accuracy_errors += other.accuracy_errors

    def row(self) -> dict[str, Any]:
        return {
            "nodes_a_position": round(self.nodes / self.positions),
            "engine_s": round(self.cpu_s, 1),
            "f1": round(self.f1, 3),
            "agreement": round(self.same / self.moves, 3),
            "loss_error": round(statistics.fmean(self.loss_errors), 3),
            "game_accuracy_error": round(statistics.fmean(self.accuracy_errors), 2),
        }


def measure() -> dict[str, Any]:
    """Hold uniform budgets and the profiles fast and standard against the references."""
    return measure_budgets([uniform(nodes) for nodes in UNIFORM_NODES] + [FAST, STANDARD])


def measure_budgets(budgets: Sequence[Profile], folds: int = 3) -> dict[str, Any]:
    """Run every budget over every reference game; no game sees what another one left behind."""
    references = read_references()
    results: dict[str, Any] = {"games": len(references)}
    for profile in budgets:
        parts = _run(profile, references)
        total = _sum(parts)
        by_fold = [round(_sum(parts[fold::folds]).f1, 3) for fold in range(folds)]
        results[profile.name] = {**total.row(), "f1_of_folds": by_fold}
        print(json.dumps({profile.name: results[profile.name]}), flush=True)
    return results


def measure_ceiling(games: int = 5) -> dict[str, Any]:
    """Search the shortest reference games again with as many nodes, in our own order.

    Where two deep references do not agree with each other, no budget can be held to either.
    """
    references = sorted(read_references(), key=lambda reference: len(reference[0].moves))[:games]
    total = _sum(_run(replace(uniform(REFERENCE_NODES), second_nodes=0), references))
    return {"games": len(references), "moves": total.moves, **total.row()}


def read_references() -> list[tuple[Game, tuple[Evaluation | None, ...]]]:
    """Read the reference games with one evaluation a position; the start counts as on Lichess."""
    folder = shared_folder()
    if folder is None:
        raise SystemExit("the reference evaluations lie in the shared test data, which is not here")
    return [
        (_game(record, file, number), _evaluations(record))
        for file in sorted((folder / "reference_evals").glob("*.json"))
        for number, record in enumerate(json.loads(file.read_text()), start=1)
    ]


def compare(run: Review, reference: Review) -> Agreement:
    """Hold one review of a game against another one, move by move."""
    found = Agreement(moves=len(run.moves))
    for ours, theirs in zip(run.moves, reference.moves, strict=True):
        is_same = ours.judgment == theirs.judgment
        found.same += is_same
        found.hits += is_same and ours.judgment is not None
        found.false += not is_same and ours.judgment is not None
        found.missed += not is_same and theirs.judgment is not None
        found.loss_errors.append(abs(ours.loss - theirs.loss))
    for ours_side, their_side in ((run.white, reference.white), (run.black, reference.black)):
        if ours_side.accuracy is not None and their_side.accuracy is not None:
            found.accuracy_errors.append(abs(ours_side.accuracy - their_side.accuracy))
    return found


def _run(
    profile: Profile, references: Sequence[tuple[Game, tuple[Evaluation | None, ...]]]
) -> list[Agreement]:
    # Whole games in processes of their own: the engines then keep every core at work.
    work: Callable[[tuple[Game, tuple[Evaluation | None, ...]]], Agreement]
    work = partial(_one_game, profile)
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        return list(processes.map(work, references))


def _one_game(profile: Profile, reference: tuple[Game, tuple[Evaluation | None, ...]]) -> Agreement:
    game, evaluations = reference
    with UciEngine(find_engine(None), UciSettings()) as engine:
        began = time.monotonic()
        run = analyse_game(game, engine, profile)
        seconds = time.monotonic() - began
    found = compare(judge_game(game, run.evaluations), judge_game(game, evaluations))
    found.nodes, found.positions, found.cpu_s = run.nodes, len(run.evaluations), seconds
    return found


def _sum(parts: Sequence[Agreement]) -> Agreement:
    total = Agreement()
    for part in parts:
        total.add(part)
    return total


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
    if cp is None or abs(cp) == _MATE:
        return None
    mate = _MATE - abs(cp)
    score = Score(cp) if abs(cp) < _MATES_FROM else Score(mate=mate if cp > 0 else -mate)
    return Evaluation(Line(score, (best,) if best else ()))
