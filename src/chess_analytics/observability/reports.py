"""Reports of faults to Sentry, or what speaks its language: off by default, and about us alone."""

from typing import TYPE_CHECKING

from chess_analytics import __version__
from chess_analytics.observability.context import current_ids
from chess_analytics.observability.scrubbing import impersonal

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

# All that leaves the house. What the library adds some day is not among it until somebody looks.
_TOLD = ("event_id", "timestamp", "level", "logger", "platform", "release", "environment", "sdk")
_TOLD_OF_FRAMES = (
    "filename", "function", "module", "lineno", "pre_context", "context_line", "post_context",
    "in_app",
)  # fmt: skip


def report_faults(dsn: str | None) -> None:
    """Send what is logged as an error to ``dsn`` from now on; without one nothing goes anywhere.

    A report says which error arose where, and to which request, job, task and user it belongs, in
    numbers. It holds no variables, requests, bodies, cookies, names, addresses or games.
    """
    if dsn is None:
        return
    # Who reports nothing does not wait for the library.
    import sentry_sdk  # noqa: PLC0415
    from sentry_sdk.integrations.atexit import AtexitIntegration  # noqa: PLC0415
    from sentry_sdk.integrations.dedupe import DedupeIntegration  # noqa: PLC0415
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration  # noqa: PLC0415
    from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415
    from sentry_sdk.integrations.threading import ThreadingIntegration  # noqa: PLC0415

    sentry_sdk.init(
        dsn=dsn,
        release=f"chess-analytics@{__version__}",
        # None that looks at requests, statements or messages.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            AtexitIntegration(callback=_say_nothing),
            DedupeIntegration(),
            ExcepthookIntegration(),
            LoggingIntegration(level=None),
            ThreadingIntegration(propagate_scope=False),
        ],
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        before_send=only_what_is_ours,
    )


def only_what_is_ours(event: "Event", _hint: "Hint") -> "Event":
    """Make a report anew of what may be told."""
    told: Event = {name: event[name] for name in _TOLD if name in event}  # type: ignore[literal-required,assignment]
    told["tags"] = {name: str(number) for name, number in current_ids().items()}
    entry = event.get("logentry") or {}
    words = str(entry.get("formatted") or entry.get("message") or "")
    if words:
        told["logentry"] = {"message": impersonal(words)}
    errors = (event.get("exception") or {}).get("values") or ()
    if errors:
        told["exception"] = {"values": [_error(error) for error in errors]}
    return told


def _error(error: dict[str, object]) -> dict[str, object]:
    trace = error.get("stacktrace")
    frames = trace.get("frames", ()) if isinstance(trace, dict) else ()
    return {
        "type": error.get("type"),
        "module": error.get("module"),
        "value": impersonal(str(error.get("value") or "")),
        "stacktrace": {
            "frames": [
                {name: frame[name] for name in _TOLD_OF_FRAMES if name in frame} for frame in frames
            ]
        },
    }


def _say_nothing(_pending: int, _patience_s: float) -> None:
    """Leave the terminal alone when reports are sent off at the end."""
