"""Metrics for Prometheus on a port of their own: what users reach never shows them."""

import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chess_analytics import __version__
from chess_analytics.errors import ChessAnalyticsError

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric

# What the library reads once, when it is imported.
_SHARED = "PROMETHEUS_MULTIPROC_DIR"


class MetricsPortTaken(ChessAnalyticsError):
    """Metrics cannot be shown where they should be."""


@dataclass(frozen=True, slots=True)
class Gauged:
    """A number that is looked up when somebody asks."""

    name: str
    help: str
    values: Sequence[tuple[dict[str, str], float]]
    """By their labels, of which all have the same names."""


@dataclass(frozen=True, slots=True)
class Exposition:
    """Where metrics are shown, at /metrics."""

    host: str
    port: int


@contextmanager
def share_with_children() -> Iterator[None]:
    """Let the children of this process count together with it; before anything is counted."""
    with tempfile.TemporaryDirectory(prefix="chess-analytics-metrics-") as folder:
        os.environ[_SHARED] = folder
        try:
            yield
        finally:
            os.environ.pop(_SHARED, None)


def forget_child(pid: int) -> None:
    """Take a dead child's gauges away; what it has counted stays."""
    if _SHARED in os.environ:
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - as below

        mark_process_dead(pid)  # type: ignore[no-untyped-call]


@contextmanager
def exposing(
    where: Exposition | None, look: Callable[[], Sequence[Gauged]] = tuple
) -> Iterator[None]:
    """Show what this process counts, and what ``look`` finds each time, while the body runs.

    Raises:
        MetricsPortTaken: nobody can listen there.
    """
    if where is None:
        yield
        return
    # Who shows no metrics does not wait for the library.
    from prometheus_client import start_http_server  # noqa: PLC0415

    with ExitStack() as stack:
        registry = stack.enter_context(_registry(look))
        try:
            server, thread = start_http_server(where.port, where.host, registry)
        except OSError as error:
            raise MetricsPortTaken(
                f"metrics cannot be shown on {where.host} port {where.port} ({error.strerror}); "
                "set CHESS_ANALYTICS_METRICS_PORT to another one"
            ) from error
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


@contextmanager
def _registry(look: Callable[[], Sequence[Gauged]]) -> Iterator["CollectorRegistry"]:
    from prometheus_client import REGISTRY, CollectorRegistry, ProcessCollector  # noqa: PLC0415 - as above

    looked_up = _LookedUp(look)
    if _SHARED in os.environ:
        from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415 - as above

        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        ProcessCollector(registry=registry)
        registry.register(looked_up)
        yield registry
        return
    REGISTRY.register(looked_up)
    try:
        yield REGISTRY
    finally:
        REGISTRY.unregister(looked_up)


class _LookedUp:
    """What is looked up, in the library's form."""

    def __init__(self, look: Callable[[], Sequence[Gauged]]) -> None:
        self._look = look

    def describe(self) -> "Sequence[Metric]":
        """Promise nothing: the library would look at once to find names that come twice."""
        return ()

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - as above

        for each in (_build(), *self._look()):
            names = list(each.values[0][0]) if each.values else []
            family = GaugeMetricFamily(each.name, each.help, labels=names)
            for labels, value in each.values:
                family.add_metric([labels[name] for name in names], value)
            yield family


def _build() -> Gauged:
    labels = {"version": __version__, "python": platform.python_version()}
    return Gauged(
        "chess_analytics_build_info", "Which version this process is; always 1.", [(labels, 1)]
    )
