"""Every table there is, for whoever needs them all: migrations, copies, tests."""

from chess_analytics.store import drill_tables, fact_tables, job_tables, share_tables, tables
from chess_analytics.store.metadata import metadata

__all__ = ["drill_tables", "fact_tables", "job_tables", "metadata", "share_tables", "tables"]
