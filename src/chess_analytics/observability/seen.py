"""How processes that run for long are seen by who runs them."""

from dataclasses import dataclass, field

from chess_analytics.observability.logs import LogPlan, write_logs
from chess_analytics.observability.reports import report_faults
from chess_analytics.observability.traces import trace_to


@dataclass(frozen=True, slots=True)
class Sight:
    """What a process shows of itself, and to whom."""

    logs: LogPlan
    sentry_dsn: str | None = field(default=None, repr=False)
    otlp_url: str | None = None


def be_seen(sight: Sight) -> None:
    """Log in the form that was asked for; report faults and send traces where that is asked for.

    Raises:
        TracesMissing: traces are wanted, and the extra for them is not installed.
    """
    write_logs(sight.logs)
    report_faults(sight.sentry_dsn)
    trace_to(sight.otlp_url)
