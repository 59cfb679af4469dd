"""The Helm chart: sound for three versions of Kubernetes, and strict about its values."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from chess_analytics import __version__
from chess_analytics.settings import Settings
from tests.deploy.charts import (
    CHART,
    CHOICES,
    ROOT,
    VERSIONS,
    Choice,
    Manifest,
    named,
    of_kind,
    rendered,
    run_helm,
    try_render,
)
from tests.deploy.custom_kinds import CUSTOM_KINDS

MONITORING = ROOT / "deploy" / "monitoring"
_KUBERNETES_OWN = ("v1", "apps/", "batch/", "policy/", "autoscaling/", "networking.k8s.io/",
                   "scheduling.k8s.io/")  # fmt: skip
# What the chart says itself, by values of its own or by what it is.
_NOT_TO_BE_SET = {
    "data_dir", "workers", "grace_s", "drain_s", "database_url", "broker_url", "flower_password",
    "metrics_port", "metrics_host", "sentry_dsn", "host", "port", "public_url", "local",
    "lichess_token",
}  # fmt: skip


def check_kind(manifest: Manifest, version: str) -> None:
    """Refuse what is not as the schema of its kind says, and kinds without a schema."""
    schema = CUSTOM_KINDS.get((manifest["apiVersion"], manifest["kind"]))
    if schema is not None:
        jsonschema.validate(manifest, schema)
    else:
        _check_own_kind(json.dumps(manifest, sort_keys=True), version)


@cache
def _check_own_kind(manifest: str, version: str) -> None:
    # Most are the same in many choices, and each costs a tenth of a second.
    read = json.loads(manifest)
    assert read["apiVersion"].startswith(_KUBERNETES_OWN), read["apiVersion"]
    kubernetes_validate.validate(read, version, strict=True)


@pytest.mark.parametrize("size", ["small", "medium", "large"])
def test_helm_finds_nothing_to_complain_of(size: str) -> None:
    ended = run_helm("lint", "--strict", str(CHART), "--values", str(CHART / f"values-{size}.yaml"))
    assert ended.code == 0, ended.out + ended.err


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_is_what_kubernetes_understands(version: str) -> None:
    # What is rendered does not depend on the version: the next test.
    for choice in CHOICES:
        manifests = rendered(choice)
        assert len(manifests) > 5
        for manifest in manifests:
            check_kind(manifest, version)


@pytest.mark.parametrize("choice", ["small", "medium", "large", "everything"])
def test_the_same_is_rendered_for_every_version_of_kubernetes(choice: str) -> None:
    for version in VERSIONS[:-1]:
        assert rendered(choice, version) == rendered(choice)


@pytest.mark.parametrize(
    ("ending", "change"),
    [
        ("-api", {"spec": {"replica": 1}}),
        ("-api", {"kind": "Deployments"}),
        ("-api", {"apiVersion": "apps/v9"}),
        ("-worker-batch", {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObjects"}),
        ("-worker-batch", {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject"}),
        ("-api", {"apiVersion": "unheard.of/v1"}),
    ],
)
def test_what_kubernetes_does_not_understand_is_refused(
    ending: str, change: Mapping[str, Any]
) -> None:
    manifest = named(rendered("medium"), "Deployment", ending)
    with pytest.raises((
        AssertionError,
        jsonschema.ValidationError,
        kubernetes_validate.ValidationError,
        kubernetes_validate.SchemaNotFoundError,
    )):  # fmt: skip
        check_kind({**manifest, **change}, VERSIONS[0])


@pytest.mark.parametrize(
    ("size", "pools"),
    [("small", {"general"}), ("medium", {"single", "batch"}), ("large", {"single", "batch"})],
)
def test_a_size_has_the_pools_that_it_names_and_no_other(size: str, pools: set[str]) -> None:
    found = {it["metadata"]["name"] for it in of_kind(rendered(size), "Deployment")}
    assert found == {
        "chess-chess-analytics-api",
        "chess-chess-analytics-beat",
        *(f"chess-chess-analytics-worker-{pool}" for pool in pools),
    }


def test_the_chart_belongs_to_this_version_and_to_the_oldest_kubernetes_that_is_tried() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    assert chart["appVersion"] == __version__
    assert chart["kubeVersion"] == f">={VERSIONS[0]}.0-0"
    assert "dependencies" not in chart


def test_rules_and_dashboards_are_those_of_monitoring() -> None:
    kept = {_under(CHART / "files", it) for it in (CHART / "files").rglob("*") if it.is_file()}
    shipped = {_under(MONITORING, it) for it in MONITORING.rglob("*") if it.is_file()}
    assert kept == shipped, "just chart-files"
    manifests = rendered("medium")
    rules = yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))
    assert named(manifests, "PrometheusRule", "")["spec"] == rules
    shown = named(manifests, "ConfigMap", "-dashboards")["data"]
    assert [json.loads(text) for _, text in sorted(shown.items())] == [
        json.loads(file.read_text(encoding="utf-8"))
        for file in sorted((MONITORING / "dashboards").glob("*.json"))
    ]


def _under(folder: Path, file: Path) -> tuple[str, bytes]:
    return str(file.relative_to(folder)), file.read_bytes()


def test_every_value_is_known_to_the_schema_and_every_setting_can_be_set() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    assert set(schema["properties"]) - {"global"} == set(values)
    assert set(schema["properties"]["settings"]["properties"]) == (
        set(Settings.model_fields) - _NOT_TO_BE_SET
    )
    loose = [*_loose(schema, "")]
    assert not loose, "objects that take whatever they are given"


def _loose(schema: Any, path: str) -> list[str]:
    if isinstance(schema, list):
        return [found for each in schema for found in _loose(each, path)]
    if not isinstance(schema, dict):
        return []
    found = [it for name, each in schema.items() for it in _loose(each, f"{path}/{name}")]
    is_open = "properties" in schema and schema.get("additionalProperties") is not False
    # «properties» is also the name of what holds them.
    return [*found, path] if is_open and schema.get("type") == "object" else found


def _shown() -> list[Manifest]:
    guide = (ROOT / "docs" / "guides" / "kubernetes.md").read_text(encoding="utf-8")
    found = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    return [yaml.safe_load(dedent(each)) for each in found]


def test_the_values_that_the_guide_shows_can_be_rendered() -> None:
    # The others are an adapter's.
    values = [each for each in _shown() if "rules" not in each]
    assert len(values) == 2
    for each in values:
        ended = try_render(Choice(values=each))
        assert ended.code == 0, ended.err


def test_an_adapter_makes_the_metrics_that_the_chart_asks_for_of_those_that_there_are() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    rules = {kind: rule for each in _shown() for kind, (rule,) in each.get("rules", {}).items()}
    assert rules["external"]["seriesQuery"] == values["worker"]["autoscaling"]["metric"]
    assert rules["custom"]["name"]["as"] == values["api"]["autoscaling"]["latency"]["metric"]
    told = "".join(
        (ROOT / "src" / "chess_analytics" / name).read_text(encoding="utf-8")
        for name in ("jobs/queue_metrics.py", "observability/metrics.py")
    )
    for rule in rules.values():
        (asked,) = re.findall(r"^\w+", rule["seriesQuery"])
        assert f'"{asked.removesuffix("_bucket")}"' in told


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"publicUrl": ""}, "publicUrl"),
        ({"publicUrl": "chess.example"}, "publicUrl"),
        ({"apis": {}}, "apis"),
        ({"api": {"replica": 2}}, "replica"),
        ({"settings": {"signup": False}}, "signup"),
        ({"settings": {"database_url": "postgresql://"}}, "database_url"),
        ({"database": {"url": "postgresql://"}}, "url"),
        ({"image": {"tag": "latest"}}, "tag"),
        ({"worker": {"pools": {"night": {"hear": ["night"]}}}}, "hear"),
        ({"worker": {"pools": {"night": {"slot": 2}}}}, "slot"),
        ({"worker": {"pools": {"general": None}}}, "pools"),
        ({"worker": {"autoscaling": {"kind": "magic"}}}, "kind"),
        ({"worker": {"resources": {"limits": {"cpu": 1}}}}, "resources"),
        ({"api": {"resources": {"requests": {"cpu": 1, "memory": "1 GB"}}}}, "memory"),
        ({"api": {"disruptionBudget": {"maxUnavailable": 0}}}, "maxUnavailable"),
        # What no schema sees, the templates refuse.
        ({"api": {"replicas": 2}}, "ReadWriteMany"),
        ({"api": {"autoscaling": {"enabled": True}}}, "ReadWriteMany"),
        ({"api": {"drainSeconds": 41}}, "terminationGracePeriodSeconds"),
        ({"worker": {"autoscaling": {"kind": "cpu", "minReplicas": 0}}}, "only keda"),
        ({"worker": {"autoscaling": {"minReplicas": 9}}}, "maxReplicas"),
        ({"worker": {"autoscaling": {"kind": "keda"}}}, "keda.host"),
        ({"flower": {"enabled": True}}, "flower.existingSecret"),
        ({"gateway": {"enabled": True}}, "gateway.parentRefs"),
        ({"serviceAccount": {"create": False}}, "serviceAccount.name"),
    ],
)
def test_values_that_cannot_be_meant_are_refused(values: Mapping[str, Any], word: str) -> None:
    ended = try_render(Choice(values=values))
    assert ended.code != 0
    assert word in ended.err
