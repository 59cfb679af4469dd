"""Where the commands talk to a person: standard error; standard output is for data."""

import logging

from rich.console import Console

from chess_analytics.observability.logs import LogFormat, LogPlan

STDERR = Console(stderr=True, highlight=False, soft_wrap=True)

_LOG = logging.getLogger(__name__)


def announce(words: str, plan: LogPlan) -> None:
    """Say what begins or ends here; where logs are for programs, as one of their lines."""
    if plan.form is LogFormat.JSON:
        _LOG.info(words)
    else:
        STDERR.print(words, markup=False, highlight=False)
