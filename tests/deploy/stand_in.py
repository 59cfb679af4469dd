"""A stand-in for a cluster: the pods of a release as processes of this machine.

It does with them what Kubernetes does, as far as the manifests ask for it: hooks before all else,
new pods before old ones go where that is the strategy, start-up probes before a pod counts, and at
the end the words of preStop, SIGTERM, and no longer than the grace period. What it does not have
are networks, machines, volumes and limits: paths and ports are put in the place of theirs.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

import httpx2

from tests.cli.forking import run_forked
from tests.deploy.charts import ROOT, Manifest, Pod, environment, pods
from tests.plain_http import NO_TLS
from tests.ports import free_port

_PROGRAM = "chess-analytics"
_LOOK_S = 0.5
_TEST_S = 300.0
"""As long as `helm test` waits, unless it is told otherwise."""
_GREETS = "Ctrl-C stops"
_ANYWHERE = "0.0.0.0"  # noqa: S104 - it is replaced


@cache
def image() -> tuple[list[str], dict[str, str]]:
    """Give the entry point of our image, and what it tells every process."""
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    (entry,) = re.findall(r"^ENTRYPOINT (.+)$", text, re.MULTILINE)
    *_, told = re.findall(r"^ENV (.+)$", text, re.MULTILINE)
    return json.loads(entry), dict(each.split("=", 1) for each in told.split())


class RunningPod:
    """A pod's container as a process, with folders and ports in the place of its own."""

    def __init__(self, pod: Pod, folder: Path, secrets: Mapping[tuple[str, str], str]) -> None:
        (self._container,) = pod.containers
        self._pod = pod
        self._secrets = secrets
        self._folder = folder
        self._paths = {path: self._at(path, name) for path, name in self._mounts()}
        opened = [port["containerPort"] for port in self._container.get("ports", [])]
        self.ports = {number: free_port() for number in opened}
        self.template = pod.spec
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def folder_of_data(self) -> Path:
        return Path(self._environment["CHESS_ANALYTICS_DATA_DIR"])

    def start(self) -> None:
        """Start the process, as the image's entry point and the manifest say."""
        self._make_folders()
        with (self._folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._words, env=self._environment, stdout=log, stderr=log, cwd=self._folder
            )

    def run_to_its_end(self, patience_s: float) -> int:
        """Start it, wait for its end, and give its exit code."""
        self._make_folders()
        return self._run(self._words, patience_s)

    def wait_until_started(self) -> None:
        """Wait until the start-up probe is content, as long as it may take."""
        probe = self._container["startupProbe"]
        until = time.monotonic() + probe["periodSeconds"] * probe["failureThreshold"]
        # A probe takes a second of a core: none is spent before the process has come to its work.
        while _GREETS not in self.log() or not self.probe("startupProbe"):
            assert self.process is not None
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < until, self.log()
            time.sleep(_LOOK_S)

    def probe(self, kind: str) -> bool:
        """Ask one of the probes."""
        probe = self._container[kind]
        if "exec" in probe:
            try:
                return self._run(probe["exec"]["command"], probe["timeoutSeconds"]) == 0
            except (TimeoutError, subprocess.TimeoutExpired):
                # On a machine that has too much to do. It counts as a failure, one of several.
                return False
        asked = probe["httpGet"]
        (number,) = [
            port["containerPort"]
            for port in self._container["ports"]
            if port["name"] == asked["port"]
        ]
        try:
            answer = httpx2.get(
                f"http://127.0.0.1:{self.ports[number]}{asked['path']}",
                headers={each["name"]: each["value"] for each in asked.get("httpHeaders", [])},
                verify=NO_TLS,
                timeout=probe["timeoutSeconds"],
            )
        except httpx2.TransportError:
            return False
        return answer.status_code < 400

    def stop(self) -> int:
        """End it as a kubelet does; who would have to be killed has failed."""
        assert self.process is not None
        ends_s = time.monotonic() + self._pod.spec.get("terminationGracePeriodSeconds", 30)
        if hook := self._container.get("lifecycle", {}).get("preStop"):
            assert self._run(hook["exec"]["command"], ends_s - time.monotonic()) == 0
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(ends_s - time.monotonic())

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def log(self) -> str:
        return (self._folder / "log").read_text(errors="replace")

    def _run(self, command: list[str], patience_s: float) -> int:
        told = self._environment
        if command[0] == _PROGRAM:
            code, said, complained = run_forked(command[1:], self._folder, told, patience_s)
            with (self._folder / "log").open("a", encoding="utf-8") as log:
                log.write(said + complained)
            return code
        found = shutil.which(command[0], path=told["PATH"])
        assert found, command
        with (self._folder / "log").open("ab") as log:
            ended = subprocess.run(
                [found, *command[1:]],
                env=told,
                stdout=log,
                stderr=log,
                check=False,
                cwd=self._folder,
                timeout=patience_s,
            )
        return ended.returncode

    def _make_folders(self) -> None:
        for path in (self._folder, *self._paths.values()):
            path.mkdir(parents=True, exist_ok=True)

    @property
    def _words(self) -> list[str]:
        entry, _ = image()
        return [self._here(word) for word in [*entry, *self._container["args"]]]

    @property
    def _environment(self) -> dict[str, str]:
        _, of_image = image()
        told = {name: self._here(value) for name, value in of_image.items()}
        for name, each in environment(self._container).items():
            source = each.get("valueFrom", {}).get("secretKeyRef")
            known = self._secrets[source["name"], source["key"]] if source else each["value"]
            told[name] = self._here(known)
        # The programs of the image are here elsewhere; its folder for what is passing is one's own.
        programs = [str(self._folder.parent / "bin"), str(Path(sys.executable).parent)]
        told["PATH"] = os.pathsep.join([*programs, os.environ["PATH"]])
        return {**told, "TMPDIR": self._here("/tmp")}  # noqa: S108 - it is replaced

    def _mounts(self) -> list[tuple[str, str]]:
        claims = {
            volume["name"]: volume["persistentVolumeClaim"]["claimName"]
            for volume in self._pod.spec.get("volumes", [])
            if "persistentVolumeClaim" in volume
        }
        return [
            (mount["mountPath"], claims.get(mount["name"], ""))
            for mount in self._container["volumeMounts"]
        ]

    def _at(self, path: str, claim: str) -> Path:
        # A claim outlives its pods, and they share it.
        return self._folder.parent / claim if claim else self._folder / path.strip("/")

    def _here(self, word: str) -> str:
        for path, here in self._paths.items():
            if word == path or word.startswith(f"{path}/"):
                return f"{here}{word.removeprefix(path)}"
        if word.isdecimal() and int(word) in self.ports:
            return str(self.ports[int(word)])
        return "127.0.0.1" if word == _ANYWHERE else word


