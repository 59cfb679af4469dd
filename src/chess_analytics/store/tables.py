"""The tables."""

from sqlalchemy import Column, Float, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()

evaluations = Table(
    "evaluations",
    metadata,
    # A position of standard chess without its history.
    Column("fen", String, primary_key=True),
    # Name, net and options of the engine: numbers of different builds never meet.
    Column("engine_key", String, primary_key=True),
    # The budget that was asked for. Entries of other budgets stay beside it, so that a graded run
    # finds exactly what it would have searched itself.
    Column("nodes", Integer, primary_key=True),
    Column("searched_nodes", Integer, nullable=False),
    Column("depth", Integer),
    Column("cp", Integer),
    Column("mate", Integer),
    Column("line", String, nullable=False),
    # Days since 1970 in UTC; exact enough to tell what nobody needs any more.
    Column("used_on", Integer, nullable=False, index=True),
    sqlite_with_rowid=False,
)

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
