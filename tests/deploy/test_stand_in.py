"""A release of the small size, as processes: installed, scaled, rolled, and scaled to nothing.

No cluster runs here. What the manifests say is done with real processes, PostgreSQL and Redis.
"""

import math
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from sqlalchemy.engine import make_url

from chess_analytics.store.session import open_database
from tests.deploy.charts import (
    PUBLIC_URL,
    Choice,
    Manifest,
    named,
    read_manifests,
    rendered,
    try_render,
)
from tests.deploy.stand_in import RunningPod, StandIn
from tests.faults.audit import install_audit
from tests.faults.engines import Engines, simulated_engines
from tests.faults.invariants import PLACES, wrong_rows
from tests.faults.looking import Looking
from tests.faults.oracle import SimulatedHere, expectations
from tests.faults.players import User, add_player, small_games
from tests.faults.proxy import Proxy, proxy_to
from tests.plain_http import NO_TLS
from tests.postgres import fresh_database
from tests.redis_server import redis_server

pytestmark = pytest.mark.enable_socket

LONG_ENOUGH_S = 120
GAMES = 100
ANSWER_S = 1.0
"""Of an engine: a game takes four seconds then, and all of them longer than a roll-out."""


def _manifests(replicas: int, tag: str = "1", **values: Any) -> list[Manifest]:
    """Render the small size; who ends is not waited for longer than need be."""
    given = {
        "image": {"tag": tag},
        "api": {"drainSeconds": 1},
        "worker": {"replicas": replicas, "settleSeconds": 1},
        "monitoring": {"enabled": True},
        **values,
    }
    ended = try_render(Choice("small", given))
    assert ended.code == 0, ended.err
    return read_manifests(ended.out)


@dataclass(frozen=True, slots=True)
class Scene:
    """A release, and what is around it."""

    release: StandIn
    engines: Engines
    database_url: str
    line: Proxy
    """From the pods to their database."""

    def ask(self, user: User, method: str, path: str, **more: Any) -> httpx2.Response:
        (server,) = self.release.of("-api")
        return httpx2.request(
            method,
            f"http://127.0.0.1:{server.ports[8000]}/api/v1/{path}",
            headers={"Authorization": f"Bearer {user.token}", "Host": PUBLIC_URL[8:]},
            verify=NO_TLS,
            timeout=LONG_ENOUGH_S,
            **more,
        )

    def begin(self, user: User, **wish: Any) -> str:
        """Have all games analysed; give the address of the job."""
        accepted = self.ask(user, "POST", "analysis-jobs", json={"nodes": 1000, **wish})
        assert accepted.status_code == 202, accepted.text
        return f"analysis-jobs/{accepted.json()['id']}"

    def wait_for_end(self, user: User, job: str) -> None:
        _wait_for(
            lambda: self.ask(user, "GET", job).json()["state"] == "completed", "all is analysed"
        )

    def wanted(self) -> int:
        """Ask what KEDA asks, and reckon as it does: how many pods there should be."""
        spec = named(rendered("workers by keda"), "ScaledObject", "-general")["spec"]
        trigger = spec["triggers"][0]["metadata"]
        least, most = int(spec["minReplicaCount"]), int(spec["maxReplicaCount"])
        seconds = self._ask_database(trigger["query"])
        if seconds <= int(trigger["activationTargetQueryValue"]):
            return least
        return min(max(math.ceil(seconds / int(trigger["targetQueryValue"])), least, 1), most)

    def _ask_database(self, query: str) -> int:
        url = make_url(self.database_url).set(drivername="postgresql")
        with psycopg.connect(url.render_as_string()) as connection:
            row = connection.execute(query.encode()).fetchone()
        assert row
        return int(row[0])


