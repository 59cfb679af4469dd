"""What our own code costs while an engine works, against a bare loop of ``go nodes``."""

import resource
import subprocess
import time
from typing import Any

from bench.archives import some_games
from chess_analytics.actions.analyse_game import analyse_game
from chess_analytics.engine.discovery import EngineCommand, find_engine
from chess_analytics.engine.evaluation import Evaluation, SearchRequest
from chess_analytics.engine.profile import FAST, STANDARD, Profile, uniform
from chess_analytics.engine.uci import UciEngine, UciSettings
from chess_analytics.games.model import Game
from chess_analytics.review.judge import judge_game

GAMES = 3
NODES = 100_000
HASH_MB = 64
GOAL_ENGINE_SHARE = 0.97
GOAL_SPEED_RATIO = 0.97


def measure() -> dict[str, Any]:
    """Analyse the same games by the platform and by the bare loop, in turn, on one core each."""
    command, games = find_engine(None), some_games(GAMES)
    requests: list[list[SearchRequest]] = []
    shares = {
        profile.name: round(_engine_share(command, games, profile), 4)
        for profile in (FAST, STANDARD)
    }
    shares[uniform(NODES).name] = round(_engine_share(command, games, uniform(NODES), requests), 4)
    positions = sum(len(game) for game in requests)
    ours = min(_time(lambda: _ask_ours(command, requests)) for _ in range(2))
    bare = min(_time(lambda: _ask_bare(command, requests)) for _ in range(2))
    return {
        "engine": command.describe(),
        "games": len(games),
        "positions": positions,
        "nodes_a_position": NODES,
        "engine_share_of_cpu": shares,
        "goal_engine_share": GOAL_ENGINE_SHARE,
        "positions_per_s": round(positions / ours, 2),
        "bare_positions_per_s": round(positions / bare, 2),
        "speed_ratio": round(bare / ours, 4),
        "goal_speed_ratio": GOAL_SPEED_RATIO,
    }


class _Recording:
    """An engine that also writes down what it was asked, so that the bare loop asks the same."""

    def __init__(self, engine: UciEngine, requests: list[list[SearchRequest]]) -> None:
        self._engine = engine
        self._requests = requests
        self.identity = engine.identity

    def new_game(self) -> None:
        self._requests.append([])
        self._engine.new_game()

    def search(self, request: SearchRequest) -> Evaluation:
        self._requests[-1].append(request)
        return self._engine.search(request)


def _engine_share(
    command: EngineCommand,
    games: list[Game],
    profile: Profile,
    requests: list[list[SearchRequest]] | None = None,
) -> float:
    """Analyse and judge as the command does; give the engine's share of all CPU time."""
    before = _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN)
    engine = UciEngine(command, UciSettings(hash_mb=HASH_MB))
    recording = _Recording(engine, requests if requests is not None else [])
    for game in games:
        run = analyse_game(game, recording, profile)
        judge_game(game, run.evaluations)
    engine.close()
    own = _cpu(resource.RUSAGE_SELF) - before[0]
    engines = _cpu(resource.RUSAGE_CHILDREN) - before[1]
    return engines / (own + engines)


def _cpu(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def _time(work: Any) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _ask_ours(command: EngineCommand, requests: list[list[SearchRequest]]) -> None:
    engine = UciEngine(command, UciSettings(hash_mb=HASH_MB))
    for game in requests:
        engine.new_game()
        for request in game:
            engine.search(request)
    engine.close()


def _ask_bare(command: EngineCommand, requests: list[list[SearchRequest]]) -> None:
    """Write ``go nodes``, wait for ``bestmove``, look at nothing else."""
    with subprocess.Popen(
        command.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout

        def ask(words: str, answer: str) -> None:
            assert process.stdin
            assert process.stdout
            process.stdin.write(words + "\n")
            process.stdin.flush()
            while not process.stdout.readline().startswith(answer):
                pass

        ask("uci", "uciok")
        ask(f"setoption name Hash value {HASH_MB}\nisready", "readyok")
        for game in requests:
            ask("ucinewgame\nisready", "readyok")
            for request in game:
                only = f" searchmoves {' '.join(request.only)}" if request.only else ""
                moves = f" moves {' '.join(request.moves)}" if request.moves else ""
                ask(
                    f"position fen {request.initial_fen}{moves}\ngo nodes {request.nodes}{only}",
                    "bestmove",
                )
        process.stdin.write("quit\n")
        process.stdin.flush()
