"""One form for all logs: ours, the web server's and Celery's, for people or as JSON a line.

Modules log by the standard library as ever. Each line bears the numbers of what it belongs to
(`observability.context`), and nothing that is somebody's (`observability.scrubbing`).
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

from chess_analytics.observability.context import current_ids
from chess_analytics.observability.scrubbing import impersonal

if TYPE_CHECKING:
    from structlog.stdlib import ProcessorFormatter

_Event = MutableMapping[str, Any]

# A line of a traceback that names a place in a program, and the lines of the program below it.
_FRAME = re.compile(r'\s+File ".*", line \d+')
_SOURCE = "    "


class LogFormat(StrEnum):
    """How logs are written."""

    CONSOLE = "console"
    """For people."""
    JSON = "json"
    """An object a line, for programs."""


class LogLevel(StrEnum):
    """The least that is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class LogPlan:
    """How this process logs."""

    form: LogFormat = LogFormat.CONSOLE
    level: LogLevel = LogLevel.WARNING


def write_logs(plan: LogPlan, stream: TextIO | None = None) -> None:
    """Write everything that is logged to standard error from now on, or to ``stream``."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_WhenNeeded(plan.form, in_colour=stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(plan.level.upper())
    # Python's own warnings would be lines of another form.
    logging.captureWarnings(capture=True)
    # Word of every request is ours to give (`api.measured`): theirs names addresses of users. And
    # of its plugins nobody asked Alembic.
    for name in ("httpx2", "httpcore", "uvicorn.access", "alembic.runtime.plugins"):
        logging.getLogger(name).setLevel(logging.WARNING)


class _WhenNeeded(logging.Formatter):
    """Loads the library at the first line: most commands log none."""

    def __init__(self, form: LogFormat, *, in_colour: bool) -> None:
        super().__init__()
        self._form = form
        self._in_colour = in_colour

    def format(self, record: logging.LogRecord) -> str:
        return self._formatter.format(record)

    @cached_property
    def _formatter(self) -> "ProcessorFormatter":
        import structlog  # noqa: PLC0415 - see above

        write: Any
        if self._form is LogFormat.JSON:
            write = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        else:
            # Tracebacks as they are: prettier ones show what variables hold.
            plain = structlog.dev.plain_traceback
            write = structlog.dev.ConsoleRenderer(
                colors=self._in_colour, exception_formatter=plain, pad_event_to=0
            )
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _add_ids,
                structlog.processors.format_exc_info,
                _leave_out_what_is_somebodys,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, write],
            keep_exc_info=False,
        )


def _add_ids(_logger: Any, _method: str, event: _Event) -> _Event:
    for name, number in current_ids().items():
        event.setdefault(name, number)
    return event


def _leave_out_what_is_somebodys(_logger: Any, _method: str, event: _Event) -> _Event:
    for name, value in event.items():
        if name == "exception":
            event[name] = impersonal_traceback(value)
        elif isinstance(value, str) and not name.startswith("_"):
            event[name] = impersonal(value)
    return event


def impersonal_traceback(text: str) -> str:
    """Leave out of a traceback what its messages quote; places in programs stay."""
    is_source = False
    kept = []
    for line in text.splitlines():
        is_source = bool(_FRAME.match(line)) or (is_source and line.startswith(_SOURCE))
        kept.append(line if is_source else impersonal(line))
    return "\n".join(kept)
