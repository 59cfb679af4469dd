"""How well budgets agree with a deep reference: uniform runs beside the profiles.

The references are real games with 2,000,000 nodes a position: those in bench/references, and those
in the shared test data where it is there. Nothing in the code is fitted to them; how far figures
differ by chance is told by drawing the games again and again (bootstrap).
"""

import json
import os
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
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
# Which uniform run each profile is to equal, with half of its nodes or less.
PROMISES = {FAST.name: uniform(100_000).name, STANDARD.name: uniform(400_000).name}
_OWN_REFERENCES = Path(__file__).parent / "references"
_MATE = 100_000
_MATES_FROM = 90_000
_DRAWS = 2000


Reference = tuple[Game, tuple[Evaluation | None, ...]]
"""A game, and what 2,000,000 nodes say of each of its positions."""


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

    @property
    def accuracy_error(self) -> float:
        """Mean absolute error of a side's accuracy in a game, in points."""
        return statistics.fmean(self.accuracy_errors)

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
            "game_accuracy_error": round(self.accuracy_error, 2),
        }


def measure() -> dict[str, Any]:
    """Hold uniform budgets and the profiles fast and standard against the references."""
    budgets = [uniform(nodes) for nodes in UNIFORM_NODES] + [FAST, STANDARD]
    return measure_budgets(budgets, PROMISES)


def measure_budgets(
    budgets: Sequence[Profile], promises: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Run every budget over every reference game; no game sees what another one left behind.

    ``promises`` pairs names of budgets: the first is held against the second.
    """
    references = read_references()
    found: dict[str, list[Agreement]] = {}
    results: dict[str, Any] = {"games": len(references)}
    for profile in budgets:
        found[profile.name] = _run(profile, references)
        results[profile.name] = _sum(found[profile.name]).row()
        print(json.dumps({profile.name: results[profile.name]}), flush=True)
    for one, other in (promises or {}).items():
        results[f"{one} against {other}"] = _difference(found[one], found[other])
    return results


def _difference(ours: Sequence[Agreement], theirs: Sequence[Agreement]) -> dict[str, Any]:
    """Compare two budgets game by game; the intervals hold nine of ten draws of the games."""
    draws = random.Random(1)
    f1: list[float] = []
    errors: list[float] = []
    for _ in range(_DRAWS):
        chosen = draws.choices(range(len(ours)), k=len(ours))
        one, other = (_sum([parts[index] for index in chosen]) for parts in (ours, theirs))
        f1.append(one.f1 - other.f1)
        errors.append(one.accuracy_error - other.accuracy_error)
    one, other = _sum(ours), _sum(theirs)
    return {
        "nodes_ratio": round(one.nodes / other.nodes, 3),
        "f1_difference": round(one.f1 - other.f1, 3),
        "f1_difference_90": _interval(f1),
        "game_accuracy_error_difference": round(one.accuracy_error - other.accuracy_error, 2),
        "game_accuracy_error_difference_90": _interval(errors),
    }


def _interval(values: list[float]) -> list[float]:
    ordered = sorted(values)
    return [round(ordered[int(len(ordered) * share)], 3) for share in (0.05, 0.95)]


def measure_ceiling(games: int = 5) -> dict[str, Any]:
    """Search the shortest reference games again with as many nodes, in our own order.

    Where two deep references do not agree with each other, no budget can be held to either.
    """
    references = sorted(read_references(), key=lambda reference: len(reference[0].moves))[:games]
    total = _sum(_run(replace(uniform(REFERENCE_NODES), second_nodes=0), references))
    return {"games": len(references), "moves": total.moves, **total.row()}


def read_references() -> list[Reference]:
    """Read the reference games with one evaluation a position; the start counts as on Lichess."""
    shared = shared_folder()
    files = sorted((shared / "reference_evals").glob("*.json")) if shared else []
    found = [(file, json.loads(file.read_text())) for file in files]
    found += [
        (file, [json.loads(line) for line in file.read_text().splitlines()])
        for file in sorted(_OWN_REFERENCES.glob("*.jsonl"))
    ]
    return [
        (_game(record, file, number), _evaluations(record))
        for file, records in found
        for number, record in enumerate(records, start=1)
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


def _run(profile: Profile, references: Sequence[Reference]) -> list[Agreement]:
    # Whole games in processes of their own: the engines then keep every core at work.
    work: Callable[[Reference], Agreement]
    work = partial(_one_game, profile)
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        return list(processes.map(work, references))


def _one_game(profile: Profile, reference: Reference) -> Agreement:
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
