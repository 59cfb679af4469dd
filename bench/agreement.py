"""How well budgets agree with a deep reference: uniform runs beside the profiles.

The references are real games with 2,000,000 nodes a position (`bench.reference_games`). Their sets,
which the profiles were chosen with or never saw, are told apart; how far figures differ
by chance is told by drawing the games again and again (bootstrap).
"""

import argparse
import json
import os
import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any

from bench.keep_results import keep_results
from bench.kept_runs import KeptRun, run_or_read
from bench.reference_games import Reference, ReferenceSet, read_references
from chess_analytics.engine.profile import FAST, STANDARD, Profile, uniform
from chess_analytics.review.judge import Review, judge_game

REFERENCE_NODES = 2_000_000
UNIFORM_NODES = (50_000, 100_000, 200_000, 400_000)
BUDGETS = {profile.name: profile for profile in (*map(uniform, UNIFORM_NODES), FAST, STANDARD)}
# Which uniform run each profile is to equal, with half of its nodes or less.
PROMISES = {FAST.name: uniform(100_000).name, STANDARD.name: uniform(400_000).name}
ALL = "all"
_DRAWS = 2000


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
    """Of each side of each game, in points: too high is above 0."""

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(1, 2 * self.hits + self.false + self.missed)

    @property
    def accuracy_error(self) -> float:
        """Mean absolute error of a side's accuracy in a game, in points."""
        return statistics.fmean(map(abs, self.accuracy_errors))

    def add(self, other: "Agreement") -> None:
        for name in ("hits", "false", "missed", "same", "moves", "nodes", "positions", "cpu_s"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.loss_errors += other.loss_errors
        self.accuracy_errors += other.accuracy_errors

    def row(self) -> dict[str, Any]:
        return {
            "nodes_a_position": round(self.nodes / self.positions),
            "cpu_s": round(self.cpu_s, 1),
            "f1": round(self.f1, 3),
            "agreement": round(self.same / self.moves, 3),
            "loss_error": round(statistics.fmean(self.loss_errors), 3),
            "game_accuracy_error": round(self.accuracy_error, 2),
            "game_accuracy_bias": round(statistics.fmean(self.accuracy_errors), 2),
        }


def main() -> None:
    """Run the budgets over the games, print and keep what came out."""
    options = _options()
    references = list(_chosen(options.games, options.at_most))
    budgets = [BUDGETS[name] for name in options.budgets]
    keep_results({"agreement": measure(budgets, references, options.processes)})


def measure(
    budgets: Sequence[Profile], references: Sequence[Reference], processes: int
) -> dict[str, Any]:
    """Hold each budget against the references: all, and set by set."""
    found: dict[str, list[Agreement]] = {}
    for profile in budgets:
        found[profile.name] = _run(profile, references, processes)
        print(json.dumps({profile.name: _sum(found[profile.name]).row()}), flush=True)
    return figures(found, [reference.set for reference in references])


def figures(
    found: Mapping[str, Sequence[Agreement]], sets: Sequence[ReferenceSet]
) -> dict[str, Any]:
    """Add up what each budget got right in each game: over all, and by the set of the game."""
    there = [each for each in ReferenceSet if each in sets]
    by_set = {
        str(wanted): {
            budget: [row for row, each in zip(rows, sets, strict=True) if each is wanted]
            for budget, rows in found.items()
        }
        for wanted in there
    }
    return {name: _rows(rows) for name, rows in ({ALL: found} | by_set).items()}


def measure_ceiling(games: int = 5) -> dict[str, Any]:
    """Search the shortest reference games again with as many nodes, in our own order.

    Where two deep references do not agree with each other, no budget can be held to either.
    """
    shortest = sorted(read_references(), key=lambda reference: len(reference.game.moves))[:games]
    profile = replace(uniform(REFERENCE_NODES), second_nodes=0)
    total = _sum(_run(profile, shortest, os.cpu_count() or 1))
    return {"games": len(shortest), "moves": total.moves, **total.row()}


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
            found.accuracy_errors.append(ours_side.accuracy - their_side.accuracy)
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.agreement", description=__doc__)
    parser.add_argument("--games", choices=(ALL, *ReferenceSet), default=ALL)
    parser.add_argument("--at-most", type=int, default=None, help="so many games of each set")
    parser.add_argument("--budgets", nargs="+", choices=BUDGETS, default=list(BUDGETS))
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="games at a time")
    return parser.parse_args()


def _chosen(games: str, at_most: int | None) -> Iterator[Reference]:
    every = read_references()
    for wanted in ReferenceSet:
        if games in (ALL, wanted):
            yield from islice((each for each in every if each.set is wanted), at_most)


def _run(profile: Profile, references: Sequence[Reference], processes: int) -> list[Agreement]:
    # Whole games in processes of their own: the engines then keep every core at work.
    with ProcessPoolExecutor(processes) as pool:
        runs = pool.map(partial(run_or_read, profile), [each.game for each in references])
        return [_agreement(*pair) for pair in zip(references, runs, strict=True)]


def _agreement(reference: Reference, run: KeptRun) -> Agreement:
    found = compare(
        judge_game(reference.game, run.evaluations),
        judge_game(reference.game, reference.evaluations),
    )
    found.nodes, found.positions, found.cpu_s = run.nodes, len(run.evaluations), run.cpu_s
    return found


def _rows(found: Mapping[str, Sequence[Agreement]]) -> dict[str, Any]:
    some = next(iter(found.values()))
    results: dict[str, Any] = {"games": len(some), "moves": _sum(some).moves}
    results |= {name: _sum(rows).row() for name, rows in found.items()}
    for ours, theirs in PROMISES.items():
        if ours in found and theirs in found:
            results[f"{ours} against {theirs}"] = _difference(found[ours], found[theirs])
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


def _sum(parts: Sequence[Agreement]) -> Agreement:
    total = Agreement()
    for part in parts:
        total.add(part)
    return total


if __name__ == "__main__":
    main()
