"""What the command ``analyse`` keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the two tables as they were before there were migrations."""
    op.create_table(
        "evaluations",
        sa.Column("fen", sa.String(), primary_key=True),
        sa.Column("engine_key", sa.String(), primary_key=True),
        sa.Column("nodes", sa.Integer(), primary_key=True),
        sa.Column("searched_nodes", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer()),
        sa.Column("cp", sa.Integer()),
        sa.Column("mate", sa.Integer()),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("used_on", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_evaluations_used_on", "evaluations", ["used_on"])
    op.create_table(
        "runs",
        sa.Column("moves_key", sa.String(), primary_key=True),
        sa.Column("settings_key", sa.String(), primary_key=True),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("nodes", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("evaluations", sa.LargeBinary(), nullable=False),
    )