@dataclass
class StandIn:
    """A release that runs: what was applied last, and its pods by the name of their deployment."""

    folder: Path
    secrets: Mapping[tuple[str, str], str]
    running: dict[str, list[RunningPod]] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=count)
    _applied: list[Manifest] = field(default_factory=list)
    _deployed: list[Pod] = field(default_factory=list)

    def apply(self, manifests: list[Manifest]) -> None:
        """Bring what runs to what is wanted, as an upgrade by Helm does."""
        self._applied = manifests
        self._run_hooks("pre-upgrade", lambda pod: pod.owner["spec"]["activeDeadlineSeconds"])
        self._deployed = [pod for pod in pods(manifests) if pod.owner["kind"] == "Deployment"]
        with ThreadPoolExecutor(len(self._deployed)) as pool:
            # Each deployment goes its own way, and nobody waits for another's.
            for done in [pool.submit(self._bring_about, pod) for pod in self._deployed]:
                done.result()

    def test(self) -> None:
        """Do what `helm test` does."""
        self._run_hooks("test", lambda _: _TEST_S)

    def scale(self, ending: str, replicas: int) -> None:
        """Have so many pods of a deployment, as KEDA does: nothing else is touched."""
        (wanted,) = [
            pod for pod in self._deployed if pod.owner["metadata"]["name"].endswith(ending)
        ]
        wanted.owner["spec"]["replicas"] = replicas
        self._bring_about(wanted)

    def of(self, ending: str) -> list[RunningPod]:
        """Give the pods of a deployment whose name ends so."""
        (found,) = [there for name, there in self.running.items() if name.endswith(ending)]
        return found

    def end(self) -> None:
        """End everything at once."""
        for there in self.running.values():
            for pod in there:
                pod.kill()

    def _bring_about(self, wanted: Pod) -> None:
        spec = wanted.owner["spec"]
        there = self.running.setdefault(wanted.owner["metadata"]["name"], [])
        old = [pod for pod in there if pod.template != wanted.spec]
        kept = [pod for pod in there if pod.template == wanted.spec][: spec["replicas"]]
        missing = spec["replicas"] - len(kept)
        if spec["strategy"]["type"] == "Recreate":
            self._let_go(there, old)
            old = []
        new = [self._pod(wanted) for _ in range(missing)]
        there.extend(new)
        for pod in new:
            pod.start()
        for pod in new:
            pod.wait_until_started()
        surplus = [pod for pod in there if pod not in (*kept, *new, *old)]
        self._let_go(there, [*old, *surplus])

    def _let_go(self, there: list[RunningPod], pods_: list[RunningPod]) -> None:
        if not pods_:
            return
        with ThreadPoolExecutor(len(pods_)) as pool:
            codes = [*pool.map(RunningPod.stop, pods_)]
        for pod, code in zip(pods_, codes, strict=True):
            there.remove(pod)
            assert code == 0, pod.log()

    def _run_hooks(self, when: str, patience_s: Callable[[Pod], float]) -> None:
        for pod in pods(self._applied):
            annotations = pod.owner["metadata"].get("annotations", {})
            if when in annotations.get("helm.sh/hook", "").split(","):
                hook = self._pod(pod)
                assert hook.run_to_its_end(patience_s(pod)) == 0, hook.log()

    def _pod(self, pod: Pod) -> RunningPod:
        name = f"{pod.owner['metadata']['name']}-{next(self._numbers)}"
        return RunningPod(pod, self.folder / name, self.secrets)
