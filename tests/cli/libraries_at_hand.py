"""All of the program but the terminal's door, and what that is made of, loaded."""

import importlib
import pkgutil

import rich.console
import rich.progress
import rich.table
import typer
import uvicorn

import chess_analytics

LOADED = (rich.console, rich.progress, rich.table, typer, uvicorn)
_PREFIX = f"{chess_analytics.__name__}."
# The terminal's door looks at the environment when it is loaded, and so does the fleet's Celery.
_LEFT_OUT = tuple(
    f"{_PREFIX}{name}" for name in ("__main__", "cli", "jobs.fleet", "store.migrations")
)

for _found in pkgutil.walk_packages(chess_analytics.__path__, _PREFIX):
    if not _found.name.startswith(_LEFT_OUT):
        importlib.import_module(_found.name)
