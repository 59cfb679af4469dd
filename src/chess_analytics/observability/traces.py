"""Traces by OpenTelemetry: off by default, an optional extra, and numbers only.

All that is done for a job is one trace, whichever processes do it: its number follows from the
job's, so nothing has to be handed on, and no message or row holds it. A request that begins a job
is a trace of its own, with a link to the job's.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chess_analytics import __version__
from chess_analytics.errors import ChessAnalyticsError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.sdk.trace.id_generator import IdGenerator
    from opentelemetry.trace import SpanContext

# Who traces nothing does not wait for the library, and need not have it.
# ruff: noqa: PLC0415

_TRACE_BYTES = 16
_SPAN_BYTES = 8
_NS_A_S = 1_000_000_000
Attribute = str | int | float | bool


class TracesMissing(ChessAnalyticsError):
    """Traces are wanted, and what makes them is not installed."""


@dataclass(frozen=True, slots=True)
class JobNumbers:
    """The numbers of a job's trace and of its first span."""

    trace: int
    span: int


@dataclass
class _Tracing:
    provider: "TracerProvider | None" = None


_TRACING = _Tracing()
# The numbers that the next span is to have, where they are not to be random.
_GIVEN: ContextVar[JobNumbers | None] = ContextVar("chess_analytics_span_numbers", default=None)


def trace_to(url: str | None) -> None:
    """Send traces to a collector at ``url`` (OTLP over HTTP) from now on; without one make none.

    Raises:
        TracesMissing: the extra `traces` is not installed.
    """
    if url is None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ModuleNotFoundError as error:
        raise TracesMissing(
            "CHESS_ANALYTICS_OTLP_URL wants traces, and OpenTelemetry is not installed: "
            "pip install 'chess-analytics[traces]'"
        ) from error
    export_to(OTLPSpanExporter(endpoint=f"{url.rstrip('/')}/v1/traces"))


def export_to(exporter: "SpanExporter") -> None:
    """Hand all spans to an exporter from now on."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = {"service.name": "chess-analytics", "service.version": __version__}
    provider = TracerProvider(resource=Resource.create(named), id_generator=_numbers())
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _TRACING.provider = provider


def send_traces() -> None:
    """Send what is left, before this process ends."""
    if _TRACING.provider is not None:
        _TRACING.provider.force_flush()


@contextmanager
def span(name: str, *, of_job: int | None = None, **attributes: Attribute) -> Iterator[None]:
    """Trace what the body does, in the trace of a job or of whatever is around it.

    An error is told by its kind alone: its words may quote what is somebody's.
    """
    if _TRACING.provider is None:
        yield
        return
    from opentelemetry import trace
    from opentelemetry.trace import Status, StatusCode

    around = None
    if of_job is not None:
        around = trace.set_span_in_context(trace.NonRecordingSpan(_context(numbers_of(of_job))))
    tracer = _TRACING.provider.get_tracer("chess_analytics")
    with tracer.start_as_current_span(
        name, around, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as made:
        try:
            yield
        except BaseException as error:
            made.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def describe_span(name: str | None = None, **attributes: Attribute) -> None:
    """Say more of the span around, once it is known."""
    if _TRACING.provider is None:
        return
    from opentelemetry import trace

    made = trace.get_current_span()
    if name:
        made.update_name(name)
    made.set_attributes(attributes)


def link_job(job_id: int) -> None:
    """Link the span around to the trace of a job that it has begun."""
    if _TRACING.provider is None:
        return
    from opentelemetry import trace

    trace.get_current_span().add_link(_context(numbers_of(job_id)), {"job": job_id})


def trace_job(job_id: int, *, waited_s: float, state: str, kind: str) -> None:
    """Trace a whole job, from its creation, once it has ended: what was done for it hangs below."""
    if _TRACING.provider is None:
        return
    from opentelemetry.context import Context

    ended_ns = time.time_ns()
    tracer = _TRACING.provider.get_tracer("chess_analytics")
    before = _GIVEN.set(numbers_of(job_id))
    try:
        made = tracer.start_span(
            "job",
            Context(),
            start_time=ended_ns - round(waited_s * _NS_A_S),
            attributes={"job": job_id, "state": state, "kind": kind},
        )
    finally:
        _GIVEN.reset(before)
    made.end(ended_ns)


def numbers_of(job_id: int) -> JobNumbers:
    """Give the numbers of a job's trace: the same in every process."""
    digest = hashlib.blake2b(
        f"chess-analytics job {job_id}".encode(), digest_size=_TRACE_BYTES + _SPAN_BYTES
    ).digest()
    return JobNumbers(int.from_bytes(digest[:_TRACE_BYTES]), int.from_bytes(digest[_TRACE_BYTES:]))


def _context(numbers: JobNumbers) -> "SpanContext":
    from opentelemetry.trace import SpanContext, TraceFlags

    sampled = TraceFlags(TraceFlags.SAMPLED)
    return SpanContext(numbers.trace, numbers.span, is_remote=True, trace_flags=sampled)


def _numbers() -> "IdGenerator":
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

    class _Numbers(RandomIdGenerator):
        def generate_trace_id(self) -> int:
            given = _GIVEN.get()
            return given.trace if given else super().generate_trace_id()

        def generate_span_id(self) -> int:
            given = _GIVEN.get()
            return given.span if given else super().generate_span_id()

    return _Numbers()
