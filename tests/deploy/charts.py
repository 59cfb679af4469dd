"""The Helm chart as Helm renders it: without a network, and without a cluster."""

import copy
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy" / "helm" / "chess-analytics"
PUBLIC_URL = "https://chess.example"
# The oldest that the chart allows, one between, and the newest whose schemas there are.
VERSIONS = ("1.31", "1.34", "1.37")
NAMESPACE = "games"
RELEASE = "chess"

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """Values with which the chart is rendered."""

    size: str | None = None
    """One of the files values-SIZE.yaml."""
    values: Mapping[str, Any] = field(default_factory=dict)


_PEER = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "proxy"}}}]
_SCALED = {"host": "database.example"}


def _workers(**scaling: Any) -> Mapping[str, Any]:
    return {"worker": {"autoscaling": scaling}}


CHOICES: Mapping[str, Choice] = {
    "plain": Choice(),
    "small": Choice("small"),
    "medium": Choice("medium"),
    "large": Choice("large"),
    "workers by keda": Choice(
        values={**_workers(kind="keda", minReplicas=0), "keda": _SCALED},
    ),
    "workers by a metric": Choice(values=_workers(kind="external")),
    "workers by processor": Choice(values=_workers(kind="cpu")),
    "pools by a metric": Choice(
        values={"worker": {"pools": {"single": {"hear": ["interactive"], "autoscaling": {
            "kind": "external"}}}}},
    ),
    "ingress": Choice(
        values={"ingress": {"enabled": True, "className": "nginx", "tlsSecret": "certificate",
                "annotations": {"nginx.ingress.kubernetes.io/proxy-body-size": "500m"}}},
    ),
    "gateway": Choice(
        values={"gateway": {"enabled": True, "requestTimeout": "0s",
                "parentRefs": [{"name": "shared", "namespace": "infra", "sectionName": "https"}]}},
    ),
    "flower": Choice(
        values={"flower": {"enabled": True, "existingSecret": "flower"},
                "networkPolicy": {"flowerFrom": _PEER}},
    ),
    "stopped": Choice("medium", {"stopped": True}),
    "nothing around it": Choice(
        values={"networkPolicy": {"enabled": False}, "migrations": {"enabled": False},
                "serviceAccount": {"create": False, "name": "theirs"},
                "api": {"uploads": {"existingClaim": "theirs"}, "moveChecks": False}},
    ),
    "everything": Choice("large", {
        "fullnameOverride": "analytics",
        "image": {"repository": "registry.example/chess", "digest": "sha256:" + 64 * "a",
                  "pullSecrets": ["registry"]},
        "database": {"caSecret": {"name": "database-ca", "key": "root.crt"}, "port": 6432},
        "sentry": {"existingSecret": "sentry"}, "lichess": {"existingSecret": "lichess"},
        "settings": {"upload_games": 1000000, "sign_up": False, "sync_hours": 24},
        "environment": {"SENTRY_ENVIRONMENT": "tests"},
        "api": {"trustedProxies": ["10.0.0.0/8", "127.0.0.1"]},
        "ingress": {"enabled": True}, "flower": {"enabled": True, "existingSecret": "flower"},
        "gateway": {"enabled": True, "parentRefs": [{"name": "shared"}]},
        "networkPolicy": {"serverFrom": _PEER, "metricsFrom": _PEER, "more": [
            {"roles": ["api", "worker"], "port": 4318, "to": _PEER}]},
        "monitoring": {"labels": {"release": "prometheus"}},
    }),
}  # fmt: skip


def helm() -> str:
    """Name Helm's program; only where it cannot be had may its tests be left out."""
    found = shutil.which("helm", path=str(Path(sys.executable).parent)) or shutil.which("helm")
    if found is None and (sys.platform, platform.machine()) != ("linux", "x86_64"):
        pytest.skip("there is no helm on this machine, and set-up has one for Linux on x86-64 only")
    assert found, "there is no helm: ./check installs it"
    return found


def run_helm(*words: str, values: Mapping[str, Any] | None = None) -> "Ended":
    """Run Helm with the public address set, and more values if there are any."""
    given = {"publicUrl": PUBLIC_URL, **(values or {})}
    ended = subprocess.run(
        [helm(), *words, "--values", "-"],
        input=yaml.safe_dump(given),
        capture_output=True,
        text=True,
        check=False,
        # Whatever somebody has set up for themselves is not looked at.
        env={"HOME": "/nonexistent", "HELM_NAMESPACE": NAMESPACE},
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@dataclass(frozen=True, slots=True)
class Ended:
    """What Helm left behind."""

    code: int
    out: str
    err: str


def try_render(choice: Choice, version: str = VERSIONS[-1]) -> Ended:
    """Render the chart; it may fail."""
    size = ["--values", str(CHART / f"values-{choice.size}.yaml")] if choice.size else []
    words = ["template", RELEASE, str(CHART), "--kube-version", version, *size]
    return run_helm(*words, values=choice.values)


@cache
def _rendered(name: str, version: str) -> tuple[Manifest, ...]:
    ended = try_render(CHOICES[name], version)
    assert ended.code == 0, ended.err
    return tuple(read_manifests(ended.out))


def read_manifests(text: str) -> list[Manifest]:
    """Read what Helm has written."""
    # Four times as fast as the reader in Python, where it was built.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [read for read in yaml.load_all(text, Loader=loader) if read]


def rendered(name: str, version: str = VERSIONS[-1]) -> list[Manifest]:
    """Give the manifests of one of the choices; they may be changed."""
    return copy.deepcopy([*_rendered(name, version)])


@dataclass(frozen=True, slots=True)
class Pod:
    """Pods of one kind, and what brings them into being."""

    owner: Manifest
    labels: Mapping[str, str]
    spec: Manifest

    @property
    def name(self) -> str:
        return f"{self.owner['kind']} {self.owner['metadata']['name']}"

    @property
    def role(self) -> str:
        return self.labels["app.kubernetes.io/component"]

    @property
    def stays(self) -> bool:
        """Tell whether it is to run for ever."""
        return bool(self.spec.get("restartPolicy", "Always") == "Always")

    @property
    def containers(self) -> list[Manifest]:
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]


def pods(manifests: list[Manifest]) -> Iterator[Pod]:
    """Give all that becomes pods."""
    for each in manifests:
        if each["kind"] == "Pod":
            yield Pod(each, each["metadata"].get("labels", {}), each["spec"])
        elif "template" in each.get("spec", {}):
            template = each["spec"]["template"]
            yield Pod(each, template["metadata"].get("labels", {}), template["spec"])


def of_kind(manifests: list[Manifest], kind: str) -> list[Manifest]:
    """Give the manifests of a kind."""
    return [each for each in manifests if each["kind"] == kind]


def named(manifests: list[Manifest], kind: str, ending: str) -> Manifest:
    """Give the one of a kind whose name ends so."""
    (found,) = [it for it in of_kind(manifests, kind) if it["metadata"]["name"].endswith(ending)]
    return found


def environment(container: Manifest) -> dict[str, Manifest]:
    """Give what a container is told, by name."""
    return {each["name"]: each for each in container.get("env", [])}
