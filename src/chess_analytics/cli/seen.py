"""How processes that run for long are seen by who runs them."""

from chess_analytics.observability.logs import write_logs
from chess_analytics.observability.reports import report_faults
from chess_analytics.settings import Settings


def be_seen(settings: Settings) -> None:
    """Log in the form that was asked for, and report faults if there is somewhere to."""
    write_logs(settings.logs)
    dsn = settings.sentry_dsn
    report_faults(dsn.get_secret_value() if dsn else None)
