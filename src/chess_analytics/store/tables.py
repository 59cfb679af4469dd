"""The tables."""

from sqlalchemy import Column, Float, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()

runs = Table(
    "runs",
    metadata,
    # What was analysed: start position, rules and moves; whoever played it.
    Column("moves_key", String, primary_key=True),
    # With what: engine, net, options, profile. Another engine never overwrites a run.
    Column("settings_key", String, primary_key=True),
    Column("engine", String, nullable=False),
    Column("profile", String, nullable=False),
    Column("nodes", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("evaluations", LargeBinary, nullable=False),
)
