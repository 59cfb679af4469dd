"""Metrics of a process and of its children, in processes of their own."""

import subprocess
import sys

import pytest

from tests.ports import free_port

pytestmark = pytest.mark.enable_socket

_CHILDREN = """
import os, sys, urllib.request
from chess_analytics.observability.exposition import (
    Exposition, Gauged, exposing, forget_child, share_with_children,
)
from chess_analytics.observability.metrics import GameMeasured, note_game, note_task

port = int(sys.argv[1])
looked = Gauged("looked_up", "Asked for each time.", [({"class": "a"}, 3.0)])
with share_with_children(), exposing(Exposition("127.0.0.1", port), lambda: [looked]):
    for seconds in (1.5, 70.0):
        child = os.fork()
        if child == 0:
            note_task("done")
            note_game(GameMeasured(seconds, nodes=10, positions=7, shared_known=1, shared_new=2))
            forget_child(os.getpid())
            os._exit(0)
        os.waitpid(child, 0)
    print(urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode())
assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
"""


def test_children_are_counted_with_their_parent_also_when_they_have_ended() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _CHILDREN, str(free_port())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    for line in (
        'chess_analytics_tasks_total{outcome="done"} 2.0',
        "chess_analytics_game_analysis_seconds_sum 71.5",
        'chess_analytics_game_analysis_seconds_bucket{le="2.0"} 1.0',
        "chess_analytics_engine_nodes_total 20.0",
        'chess_analytics_shared_positions_total{result="searched"} 4.0',
        'looked_up{class="a"} 3.0',
    ):
        assert line in lines, line
    assert any(line.startswith("process_resident_memory_bytes ") for line in lines)
    assert any(line.startswith("chess_analytics_build_info{") for line in lines)


_THREADS = """
import threading
from chess_analytics.observability.metrics import note_task

start, faults = threading.Barrier(8), []

def note():
    start.wait()
    try:
        note_task("done")
    except Exception as error:
        faults.append(error)

threads = [threading.Thread(target=note) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not faults, faults
"""


def test_the_first_ones_to_count_may_be_many() -> None:
    subprocess.run([sys.executable, "-c", _THREADS], check=True)
