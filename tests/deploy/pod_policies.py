"""What every pod of the chart keeps to. Each policy names whatever breaks it."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from pydantic import SecretStr, ValidationError
from typer.main import get_command

from chess_analytics.cli.main import build_app
from chess_analytics.jobs.fleet.queues import Queue
from chess_analytics.settings import Settings
from tests.deploy.charts import PUBLIC_URL, Manifest, Pod, environment, pods

_PREFIX = "CHESS_ANALYTICS_"
# Of the web server, PostgreSQL's client, and the libraries that report and trace.
_OTHERS_SETTINGS = {
    "FORWARDED_ALLOW_IPS", "PGSSLROOTCERT", "SENTRY_ENVIRONMENT", "OTEL_RESOURCE_ATTRIBUTES", "TZ",
}  # fmt: skip
_STAND_INS = {
    "database_url": "postgresql+psycopg://chess:secret@database:5432/chess",
    "broker_url": "redis://:secret@broker:6379/0",
    "sentry_dsn": "https://key@sentry.example/1",
    "flower_password": "a long password",
    "lichess_token": "a token",
}
# A game of the profile `standard` takes some 16 s, one of `deep` over a minute (profiles.md).
_LONGER_THAN_A_GAME_S = 60
# What is given back at the end, and whatever hangs then, take 10 s each at most.
_LAST_WORDS_S = 20
# For so long a database or a broker may be away before anything is started anew.
_PATIENCE_S = 300
_UNITS = {"": 1.0, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "Ki": 2.0**10,
          "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}  # fmt: skip


def quantity(text: str | int) -> float:
    """Understand an amount as Kubernetes writes it."""
    found = re.fullmatch(r"([\d.]+)(m|[kMGT]|[KMGT]i|)", str(text))
    assert found, text
    return float(found[1]) * _UNITS[found[2]]


def _containers(manifests: list[Manifest]) -> Iterator[tuple[Pod, Manifest]]:
    for pod in pods(manifests):
        for container in pod.containers:
            yield pod, container


def runs_as_nobody_in_particular(manifests: list[Manifest]) -> Iterator[str]:
    for pod in pods(manifests):
        contexts = [it.get("securityContext", {}) for it in (pod.spec, *pod.containers)]
        if contexts[0].get("runAsNonRoot") is not True or not contexts[0].get("runAsUser"):
            yield f"{pod.name} may run as root"
        if contexts[0].get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{pod.name} may call the kernel for anything"
        for own in contexts[1:]:
            if {"runAsUser", "runAsNonRoot", "runAsGroup", "seccompProfile"} & own.keys():
                yield f"{pod.name}: a container decides for itself who it is"


def has_no_rights(manifests: list[Manifest]) -> Iterator[str]:
    for pod, container in _containers(manifests):
        context = container.get("securityContext", {})
        if context.get("allowPrivilegeEscalation") is not False or context.get("privileged"):
            yield f"{pod.name} may gain rights"
        if context.get("capabilities") != {"drop": ["ALL"]}:
            yield f"{pod.name} has capabilities"
        if {"hostNetwork", "hostPID", "hostIPC"} & pod.spec.keys() or any(
            "hostPort" in port for port in container.get("ports", [])
        ):
            yield f"{pod.name} shares what is its host's"


def writes_into_its_own_folders_alone(manifests: list[Manifest]) -> Iterator[str]:
    for pod, container in _containers(manifests):
        if container.get("securityContext", {}).get("readOnlyRootFilesystem") is not True:
            yield f"{pod.name} may write anywhere"
        volumes = {each["name"]: each for each in pod.spec.get("volumes", [])}
        mounts = {each["name"]: each for each in container.get("volumeMounts", [])}
        if volumes.keys() != mounts.keys():
            yield f"{pod.name}: volumes {sorted(volumes)} are not its mounts {sorted(mounts)}"
        if "/tmp" not in {each["mountPath"] for each in mounts.values()}:  # noqa: S108 - a pod's own
            yield f"{pod.name} has nowhere to put what is passing"
        for name, volume in volumes.items():
            yield from (f"{pod.name} {why}" for why in _open_volume(volume, mounts.get(name, {})))


def _open_volume(volume: Manifest, mount: Manifest) -> Iterator[str]:
    (kind,) = volume.keys() - {"name"}
    if kind not in ("emptyDir", "persistentVolumeClaim", "secret"):
        yield f"has a volume of kind {kind}"
    if kind == "emptyDir" and "sizeLimit" not in volume[kind]:
        yield "may fill its machine's disk"
    if kind == "secret" and not mount.get("readOnly"):
        yield "may write into a secret"


def holds_no_token(manifests: list[Manifest]) -> Iterator[str]:
    for pod in pods(manifests):
        if pod.spec.get("automountServiceAccountToken") is not False:
            yield f"{pod.name} may speak to Kubernetes"
    for each in manifests:
        if (
            each["kind"] == "ServiceAccount"
            and each.get("automountServiceAccountToken") is not False
        ):
            yield "the service account hands out its token"
        if each["kind"] in ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"):
            yield f"{each['kind']}: nothing of ours needs rights"


def is_limited(manifests: list[Manifest]) -> Iterator[str]:
    for pod, container in _containers(manifests):
        resources = container.get("resources", {})
        for what in ("cpu", "memory"):
            asked, most = (resources.get(kind, {}).get(what) for kind in ("requests", "limits"))
            if asked is None or most is None:
                yield f"{pod.name} has no request or no limit of {what}"
            elif not 0 < quantity(asked) <= quantity(most):
                yield f"{pod.name} asks for {asked} of {what}, of {most} at most"
        words = container.get("args", [])
        if "--slots" in words:
            slots = int(words[words.index("--slots") + 1])
            if quantity(resources.get("requests", {}).get("cpu", 0)) < slots:
                yield f"{pod.name} has fewer cores than slots"


def is_pinned(manifests: list[Manifest]) -> Iterator[str]:
    for pod, container in _containers(manifests):
        if not re.fullmatch(
            r"[\w./:-]+(:(?!latest)[\w.-]+|@sha256:[0-9a-f]{64})", container["image"]
        ):
            yield f"{pod.name} runs whatever {container['image']} is that day"


def is_watched(manifests: list[Manifest]) -> Iterator[str]:
    for pod, container in _containers(manifests):
        if not pod.stays:
            continue
        for kind in ("startupProbe", "livenessProbe"):
            probe = container.get(kind)
            if probe is None:
                yield f"{pod.name} has no {kind}"
                continue
            yield from (f"{pod.name}: {kind} {why}" for why in _wrong_probe(probe, container))
        alive, ready = container.get("livenessProbe", {}), container.get("readinessProbe", {})
        if pod.role == "api" and [_path(alive), _path(ready)] != [
            "/api/v1/health/live", "/api/v1/health/ready",
        ]:  # fmt: skip
            yield f"{pod.name} is started anew, or sent requests, by the wrong sign"
        if pod.role in ("worker", "beat"):
            patience_s = alive.get("periodSeconds", 10) * alive.get("failureThreshold", 3)
            if patience_s < _PATIENCE_S:
                yield f"{pod.name} is started anew while its database is away for a moment"


def _path(probe: Manifest) -> Any:
    return probe.get("httpGet", {}).get("path")


def _wrong_probe(probe: Manifest, container: Manifest) -> Iterator[str]:
    if "exec" in probe:
        program, *words = probe["exec"]["command"]
        if program != "chess-analytics" or "--check" not in words:
            yield "does not ask whether work gets done"
        # It asks of the same work that the process does.
        asked, done = (_heard(given) for given in (words, container.get("args", [])))
        if asked != done:
            yield f"asks about {asked} of one that hears {done}"
        yield from _wrong_words(words)
    elif "httpGet" in probe:
        ports = {port["name"] for port in container.get("ports", [])}
        if probe["httpGet"]["port"] not in ports:
            yield "asks a port that nobody opens"
        headers = {it["name"]: it["value"] for it in probe["httpGet"].get("httpHeaders", [])}
        if "serve" in container.get("args", []) and headers.get("Host", "nobody") not in PUBLIC_URL:
            yield "calls the server by a name that it does not go by"
    else:
        yield "sees only whether a port is open"


def has_time_to_end(manifests: list[Manifest]) -> Iterator[str]:
    for pod, container in _containers(manifests):
        told, drain_s = (
            environment(container).get(f"{_PREFIX}{name}", {}).get("value", "0")
            for name in ("GRACE_S", "DRAIN_S")
        )
        before = container.get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command")
        if pod.role == "worker" and before is None:
            yield f"{pod.name} is told to end before it can hear"
        if pod.role == "api" and not float(drain_s):
            yield f"{pod.name} turns requests away before anybody knows"
        needed_s = float(told) + float(drain_s) + (float(before[1]) if before else 0)
        needed_s += _LAST_WORDS_S
        if pod.stays and pod.spec.get("terminationGracePeriodSeconds", 30) < needed_s:
            yield f"{pod.name} is killed before it can end"
        if pod.role == "worker" and float(told) < _LONGER_THAN_A_GAME_S:
            yield f"{pod.name} has no time to end a game"


def is_told_what_the_program_knows(manifests: list[Manifest]) -> Iterator[str]:
    for pod, container in _containers(manifests):
        # Of a service «chess-analytics» every pod would be told CHESS_ANALYTICS_PORT=tcp://….
        if pod.spec.get("enableServiceLinks") is not False:
            yield f"{pod.name} is told of all services"
        told: dict[str, str] = {}
        for name, each in environment(container).items():
            field = name.removeprefix(_PREFIX).lower()
            if name.startswith(_PREFIX) and field in Settings.model_fields:
                told[field] = each.get("value") or _STAND_INS[field]
            elif name not in _OTHERS_SETTINGS:
                yield f"{pod.name}: nobody knows {name}"
        try:
            Settings(**told)  # type: ignore[arg-type]
        except ValidationError as error:
            yield f"{pod.name}: {error}"


def names_secrets_and_holds_none(manifests: list[Manifest]) -> Iterator[str]:
    for each in manifests:
        if each["kind"] == "Secret":
            yield f"{each['metadata']['name']} is a secret"
        if re.search(r"://[^/\s\"]*:[^/\s\"]*@", json.dumps(each)):
            yield f"{each['metadata']['name']} holds an address with a password"
    for pod, container in _containers(manifests):
        for name, told in environment(container).items():
            field = Settings.model_fields.get(name.removeprefix(_PREFIX).lower())
            is_secret = field is not None and SecretStr in get_args(field.annotation)
            if is_secret != ("secretKeyRef" in told.get("valueFrom", {})):
                yield f"{pod.name}: {name} is a secret, or comes from one, and not both"


def runs_commands_that_there_are(manifests: list[Manifest]) -> Iterator[str]:
    for pod, container in _containers(manifests):
        if "command" in container:
            yield f"{pod.name} runs past the image's entry point"
        yield from (f"{pod.name}: {why}" for why in _wrong_words(container.get("args", [])))


def _heard(words: list[str]) -> list[str]:
    return [words[place + 1] for place, word in enumerate(words) if word == "--hear"]


def _wrong_words(words: list[str]) -> Iterator[str]:
    if not words or not _is_understood(tuple(words)):
        yield f"there is no command {' '.join(words)}"
    if not {*_heard(words)} <= {*Queue}:
        yield f"there is no bell like one of {_heard(words)}"


@cache
def _is_understood(words: tuple[str, ...]) -> bool:
    try:
        get_command(build_app()).main([*words, "--help"], prog_name="chess-analytics")
    except SystemExit as ended:
        return ended.code == 0
    return False


POD_POLICIES = (
    runs_as_nobody_in_particular,
    has_no_rights,
    writes_into_its_own_folders_alone,
    holds_no_token,
    is_limited,
    is_pinned,
    is_watched,
    has_time_to_end,
    is_told_what_the_program_knows,
    names_secrets_and_holds_none,
    runs_commands_that_there_are,
)
