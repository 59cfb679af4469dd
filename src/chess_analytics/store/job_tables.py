"""The tables of background analysis: jobs, their tasks, shares, workers, leases (decision 13)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from chess_analytics.store.metadata import ID, metadata, of_user

_IS_ACTIVE_BATCH = text("kind = 'batch' AND state IN ('pending', 'running', 'paused')")
_IS_QUEUED = text("state = 'queued'")
_IS_RUNNING = text("state = 'running'")

jobs = Table(
    "jobs",
    metadata,
    Column("id", ID, primary_key=True),
    of_user(),
    # batch: many games; single: one game that somebody waits for.
    Column("kind", String, nullable=False),
    # 0 interactive, 1 batch, 2 background: a lower one always goes first.
    Column("service", SmallInteger, nullable=False),
    # waiting (in line), pending (nothing begun yet), running, paused; then for good: completed,
    # completed_with_failures, failed, cancelled.
    Column("state", String, nullable=False),
    # fast, standard, deep, or nodes-N.
    Column("profile", String, nullable=False),
    # JSON: which games were asked for, as it is shown.
    Column("wanted", Text, nullable=False),
    # Among the user's own jobs, the highest first.
    Column("priority", SmallInteger, nullable=False, server_default="0"),
    # As many as it has tasks.
    Column("total", Integer, nullable=False),
    # One of the server's places for batch jobs, from 1; held while pending or running. No two
    # jobs can hold the same one, so the limit holds without anybody counting.
    Column("place", SmallInteger, unique=True),
    # Budgets: seconds of running, and engine seconds; it pauses when one is used up.
    Column("most_running_s", Float),
    Column("most_engine_s", Float),
    # Milliseconds of running before `resumed_ms`, and since when it is running.
    Column("ran_ms", BigInteger, nullable=False, server_default="0"),
    Column("resumed_ms", BigInteger),
    # Why it paused, failed or was cancelled, in words for the user.
    Column("reason", Text),
    Column("created_ms", BigInteger, nullable=False),
    Column("started_ms", BigInteger),
    Column("ended_ms", BigInteger),
    CheckConstraint("kind IN ('batch', 'single')", name="kind"),
    Index(None, "user_id", "id"),
    Index(None, "state", "id"),
    # One batch a user: what violates it is answered with 429.
    Index(
        "ux_jobs_active",
        "user_id",
        unique=True,
        sqlite_where=_IS_ACTIVE_BATCH,
        postgresql_where=_IS_ACTIVE_BATCH,
    ),
    sqlite_autoincrement=True,
)

tasks = Table(
    "tasks",
    metadata,
    # One game of a job.
    Column("id", ID, primary_key=True),
    Column("job_id", ID, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    # The job's user, so that shares are reckoned from here alone.
    of_user(),
    # Absent once the game was deleted: the task is then cancelled, and still counts.
    Column("game_id", ID, ForeignKey("games.id", ondelete="SET NULL"), index=True),
    # Its place in the job, from 1.
    Column("ordinal", Integer, nullable=False),
    # queued, running; then for good: done, failed, cancelled.
    Column("state", String, nullable=False),
    # Counted when it is claimed. After the third it has failed: it may be what kills the workers.
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    # Goes up with every claim and never down; who holds an old one can write nothing.
    Column("token", Integer, nullable=False, server_default="0"),
    Column("worker", String),
    Column("lease_ms", BigInteger),
    # A retry waits until then.
    Column("not_before_ms", BigInteger, nullable=False, server_default="0"),
    # What it is expected to take, and what it took, in engine seconds.
    Column("estimate_s", Float, nullable=False),
    Column("cost_s", Float),
    # The run that it made, or found there.
    Column("run_id", ID),
    Column("was_there", Boolean, nullable=False, server_default=text("false")),
    # Why the last attempt failed, in words.
    Column("error", Text),
    Column("started_ms", BigInteger),
    Column("ended_ms", BigInteger),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
    Index(None, "job_id", "state"),
    Index(None, "job_id", "ordinal", unique=True),
    Index(None, "job_id", "ended_ms"),
    Index(None, "user_id", "state"),
    # What claims look at: the next of a job, and who is at work on what.
    Index(
        "ix_tasks_queued",
        "job_id",
        "ordinal",
        sqlite_where=_IS_QUEUED,
        postgresql_where=_IS_QUEUED,
    ),
    Index(
        "ix_tasks_running",
        "lease_ms",
        sqlite_where=_IS_RUNNING,
        postgresql_where=_IS_RUNNING,
    ),
    # One worker a game: of two tasks that want the same one, the second waits.
    Index(
        "ux_tasks_running_game",
        "game_id",
        unique=True,
        sqlite_where=_IS_RUNNING,
        postgresql_where=_IS_RUNNING,
    ),
    sqlite_autoincrement=True,
)

shares = Table(
    "shares",
    metadata,
    # What a user's finished tasks have cost, as virtual time: engine seconds by weight.
    of_user(primary_key=True),
    Column("vtime", Float, nullable=False),
    Column("weight", Float, nullable=False, server_default="1"),
)

workers = Table(
    "workers",
    metadata,
    # Who works, or has worked lately. For people to look at: nothing is decided by it.
    Column("name", String, primary_key=True),
    Column("host", String, nullable=False),
    # Absent while none can be started, and then why.
    Column("engine", String),
    Column("problem", Text),
    Column("slots", SmallInteger, nullable=False),
    Column("busy", SmallInteger, nullable=False, server_default="0"),
    # Nodes a second of one engine, as measured last.
    Column("nps", Float),
    Column("started_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    # What only one process may do at a time, such as the sweep.
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
)
