"""How processes that run for long are seen by who runs them."""

from chess_analytics.observability.logs import write_logs
from chess_analytics.observability.reports import report_faults
from chess_analytics.observability.traces import trace_to
from chess_analytics.settings import Settings


def be_seen(settings: Settings) -> None:
    """Log in the form that was asked for; report faults and send traces where that is asked for.

    Raises:
        TracesMissing: traces are wanted, and the extra for them is not installed.
    """
    write_logs(settings.logs)
    dsn = settings.sentry_dsn
    report_faults(dsn.get_secret_value() if dsn else None)
    trace_to(settings.otlp_url)
