"""What holds between the manifests of a release: whatever one names is there. As for pods."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.deploy.charts import ROOT, Manifest, Pod, of_kind, pods

# Made by whoever installs the chart, or by their cluster. Nothing else may be missing.
_THEIRS: Mapping[str, set[str]] = {
    "Secret": {
        "chess-analytics-database", "chess-analytics-broker", "chess-analytics-scaler", "sentry",
        "lichess", "flower", "database-ca", "registry", "certificate",
    },
    "PersistentVolumeClaim": {"theirs"},
    "ServiceAccount": {"theirs"},
    "Gateway": {"shared"},
}  # fmt: skip


def _has(manifests: list[Manifest], kind: str, name: str) -> bool:
    ours = {each["metadata"]["name"] for each in of_kind(manifests, kind)}
    return name in ours | _THEIRS.get(kind, set())


def _selects(selector: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    return bool(selector) and selector.items() <= labels.items()


def _selected(manifests: list[Manifest], selector: Mapping[str, str]) -> list[Pod]:
    return [pod for pod in pods(manifests) if _selects(selector, pod.labels)]


def _name(manifest: Manifest) -> str:
    return f"{manifest['kind']} {manifest['metadata']['name']}"


def no_name_comes_twice(manifests: list[Manifest]) -> Iterator[str]:
    seen: set[str] = set()
    for each in manifests:
        if _name(each) in seen or len(each["metadata"]["name"]) > 63:
            yield f"{_name(each)} is there already, or too long"
        seen.add(_name(each))


def what_pods_refer_to_exists(manifests: list[Manifest]) -> Iterator[str]:
    for pod in pods(manifests):
        for kind, name in _references(pod):
            if not _has(manifests, kind, name):
                yield f"{pod.name}: there is no {kind} {name}"
        if "helm.sh/hook" in pod.owner["metadata"].get("annotations", {}):
            hook = pod.owner["metadata"]["annotations"]["helm.sh/hook"]
            needed = [it for it in _references(pod) if it[0] not in ("Secret", "PriorityClass")]
            if "pre-install" in hook and needed:
                yield f"{pod.name} needs {needed}, which comes after it"


def _references(pod: Pod) -> Iterator[tuple[str, str]]:
    for secret in pod.spec.get("imagePullSecrets", []):
        yield "Secret", secret["name"]
    for field, kind in (
        ("serviceAccountName", "ServiceAccount"),
        ("priorityClassName", "PriorityClass"),
    ):
        if field in pod.spec:
            yield kind, pod.spec[field]
    yield from _mounted(pod)
    for container in pod.containers:
        assert not container.get("envFrom"), "what a pod is told is written out, one by one"
        for told in container.get("env", []):
            for kind, source in told.get("valueFrom", {}).items():
                yield {"secretKeyRef": "Secret"}.get(kind, kind), source["name"]


def _mounted(pod: Pod) -> Iterator[tuple[str, str]]:
    for volume in pod.spec.get("volumes", []):
        if "secret" in volume:
            yield "Secret", volume["secret"]["secretName"]
        if "persistentVolumeClaim" in volume:
            yield "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]


def pods_are_chosen_by_their_owner_alone(manifests: list[Manifest]) -> Iterator[str]:
    for each in of_kind(manifests, "Deployment"):
        chosen = _selected(manifests, each["spec"]["selector"]["matchLabels"])
        if [pod.owner for pod in chosen] != [each]:
            yield f"{_name(each)} has the pods {[pod.name for pod in chosen]}"


def services_lead_to_pods(manifests: list[Manifest]) -> Iterator[str]:
    for each in of_kind(manifests, "Service"):
        chosen = _selected(manifests, each["spec"]["selector"])
        if len(chosen) != 1:
            yield f"{_name(each)} leads to {[pod.name for pod in chosen]}"
        for pod in chosen:
            open_ports = {
                it["name"] for container in pod.containers for it in container.get("ports", [])
            }
            if {port["targetPort"] for port in each["spec"]["ports"]} - open_ports:
                yield f"{_name(each)} leads to a port that {pod.name} does not open"
            published = each["spec"].get("publishNotReadyAddresses")
            if not published and not all("readinessProbe" in it for it in pod.containers):
                yield f"{_name(each)} sends requests to pods that are not ready"


def routes_lead_to_the_server(manifests: list[Manifest]) -> Iterator[str]:
    for each, backend, port in _backends(manifests):
        service = next(
            (it for it in of_kind(manifests, "Service") if it["metadata"]["name"] == backend), None
        )
        ports = service["spec"]["ports"] if service else []
        if not [it for it in ports if port in (it["port"], it["name"])]:
            yield f"{_name(each)} leads to {backend}, port {port}, which is not there"
        # Numbers and the page of workers ask for no password of ours.
        if [it for it in ports if it["targetPort"] == "metrics"] or not backend.endswith("-api"):
            yield f"{_name(each)} shows what is for inside"


def routes_begin_at_what_there_is(manifests: list[Manifest]) -> Iterator[str]:
    for each in of_kind(manifests, "HTTPRoute"):
        for parent in each["spec"]["parentRefs"]:
            if not _has(manifests, "Gateway", parent["name"]):
                yield f"{_name(each)}: there is no gateway {parent['name']}"
    for each in of_kind(manifests, "Ingress"):
        for tls in each["spec"].get("tls", []):
            if not _has(manifests, "Secret", tls["secretName"]):
                yield f"{_name(each)}: there is no certificate {tls['secretName']}"


def _backends(manifests: list[Manifest]) -> Iterator[tuple[Manifest, str, Any]]:
    for each in of_kind(manifests, "Ingress"):
        for rule in each["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                service = path["backend"]["service"]
                yield each, service["name"], next(iter(service["port"].values()))
    for each in of_kind(manifests, "HTTPRoute"):
        for rule in each["spec"]["rules"]:
            for backend in rule["backendRefs"]:
                yield each, backend["name"], backend["port"]


def _scalers(manifests: list[Manifest]) -> list[Manifest]:
    kinds = ("HorizontalPodAutoscaler", "ScaledObject")
    return [each for kind in kinds for each in of_kind(manifests, kind)]


def scalers_have_something_to_scale(manifests: list[Manifest]) -> Iterator[str]:
    for each in _scalers(manifests):
        target = each["spec"]["scaleTargetRef"]
        if target.get("kind") != "Deployment" or not _has(manifests, "Deployment", target["name"]):
            yield f"{_name(each)} scales nothing"
        least, most = _bounds(each["spec"])
        if not least <= most or (each["kind"] != "ScaledObject" and least < 1):
            yield f"{_name(each)} scales from {least} to {most}"


def how_many_there_are_is_said_once(manifests: list[Manifest]) -> Iterator[str]:
    scaled = [each["spec"]["scaleTargetRef"]["name"] for each in _scalers(manifests)]
    if len(scaled) != len({*scaled}):
        yield f"two scale the same: {scaled}"
    for each in of_kind(manifests, "Deployment"):
        # Helm and the scaler would correct each other for ever.
        told = each["spec"].get("replicas")
        if (each["metadata"]["name"] in scaled) == (told is not None) and told != 0:
            yield f"{_name(each)} is scaled by nobody, or by two"


def scalers_know_their_password(manifests: list[Manifest]) -> Iterator[str]:
    for each in of_kind(manifests, "ScaledObject"):
        for trigger in each["spec"]["triggers"]:
            if not _has(manifests, "TriggerAuthentication", trigger["authenticationRef"]["name"]):
                yield f"{_name(each)} knows no password"
    for each in of_kind(manifests, "TriggerAuthentication"):
        for secret in each["spec"]["secretTargetRef"]:
            if not _has(manifests, "Secret", secret["name"]):
                yield f"{_name(each)}: there is no secret {secret['name']}"


def _bounds(spec: Manifest) -> tuple[int, int]:
    if "maxReplicaCount" in spec:
        return spec.get("minReplicaCount", 0), spec["maxReplicaCount"]
    return spec.get("minReplicas", 1), spec["maxReplicas"]


def what_there_is_several_times_is_spread_and_kept(manifests: list[Manifest]) -> Iterator[str]:
    kept = [it["spec"] for it in of_kind(manifests, "PodDisruptionBudget")]
    for spec in kept:
        if len(_selected(manifests, spec["selector"]["matchLabels"])) != 1:
            yield "a disruption budget is nobody's, or several's"
        if not {"maxUnavailable"} <= spec.keys() or spec["maxUnavailable"] in (0, "0%"):
            yield "a disruption budget keeps a machine from ever being emptied"
    for pod in pods(manifests):
        if pod.role not in ("api", "worker"):
            continue
        if not [it for it in kept if _selects(it["selector"]["matchLabels"], pod.labels)]:
            yield f"{pod.name} may be evicted all at once"
        spreads = pod.spec.get("topologySpreadConstraints", [])
        if not spreads or any(
            not _selects(it["labelSelector"]["matchLabels"], pod.labels) for it in spreads
        ):
            yield f"{pod.name} may be on one machine all together"


def what_is_single_stays_single(manifests: list[Manifest]) -> Iterator[str]:
    claims = {it["metadata"]["name"]: it for it in of_kind(manifests, "PersistentVolumeClaim")}
    for pod in pods(manifests):
        if pod.owner["kind"] != "Deployment":
            continue
        spec = pod.owner["spec"]
        is_single = spec.get("strategy", {}).get("type") == "Recreate"
        if pod.role == "beat" and not (is_single and spec.get("replicas") in (0, 1)):
            yield f"{pod.name} is not one"
        for volume in pod.spec.get("volumes", []):
            claim = claims.get(volume.get("persistentVolumeClaim", {}).get("claimName"))
            is_lent = claim is not None and claim["spec"]["accessModes"] != ["ReadWriteMany"]
            if is_lent and not (is_single and spec.get("replicas") in (0, 1)):
                yield f"{pod.name} shares a volume that is lent to one machine"


def everybody_is_behind_a_fence(manifests: list[Manifest]) -> Iterator[str]:
    fences = [it["spec"] for it in of_kind(manifests, "NetworkPolicy")]
    for each in fences:
        if not _selected(manifests, each["podSelector"].get("matchLabels", {})):
            yield "a fence is around nobody"
        if sorted(each["policyTypes"]) != ["Egress", "Ingress"]:
            yield "a fence has one side"
        if any(not opening.get("ports") for way in ("ingress", "egress") for opening in each[way]):
            yield "a fence has a gap: an opening without a port"
    for pod in pods(manifests) if fences else ():
        around = [
            it for it in fences if _selects(it["podSelector"].get("matchLabels", {}), pod.labels)
        ]
        if len(around) != 1:
            yield f"{pod.name} is behind {len(around)} fences"
            continue
        ways_out = [port["port"] for it in around[0]["egress"] for port in it.get("ports", [])]
        if (443 in ways_out) != (pod.role == "api"):
            yield f"{pod.name} reaches the world, or the server does not"


def numbers_are_read_under_the_names_that_alerts_know(manifests: list[Manifest]) -> Iterator[str]:
    alerts = (ROOT / "deploy" / "monitoring" / "alerts.yaml").read_text(encoding="utf-8")
    known = {*re.findall(r'job=~"([^"]+)"', alerts)}
    read: set[str] = set()
    for each in [*of_kind(manifests, "ServiceMonitor"), *of_kind(manifests, "PodMonitor")]:
        labels = each["spec"]["selector"]["matchLabels"]
        for endpoint in each["spec"].get("endpoints") or each["spec"]["podMetricsEndpoints"]:
            jobs = [it["replacement"] for it in endpoint.get("relabelings", [])]
            if not jobs or not all(re.fullmatch(one, jobs[0]) for one in known):
                yield f"{_name(each)}: no alert looks at the job {jobs}"
            found = [*_showing(manifests, each["kind"], labels, endpoint["port"])]
            if not found:
                yield f"{_name(each)} reads what nobody shows"
            read.update(found)
    for pod in pods(manifests):
        shows = "metrics" in {p["name"] for it in pod.containers for p in it.get("ports", [])}
        if shows != (pod.name in read):
            yield f"{pod.name} shows numbers that nobody reads, or the other way round"


def _showing(
    manifests: list[Manifest], kind: str, labels: Mapping[str, str], port: str
) -> Iterator[str]:
    if kind == "PodMonitor":
        selectors: list[Mapping[str, str]] = [labels]
    else:
        selectors = [
            it["spec"]["selector"]
            for it in of_kind(manifests, "Service")
            if _selects(labels, it["metadata"]["labels"])
            and port in {each["name"] for each in it["spec"]["ports"]}
        ]
    for selector in selectors:
        for pod in _selected(manifests, selector):
            if port in {p["name"] for it in pod.containers for p in it.get("ports", [])}:
                yield pod.name


RELEASE_POLICIES = (
    no_name_comes_twice,
    what_pods_refer_to_exists,
    pods_are_chosen_by_their_owner_alone,
    services_lead_to_pods,
    routes_lead_to_the_server,
    routes_begin_at_what_there_is,
    scalers_have_something_to_scale,
    how_many_there_are_is_said_once,
    scalers_know_their_password,
    what_there_is_several_times_is_spread_and_kept,
    what_is_single_stays_single,
    everybody_is_behind_a_fence,
    numbers_are_read_under_the_names_that_alerts_know,
)
