"""Every table there is, for whoever needs them all: migrations, copies, tests."""

from chess_analytics.store import job_tables, tables
from chess_analytics.store.metadata import metadata

__all__ = ["job_tables", "metadata", "tables"]
