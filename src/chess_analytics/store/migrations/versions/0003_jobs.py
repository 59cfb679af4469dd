"""Jobs and their tasks, shares of users, workers, and leases."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ACTIVE = sa.text("kind = 'batch' AND state IN ('pending', 'running', 'paused')")
_QUEUED = sa.text("state = 'queued'")
_RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    """Make the tables of background analysis."""
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "workers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("engine", sa.String(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("slots", sa.SmallInteger(), nullable=False),
        sa.Column("busy", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("nps", sa.Float(), nullable=True),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_workers"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("service", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=True),
        sa.Column("most_running_s", sa.Float(), nullable=True),
        sa.Column("most_engine_s", sa.Float(), nullable=True),
        sa.Column("ran_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("resumed_ms", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('batch', 'single')", name="kind"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_jobs_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("place", name="uq_jobs_place"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_state_id", "jobs", ["state", "id"], unique=False)
    op.create_index("ix_jobs_user_id_id", "jobs", ["user_id", "id"], unique=False)
    op.create_index(
        "ux_jobs_active",
        "jobs",
        ["user_id"],
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )
    op.create_table(
        "shares",
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("vtime", sa.Float(), nullable=False),
        sa.Column("weight", sa.Float(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_shares_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_shares"),
    )
    op.create_table(
        "tasks",
        sa.Column("id", _ID, nullable=False),
        sa.Column("job_id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("game_id", _ID, nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("token", sa.Integer(), server_default="0", nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("lease_ms", sa.BigInteger(), nullable=True),
        sa.Column("not_before_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("estimate_s", sa.Float(), nullable=False),
        sa.Column("cost_s", sa.Float(), nullable=True),
        sa.Column("run_id", _ID, nullable=True),
        sa.Column("was_there", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("started_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"
        ),
        sa.ForeignKeyConstraint(
            ["game_id"], ["games.id"], name="fk_tasks_game_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name="fk_tasks_job_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_tasks_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tasks_game_id", "tasks", ["game_id"], unique=False)
    op.create_index("ix_tasks_job_id_ended_ms", "tasks", ["job_id", "ended_ms"], unique=False)
    op.create_index("ix_tasks_job_id_ordinal", "tasks", ["job_id", "ordinal"], unique=True)
    op.create_index("ix_tasks_job_id_state", "tasks", ["job_id", "state"], unique=False)
    op.create_index(
        "ix_tasks_queued",
        "tasks",
        ["job_id", "ordinal"],
        unique=False,
        sqlite_where=_QUEUED,
        postgresql_where=_QUEUED,
    )
    op.create_index(
        "ix_tasks_running",
        "tasks",
        ["lease_ms"],
        unique=False,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )
    op.create_index(
        "ux_tasks_running_game",
        "tasks",
        ["game_id"],
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )
    op.create_index("ix_tasks_user_id_state", "tasks", ["user_id", "state"], unique=False)
