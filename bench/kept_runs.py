"""Runs of the measurements, kept on disk: one that was stopped goes on where it ended.

A run is named by everything that decides its numbers, as those of users are, so reading it is as
good as making it again. Delete the folder to do without.
"""

import base64
import json
import resource
from dataclasses import dataclass
from pathlib import Path

from chess_analytics.actions.analyse_game import analyse_game, settings_key
from chess_analytics.engine.discovery import find_engine
from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.engine.profile import Profile
from chess_analytics.engine.uci import UciEngine, UciSettings
from chess_analytics.games.fingerprint import moves_key
from chess_analytics.games.model import Game
from chess_analytics.store.packing import pack, unpack

FOLDER = Path(__file__).parents[1] / "out" / "bench-runs"


@dataclass(frozen=True, slots=True)
class KeptRun:
    """One game's evaluations at one budget, and what they cost."""

    evaluations: tuple[Evaluation | None, ...]
    nodes: int
    cpu_s: float
    """CPU time of the engine."""


def run_or_read(profile: Profile, game: Game) -> KeptRun:
    """Read a run, or make it with an engine of its own: no game sees what another left behind."""
    with UciEngine(find_engine(None), UciSettings()) as engine:
        key = settings_key(engine.identity, profile)
        file = FOLDER / f"{profile.name}-{key}" / f"{moves_key(game)}.json"
        if file.exists():
            return _read(file)
        before_s = _engines_cpu_s()
        run = analyse_game(game, engine, profile)
    kept = KeptRun(run.evaluations, run.nodes, _engines_cpu_s() - before_s)
    _write(file, kept)
    return kept


def _engines_cpu_s() -> float:
    """Add up the CPU time of the processes that this one has started and that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _read(file: Path) -> KeptRun:
    kept = json.loads(file.read_text())
    return KeptRun(unpack(base64.b64decode(kept["evaluations"])), kept["nodes"], kept["cpu_s"])


def _write(file: Path, run: KeptRun) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(
        {
            "nodes": run.nodes,
            "cpu_s": run.cpu_s,
            "evaluations": base64.b64encode(pack(run.evaluations)).decode(),
        }
    )
    part = file.with_suffix(".part")
    part.write_text(text)
    part.replace(file)
