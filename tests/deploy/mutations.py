"""For every policy, manifests that it has to refuse: who watches the watchmen."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.deploy.charts import Manifest, named

Mutation = Callable[[list[Manifest]], None]

_GONE = object()
_POD = "spec/template/spec"
_IN = f"{_POD}/containers/0"
_API, _BATCH, _BEAT = (("Deployment", it) for it in ("-api", "-batch", "-beat"))
_JOB = ("Job", "-migrate")


def _put(which: tuple[str, str], path: str, value: Any = _GONE) -> Mutation:
    """Put a value into a manifest, or take one away; a list is gone on with."""

    def mutate(manifests: list[Manifest]) -> None:
        at: Any = named(manifests, *which)
        # Names of labels have slashes of their own: they are written as ~.
        *way, last = [step.replace("~", "/") for step in path.split("/")]
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
        if isinstance(at, list) and value is not _GONE:
            at.append(value) if last == "+" else at.__setitem__(int(last), value)
        elif value is _GONE:
            del at[int(last) if isinstance(at, list) else last]
        else:
            at[last] = value

    return mutate


def _add(manifest: Manifest) -> Mutation:
    return lambda manifests: manifests.append(manifest)


def _without(kind: str, ending: str) -> Mutation:
    return lambda manifests: manifests.remove(named(manifests, kind, ending))


def _twice(kind: str, ending: str) -> Mutation:
    return lambda manifests: manifests.append(named(manifests, kind, ending))


_SECRET: Manifest = {
    "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "chess"},
    "stringData": {"url": "as it is"},
}  # fmt: skip
_ROLE: Manifest = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
                   "metadata": {"name": "chess"}, "rules": []}  # fmt: skip

BROKEN: Mapping[str, Sequence[Mutation]] = {
    "runs_as_nobody_in_particular": [
        _put(_API, f"{_POD}/securityContext/runAsNonRoot"),
        _put(_BEAT, f"{_POD}/securityContext/runAsUser", 0),
        _put(_JOB, f"{_POD}/securityContext/seccompProfile/type", "Unconfined"),
        _put(_BATCH, f"{_IN}/securityContext/runAsUser", 0),
        _put(("Pod", "-doctor"), "spec/securityContext"),
    ],
    "has_no_rights": [
        _put(_API, f"{_IN}/securityContext/allowPrivilegeEscalation", value=True),
        _put(_BATCH, f"{_IN}/securityContext/capabilities/add", ["NET_ADMIN"]),
        _put(_JOB, f"{_IN}/securityContext/capabilities"),
        _put(_BEAT, f"{_POD}/hostNetwork", value=True),
        _put(_API, f"{_IN}/ports/0/hostPort", 8000),
    ],
    "writes_into_its_own_folders_alone": [
        _put(_API, f"{_IN}/securityContext/readOnlyRootFilesystem", value=False),
        _put(_BATCH, f"{_POD}/volumes/0/emptyDir/sizeLimit"),
        _put(_BEAT, f"{_IN}/volumeMounts/0"),
        _put(_API, f"{_POD}/volumes/0", {"name": "tmp", "hostPath": {"path": "/var"}}),
    ],
    "holds_no_token": [
        _put(_API, f"{_POD}/automountServiceAccountToken"),
        _put(("ServiceAccount", "analytics"), "automountServiceAccountToken", value=True),
        _add(_ROLE),
    ],
    "is_limited": [
        _put(_API, f"{_IN}/resources/limits/memory"),
        _put(_JOB, f"{_IN}/resources"),
        _put(_BATCH, f"{_IN}/resources/requests/cpu", "3"),
        _put(_BEAT, f"{_IN}/resources/requests/memory", "4Gi"),
    ],
    "is_pinned": [
        _put(_API, f"{_IN}/image", "chess-analytics:latest"),
        _put(_JOB, f"{_IN}/image", "chess-analytics"),
    ],
    "is_watched": [
        _put(_API, f"{_IN}/livenessProbe"),
        _put(_BATCH, f"{_IN}/startupProbe"),
        _put(_API, f"{_IN}/readinessProbe/httpGet/path", "/api/v1/health/live"),
        _put(_API, f"{_IN}/livenessProbe/httpGet/path", "/api/v1/health/ready"),
        _put(_API, f"{_IN}/livenessProbe/httpGet/httpHeaders"),
        _put(_API, f"{_IN}/livenessProbe/httpGet/port", "https"),
        _put(_BATCH, f"{_IN}/livenessProbe/exec/command", ["chess-analytics", "worker", "--check"]),
        _put(_BEAT, f"{_IN}/livenessProbe/exec/command", ["chess-analytics", "beat"]),
        _put(_BEAT, f"{_IN}/livenessProbe/exec/command", ["true", "--check"]),
        _put(_BEAT, f"{_IN}/livenessProbe", {"tcpSocket": {"port": 9100}}),
        _put(_BATCH, f"{_IN}/livenessProbe/failureThreshold", 1),
    ],
    "has_time_to_end": [
        _put(_BATCH, f"{_POD}/terminationGracePeriodSeconds", 90),
        _put(_BATCH, f"{_IN}/lifecycle"),
        lambda manifests: _told(manifests, _API, "CHESS_ANALYTICS_DRAIN_S").update(value="55"),
        lambda manifests: _told(manifests, _API, "CHESS_ANALYTICS_DRAIN_S").update(value="0"),
        lambda manifests: _told(manifests, _BATCH, "CHESS_ANALYTICS_GRACE_S").update(value="5"),
    ],
    "is_told_what_the_program_knows": [
        _put(_API, f"{_POD}/enableServiceLinks"),
        _put(_API, f"{_IN}/env/+", {"name": "CHESS_ANALYTICS_SIGNUP", "value": "true"}),
        _put(_BEAT, f"{_IN}/env/+", {"name": "DEBUG", "value": "1"}),
        lambda manifests: _told(manifests, _API, "CHESS_ANALYTICS_UPLOAD_GAMES").update(
            value="1e+06"
        ),
    ],
    "names_secrets_and_holds_none": [
        _add(_SECRET),
        lambda manifests: _hold(manifests, "CHESS_ANALYTICS_BROKER_URL", "redis://broker:6379/0"),
        _put(_API, "metadata/annotations", {"database": "postgresql://chess:secret@db:5432/c"}),
        lambda manifests: _refer(manifests, "CHESS_ANALYTICS_PUBLIC_URL"),
    ],
    "runs_commands_that_there_are": [
        _put(_BATCH, f"{_IN}/args/0", "workers"),
        _put(_BATCH, f"{_IN}/args/+", "--hurry"),
        _put(_BATCH, f"{_IN}/args/5", "night"),
        _put(_JOB, f"{_IN}/args", []),
        _put(_BEAT, f"{_IN}/command", ["sh", "-c", "chess-analytics beat"]),
    ],
    "no_name_comes_twice": [_twice("Service", "-api")],
    "what_pods_refer_to_exists": [
        _put(_API, f"{_POD}/serviceAccountName", "nobody"),
        _put(_BATCH, f"{_POD}/priorityClassName", "high"),
        _put(_API, f"{_POD}/volumes/1/secret/secretName", "elsewhere"),
        _without("PersistentVolumeClaim", "-uploads"),
        _put(_JOB, f"{_POD}/serviceAccountName", "analytics"),
        lambda manifests: _told(manifests, _API, "CHESS_ANALYTICS_DATABASE_URL")["valueFrom"][
            "secretKeyRef"
        ].update(name="elsewhere"),
    ],
    "pods_are_chosen_by_their_owner_alone": [
        _put(_BATCH, "spec/selector/matchLabels/chess-analytics~pool", "other"),
        _put(_API, "spec/selector/matchLabels", {"app.kubernetes.io/name": "chess-analytics"}),
    ],
    "services_lead_to_pods": [
        _put(("Service", "-api"), "spec/selector/app.kubernetes.io~component", "server"),
        _put(("Service", "-api"), "spec/selector", {"app.kubernetes.io/name": "chess-analytics"}),
        _put(("Service", "-api"), "spec/ports/0/targetPort", "web"),
        _put(_API, f"{_IN}/readinessProbe"),
    ],
    "routes_lead_to_the_server": [
        _put(("Ingress", "analytics"), "spec/rules/0/http/paths/0/backend/service/name", "api"),
        _put(("HTTPRoute", "analytics"), "spec/rules/0/backendRefs/0/port", 8080),
        _put(("HTTPRoute", "analytics"), "spec/rules/0/backendRefs/0",
             {"name": "analytics-flower", "port": 5555}),
    ],
    "routes_begin_at_what_there_is": [
        _put(("HTTPRoute", "analytics"), "spec/parentRefs/0/name", "elsewhere"),
        _put(("Ingress", "analytics"), "spec/tls", [{"secretName": "elsewhere"}]),
    ],
    "scalers_have_something_to_scale": [
        _put(("ScaledObject", "-batch"), "spec/scaleTargetRef/name", "analytics-worker"),
        _put(("ScaledObject", "-batch"), "spec/scaleTargetRef/kind", "StatefulSet"),
        _put(("ScaledObject", "-batch"), "spec/minReplicaCount", 500),
        _put(("HorizontalPodAutoscaler", "-api"), "spec/minReplicas", 0),
    ],
    "scalers_know_their_password": [
        _put(("ScaledObject", "-batch"), "spec/triggers/0/authenticationRef/name", "nobody"),
        _put(("TriggerAuthentication", "-scaler"), "spec/secretTargetRef/0/name", "elsewhere"),
    ],
    "how_many_there_are_is_said_once": [
        _put(("ScaledObject", "-batch"), "spec/scaleTargetRef/name", "analytics-worker-single"),
        _put(_API, "spec/replicas", 3),
        _put(_BEAT, "spec/replicas"),
    ],
    "what_there_is_several_times_is_spread_and_kept": [
        _put(("PodDisruptionBudget", "-api"), "spec/selector/matchLabels",
             {"app.kubernetes.io/component": "server"}),
        _put(("PodDisruptionBudget", "-api"), "spec/maxUnavailable", 0),
        _without("PodDisruptionBudget", "-batch"),
        _put(_BATCH, f"{_POD}/topologySpreadConstraints"),
        _put(_API, f"{_POD}/topologySpreadConstraints/0/labelSelector/matchLabels",
             {"app.kubernetes.io/component": "worker"}),
    ],
    "what_is_single_stays_single": [
        _put(_BEAT, "spec/replicas", 2),
        _put(_BEAT, "spec/strategy/type", "RollingUpdate"),
        _put(("PersistentVolumeClaim", "-uploads"), "spec/accessModes/0", "ReadWriteOnce"),
    ],
    "everybody_is_behind_a_fence": [
        _without("NetworkPolicy", "-worker"),
        _put(("NetworkPolicy", "-beat"), "spec/podSelector", {}),
        _put(("NetworkPolicy", "-api"), "spec/policyTypes", ["Ingress"]),
        _put(("NetworkPolicy", "-worker"), "spec/egress/0/ports"),
        _put(("NetworkPolicy", "-worker"), "spec/egress/+",
             {"ports": [{"port": 443, "protocol": "TCP"}]}),
    ],
    "numbers_are_read_under_the_names_that_alerts_know": [
        _put(("PodMonitor", "-worker"), "spec/podMetricsEndpoints/0/relabelings/0/replacement",
             "workers"),
        _put(("PodMonitor", "-worker"), "spec/podMetricsEndpoints/0/relabelings"),
        _put(("PodMonitor", "-beat"), "spec/podMetricsEndpoints/0/port", "numbers"),
        _put(("ServiceMonitor", "-api"), "spec/selector/matchLabels/app.kubernetes.io~component",
             "server"),
        _without("PodMonitor", "-beat"),
    ],
}  # fmt: skip


def _told(manifests: list[Manifest], which: tuple[str, str], name: str) -> Manifest:
    container = named(manifests, *which)["spec"]["template"]["spec"]["containers"][0]
    (found,) = [each for each in container["env"] if each["name"] == name]
    told: Manifest = found
    return told


def _hold(manifests: list[Manifest], name: str, value: str) -> None:
    told = _told(manifests, _API, name)
    del told["valueFrom"]
    told["value"] = value


def _refer(manifests: list[Manifest], name: str) -> None:
    told = _told(manifests, _API, name)
    del told["value"]
    told["valueFrom"] = {"secretKeyRef": {"name": "sentry", "key": "dsn"}}
