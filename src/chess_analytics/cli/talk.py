"""Where the commands talk to a person: standard error; standard output is for data."""

from rich.console import Console

STDERR = Console(stderr=True, highlight=False, soft_wrap=True)
