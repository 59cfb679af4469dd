"""Spans tell what was done, in numbers; nothing where nobody asked for them."""

import sys
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chess_analytics.observability import traces
from chess_analytics.observability.traces import (
    TracesMissing,
    describe_span,
    export_to,
    link_job,
    numbers_of,
    send_traces,
    span,
    trace_job,
    trace_to,
)


@pytest.fixture
def kept() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    export_to(exporter)
    yield exporter
    assert traces._TRACING.provider
    traces._TRACING.provider.shutdown()
    traces._TRACING.provider = None


def _spans(kept: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    send_traces()
    return {made.name: made for made in kept.get_finished_spans()}


def test_all_that_is_done_for_a_job_is_one_trace_and_a_request_links_to_it(
    kept: InMemorySpanExporter,
) -> None:
    with span("request", request="r"):
        describe_span("POST /jobs", status=202)
        link_job(7)
    with span("task", of_job=7, task=1), span("engine"):
        describe_span(nodes=5)
    trace_job(7, waited_s=2.5, state="completed", kind="batch")
    with span("task of another", of_job=8):
        pass
    found = _spans(kept)
    job, task, engine = found["job"], found["task"], found["engine"]
    assert job.context and task.parent and engine.parent and task.context  # noqa: PT018
    assert job.parent is None
    assert task.parent.span_id == job.context.span_id
    assert engine.parent.span_id == task.context.span_id
    assert job.context.trace_id == numbers_of(7).trace
    assert {made.context.trace_id for made in (job, task, engine) if made.context} == {
        job.context.trace_id
    }
    assert job.end_time and job.start_time  # noqa: PT018
    assert job.end_time - job.start_time == 2_500_000_000
    request = found["POST /jobs"]
    assert request.context
    assert request.context.trace_id != job.context.trace_id
    assert [link.context.trace_id for link in request.links] == [job.context.trace_id]
    assert dict(request.attributes or {}) == {"request": "r", "status": 202}
    other = found["task of another"].context
    assert other
    assert other.trace_id == numbers_of(8).trace != job.context.trace_id


def test_an_error_is_told_by_its_kind_alone(kept: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="mallory"), span("task"):
        raise ValueError("mallory's game")
    made = _spans(kept)["task"]
    assert made.status.description == "ValueError"
    # A name that no number written in hexadecimal digits can hold.
    assert "mallory" not in made.to_json()


def test_without_an_address_nothing_is_traced() -> None:
    trace_to(None)
    with span("task", of_job=1):
        describe_span(nodes=1)
        link_job(1)
    trace_job(1, waited_s=1, state="completed", kind="batch")
    send_traces()
    assert traces._TRACING.provider is None


def test_what_is_not_installed_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(TracesMissing, match=r"pip install 'chess-analytics\[traces\]'"):
        trace_to("http://127.0.0.1:9")
