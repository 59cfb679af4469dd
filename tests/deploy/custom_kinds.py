"""Strict schemas of the kinds that are not Kubernetes' own, as far as the chart uses them.

After the field references of KEDA, the Prometheus operator and the Gateway API. What stands in no
schema is refused: a field that the chart begins to use has to be looked up, and added here.
"""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_PORT: Schema = {"type": "integer", "minimum": 1, "maximum": 65535}
_LABELS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
_DURATION: Schema = {"type": "string", "pattern": r"^([0-9]+(h|m|s|ms))+$"}


def _object(*required: str, **fields: Schema) -> Schema:
    assert {*required} <= {*fields}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*required],
        "properties": fields,
    }


def _list(of: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": of}


def _kind(version: str, name: str, spec: Schema) -> Schema:
    return _object(
        "apiVersion", "kind", "metadata", "spec",
        apiVersion={"const": version},
        kind={"const": name},
        metadata=_object("name", name=_TEXT, labels=_LABELS, annotations=_LABELS),
        spec=spec,
    )  # fmt: skip


_SELECTOR = _object("matchLabels", matchLabels={**_LABELS, "minProperties": 1})

_SCALING_RULES = _object(
    stabilizationWindowSeconds={**_COUNT, "maximum": 3600},
    selectPolicy={"enum": ["Max", "Min", "Disabled"]},
    policies=_list(
        _object(
            "type", "value", "periodSeconds",
            type={"enum": ["Pods", "Percent"]},
            value={"type": "integer", "minimum": 1},
            periodSeconds={"type": "integer", "minimum": 1, "maximum": 1800},
        )
    ),
)  # fmt: skip

_POSTGRESQL = _object(
    "host", "port", "userName", "dbName", "sslmode", "query", "targetQueryValue",
    host=_TEXT,
    # KEDA reads the words of a trigger as text, numbers too.
    port={"type": "string", "pattern": "^[0-9]+$"},
    userName=_TEXT,
    dbName=_TEXT,
    sslmode={"enum": ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]},
    query=_TEXT,
    targetQueryValue={"type": "string", "pattern": "^[1-9][0-9]*$"},
    activationTargetQueryValue={"type": "string", "pattern": "^[0-9]+$"},
)  # fmt: skip

_SCALED_OBJECT = _object(
    "scaleTargetRef", "triggers", "maxReplicaCount",
    scaleTargetRef=_object("name", apiVersion=_TEXT, kind=_TEXT, name=_TEXT),
    pollingInterval=_COUNT,
    cooldownPeriod=_COUNT,
    minReplicaCount=_COUNT,
    maxReplicaCount={"type": "integer", "minimum": 1},
    fallback=_object("failureThreshold", "replicas", failureThreshold=_COUNT, replicas=_COUNT),
    advanced=_object(
        horizontalPodAutoscalerConfig=_object(
            behavior=_object(scaleUp=_SCALING_RULES, scaleDown=_SCALING_RULES)
        )
    ),
    triggers=_list(
        _object(
            "type", "metadata", "authenticationRef",
            type={"const": "postgresql"},
            metricType={"enum": ["AverageValue", "Value"]},
            metadata=_POSTGRESQL,
            authenticationRef=_object("name", name=_TEXT),
        )
    ),
)  # fmt: skip

_TRIGGER_AUTHENTICATION = _object(
    "secretTargetRef",
    secretTargetRef=_list(
        _object(
            "parameter", "name", "key",
            parameter={"enum": ["password", "connection"]}, name=_TEXT, key=_TEXT,
        )
    ),
)  # fmt: skip

_ENDPOINTS = _list(
    _object(
        "port",
        port=_TEXT,
        path=_TEXT,
        interval=_DURATION,
        relabelings=_list(
            _object(
                "action", "targetLabel", "replacement",
                action={"const": "replace"}, targetLabel=_TEXT, replacement=_TEXT,
            )
        ),
    )
)  # fmt: skip

_RULE = _object(
    "alert", "expr",
    alert=_TEXT,
    expr={"type": ["string", "integer"]},
    labels=_LABELS,
    annotations=_LABELS,
    **{"for": _DURATION},
)  # fmt: skip

_GROUP = _object("name", "rules", name=_TEXT, rules=_list(_RULE))

_ROUTE = _object(
    "parentRefs", "rules",
    parentRefs=_list(
        _object("name", name=_TEXT, namespace=_TEXT, sectionName=_TEXT, port=_PORT)
    ),
    hostnames=_list(_TEXT),
    rules=_list(
        _object(
            "backendRefs",
            matches=_list(
                _object(
                    path=_object(
                        "type", "value",
                        type={"enum": ["Exact", "PathPrefix"]},
                        value={"type": "string", "pattern": "^/"},
                    )
                )
            ),
            backendRefs=_list(_object("name", "port", name=_TEXT, port=_PORT)),
            timeouts=_object(request=_DURATION, backendRequest=_DURATION),
        )
    ),
)  # fmt: skip

_MONITORING = "monitoring.coreos.com/v1"

CUSTOM_KINDS: Mapping[tuple[str, str], Schema] = {
    (schema["properties"]["apiVersion"]["const"], schema["properties"]["kind"]["const"]): schema
    for schema in (
        _kind("keda.sh/v1alpha1", "ScaledObject", _SCALED_OBJECT),
        _kind("keda.sh/v1alpha1", "TriggerAuthentication", _TRIGGER_AUTHENTICATION),
        _kind(
            _MONITORING,
            "ServiceMonitor",
            _object("selector", "endpoints", selector=_SELECTOR, endpoints=_ENDPOINTS),
        ),
        _kind(
            _MONITORING,
            "PodMonitor",
            _object(
                "selector", "podMetricsEndpoints",
                selector=_SELECTOR, podMetricsEndpoints=_ENDPOINTS,
            ),
        ),
        _kind(
            _MONITORING,
            "PrometheusRule",
            _object("groups", groups=_list(_GROUP)),
        ),
        _kind("gateway.networking.k8s.io/v1", "HTTPRoute", _ROUTE),
    )
}  # fmt: skip
