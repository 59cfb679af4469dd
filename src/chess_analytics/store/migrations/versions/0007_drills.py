"""Training: drills from own mistakes, and how they were answered."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; drills come into them when somebody trains."""
    op.create_table(
        "drills",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("fen", sa.String(), nullable=False),
        sa.Column("best", sa.String(), nullable=False),
        sa.Column("cp", sa.Integer()),
        sa.Column("mate", sa.SmallInteger()),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("nodes", sa.BigInteger(), nullable=False),
        sa.Column("mistakes", sa.Integer(), nullable=False),
        sa.Column("loss", sa.Float(), nullable=False),
        sa.Column("played_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_suspended", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("begun_ms", sa.BigInteger()),
        sa.Column("stability", sa.Float()),
        sa.Column("difficulty", sa.Float()),
        sa.Column("reviewed_ms", sa.BigInteger()),
        sa.Column("due_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_drills_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_drills"),
        sa.UniqueConstraint("user_id", "variant", "fen", name="uq_drills_user_id_variant_fen"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_drills_user_id_due_ms", "drills", ["user_id", "due_ms"])
    op.create_table(
        "drill_mistakes",
        _drill(),
        sa.Column("game_id", _ID, nullable=False),
        sa.Column("ply", sa.SmallInteger(), nullable=False),
        sa.Column("uci", sa.String(), nullable=False),
        sa.Column("judgment", sa.String(), nullable=False),
        sa.Column("loss", sa.Float(), nullable=False),
        _of_drill("drill_mistakes"),
        _of_game("drill_mistakes"),
        sa.PrimaryKeyConstraint("drill_id", "game_id", name="pk_drill_mistakes"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_drill_mistakes_game_id", "drill_mistakes", ["game_id"])
    op.create_table(
        "drill_moves",
        _drill(),
        sa.Column("uci", sa.String(), nullable=False),
        sa.Column("cp", sa.Integer()),
        sa.Column("mate", sa.SmallInteger()),
        _of_drill("drill_moves"),
        sa.PrimaryKeyConstraint("drill_id", "uci", name="pk_drill_moves"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "drill_answers",
        sa.Column("id", _ID, nullable=False),
        _drill(),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("uci", sa.String()),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.String()),
        sa.Column("spent_ms", sa.BigInteger()),
        _of_drill("drill_answers"),
        sa.PrimaryKeyConstraint("id", name="pk_drill_answers"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_drill_answers_drill_id", "drill_answers", ["drill_id"])
    op.create_table(
        "drill_scans",
        sa.Column("game_id", _ID, autoincrement=False, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("color", sa.String(), nullable=False),
        _of_game("drill_scans"),
        sa.PrimaryKeyConstraint("game_id", name="pk_drill_scans"),
    )


def _drill() -> sa.Column[int]:
    return sa.Column("drill_id", _ID, nullable=False)


def _of_drill(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["drill_id"], ["drills.id"], name=f"fk_{table}_drill_id", ondelete="CASCADE"
    )


def _of_game(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["game_id"], ["games.id"], name=f"fk_{table}_game_id", ondelete="CASCADE"
    )
