"""The table of facts (decision 16)."""

from sqlalchemy import Column, ForeignKey, LargeBinary, SmallInteger, Table

from chess_analytics.store.metadata import ID, metadata

run_facts = Table(
    "run_facts",
    metadata,
    # What one run left behind for insights, in records of fixed width: `insights/records.py`.
    Column("run_id", ID, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    # `columns.FACTS_VERSION` when they were made.
    Column("version", SmallInteger, nullable=False),
    # Both empty where the run and the game's text do not fit together any more.
    Column("game", LargeBinary, nullable=False),
    Column("moves", LargeBinary, nullable=False),
)