@pytest.fixture
def scene(tmp_path: Path, postgres: str, socket_enabled: None) -> Iterator[Scene]:  # noqa: ARG001
    engines = simulated_engines(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "stockfish").symlink_to(engines.program)
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server())
        url = stack.enter_context(fresh_database(postgres, "released"))
        port = make_url(url).port
        assert port
        line = stack.enter_context(proxy_to(port))
        through = make_url(url).set(port=line.port).render_as_string()
        secrets = {
            ("chess-analytics-database", "url"): through,
            ("chess-analytics-broker", "url"): redis.url,
        }
        release = StandIn(tmp_path, secrets)
        stack.callback(release.end)
        yield Scene(release, engines, url, line)


def _add_ada(scene: Scene) -> User:
    with open_database(scene.database_url) as store:
        with store.writing() as connection:
            install_audit(connection)
        return add_player(store, "ada", small_games(GAMES))


def test_a_release_is_installed_scaled_rolled_and_scaled_to_nothing(scene: Scene) -> None:
    release = scene.release
    release.apply(_manifests(replicas=1))
    release.test()
    ada = _add_ada(scene)
    release.scale("-general", 2)
    scene.engines.slow_down(ANSWER_S)
    job = scene.begin(ada)
    assert scene.wanted() == 1
    before = [*release.of("-general")]
    assert len(before) == 2
    # A new version: all pods are replaced, while games are at their engines.
    release.apply(_manifests(replicas=2, tag="2"))
    assert not {*before} & {*release.of("-general")}
    assert scene.ask(ada, "GET", job).json()["state"] == "running", "it was over too soon"
    _wait_for(lambda: release.of("-general")[0].probe("livenessProbe"), "a worker is well")
    scene.engines.hurry()
    scene.wait_for_end(ada, job)

    gone, _ = release.of("-general")
    assert scene.wanted() == 0
    release.scale("-general", scene.wanted())
    _probes_tell_the_truth(scene, gone)
    # Accepted while nobody is there, and told to whoever scales.
    few = [*range(1, 11)]
    again = scene.begin(ada, games={"game_id": few}, reanalyse=True)
    release.scale("-general", scene.wanted())
    assert len(release.of("-general")) == 1
    scene.wait_for_end(ada, again)
    release.apply(_manifests(replicas=1, tag="2", stopped=True))
    assert not any(release.running.values())
    looking = Looking(Path(), scene.database_url)
    assert not wrong_rows(looking, expecting=expectations(SimulatedHere()), places=PLACES)
    assert {looking.most_attempts(it.id) for it in looking.jobs()} == {1}, "a game was killed"


def _probes_tell_the_truth(scene: Scene, gone: RunningPod) -> None:
    (server,), (beat,) = scene.release.of("-api"), scene.release.of("-beat")
    _wait_for(lambda: server.probe("livenessProbe"), "the server is well")
    _wait_for(lambda: server.probe("readinessProbe"), "the server is ready")
    scene.line.cut()
    assert not server.probe("readinessProbe")
    # A new process would not bring the database back.
    _wait_for(lambda: server.probe("livenessProbe"), "the server is well without its database")
    scene.line.mend()
    _wait_for(lambda: server.probe("readinessProbe"), "the server has its database again")
    _age(gone.folder_of_data / "worker.hears")
    assert not gone.probe("livenessProbe"), "it has heard nothing for two minutes"
    assert beat.process
    beat.process.send_signal(signal.SIGSTOP)
    _age(beat.folder_of_data / "beat.beats")
    assert not beat.probe("livenessProbe"), "it hangs"
    beat.process.send_signal(signal.SIGCONT)
    _wait_for(lambda: beat.probe("livenessProbe"), "the beat beats again")


def _age(pulse: Path) -> None:
    two_minutes_ago_s = time.time() - 120
    os.utime(pulse, (two_minutes_ago_s, two_minutes_ago_s))


def _wait_for(claim: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + LONG_ENOUGH_S
    while not claim():
        assert time.monotonic() < until, f"waited in vain until {what}"
        time.sleep(0.1)
