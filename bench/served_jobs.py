"""A hundred real games through a real server: how long, and what the API's users feel meanwhile."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
from tests.shared_data import shared_folder

from bench.archives import archive_files

GAMES = 100
GOAL_S = 3600
GOAL_P99_MS = 50
_PATIENCE_S = 60
_PAUSE_S = 0.02
_READS = ("me", "games?limit=50", "analysis-jobs/{job}")


def measure() -> dict[str, Any]:
    """Analyse games with the profile fast on all cores, and ask for cheap things meanwhile."""
    with TemporaryDirectory() as name:
        games = Path(name) / "games.pgn"
        games.write_text("".join(_texts()[:GAMES]), encoding="utf-8")
        server, address = _start(Path(name) / "data")
        try:
            with httpx2.Client(base_url=f"{address}/api/v1/", timeout=_PATIENCE_S) as client:
                return _analyse(client, games)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(_PATIENCE_S)


def _analyse(client: httpx2.Client, games: Path) -> dict[str, Any]:
    _import(client, games)
    began_s = time.monotonic()
    job = client.post("analysis-jobs", json={"profile": "fast"}).raise_for_status().json()["id"]
    took_ms: dict[str, list[float]] = {read: [] for read in _READS}
    while _is_open(client, job):
        for read, times in took_ms.items():
            asked_s = time.perf_counter()
            client.get(read.format(job=job)).raise_for_status()
            times.append(1000 * (time.perf_counter() - asked_s))
            time.sleep(_PAUSE_S)
    took_s = time.monotonic() - began_s
    ended = client.get(f"analysis-jobs/{job}").json()
    nodes = [_nodes(client, game["id"]) for game in client.get("games?limit=100").json()["items"]]
    return {
        "games": ended["total"],
        "state": ended["state"],
        "plies": sum(each[1] for each in nodes),
        "seconds": round(took_s, 1),
        "seconds_a_game_of_one_core": round(took_s * (os.cpu_count() or 1) / ended["total"], 1),
        "goal_seconds": GOAL_S,
        "nodes": sum(each[0] for each in nodes),
        "cheap_reads": {read: _spread(times) for read, times in took_ms.items()},
        "goal_p99_ms": GOAL_P99_MS,
        "load": round(os.getloadavg()[0], 1),
    }


def _start(folder: Path) -> tuple["subprocess.Popen[str]", str]:
    command = [sys.executable, "-m", "chess_analytics", "serve", "--local", "--port", "0"]
    environment = os.environ | {"COLUMNS": "1000"}
    server = subprocess.Popen(
        [*command, "--data-dir", str(folder)], stderr=subprocess.PIPE, text=True, env=environment
    )
    assert server.stderr is not None
    for line in server.stderr:
        if found := re.search(r"http://[\d.]+:\d+", line):
            return server, found[0]
    raise RuntimeError("the server said no address")


def _import(client: httpx2.Client, games: Path) -> None:
    until_s = time.monotonic() + _PATIENCE_S
    sent = client.post("imports?name=games.pgn", content=games.read_bytes()).raise_for_status()
    number = sent.json()["id"]
    while client.get(f"imports/{number}").json()["state"] != "done":
        assert time.monotonic() < until_s, "the import did not end"
        time.sleep(0.1)


def _texts() -> list[str]:
    """Give the texts of real games of one player."""
    if shared_folder() is None:
        raise RuntimeError("the folder of shared data is needed: see CONTRIBUTING.md")
    whole = archive_files()[0].read_text(encoding="utf-8")
    return [f"[Event {text}" for text in whole.split("[Event ")[1:]]


def _is_open(client: httpx2.Client, job: int) -> bool:
    return client.get(f"analysis-jobs/{job}").json()["ended_ms"] is None


def _nodes(client: httpx2.Client, game: int) -> tuple[int, int]:
    found = client.get(f"games/{game}").json()
    return sum(run["nodes"] for run in found["runs"]), found["plies"]


def _spread(times_ms: list[float]) -> dict[str, float]:
    in_order = sorted(times_ms)
    return {
        "count": len(in_order),
        "median_ms": round(in_order[len(in_order) // 2], 1),
        "p99_ms": round(in_order[int(len(in_order) * 0.99)], 1),
        "most_ms": round(in_order[-1], 1),
    }
