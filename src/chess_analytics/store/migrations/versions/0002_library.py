"""The library: users, players, imports, games, runs and moves."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; what the command ``analyse`` keeps makes room for a game's own runs."""
    op.create_table(
        "kept_runs",
        sa.Column("moves_key", sa.String(), primary_key=True),
        sa.Column("settings_key", sa.String(), primary_key=True),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("nodes", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("evaluations", sa.LargeBinary(), nullable=False),
    )
    op.execute("INSERT INTO kept_runs SELECT * FROM runs")
    op.drop_table("runs")
    op.create_table(
        "log_in_failures",
        sa.Column("id", _ID, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log_in_failures"),
    )
    op.create_index("ix_log_in_failures_at_ms", "log_in_failures", ["at_ms"], unique=False)
    op.create_index(
        "ix_log_in_failures_subject_at_ms", "log_in_failures", ["subject", "at_ms"], unique=False
    )
    op.create_table(
        "users",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("lichess_id", sa.String(), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("lichess_id", name="uq_users_lichess_id"),
        sa.UniqueConstraint("name_key", name="uq_users_name_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "idempotent_answers",
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_idempotent_answers_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name="pk_idempotent_answers"),
    )
    op.create_index(
        "ix_idempotent_answers_created_ms", "idempotent_answers", ["created_ms"], unique=False
    )
    op.create_table(
        "lichess_sign_ins",
        sa.Column("state_hash", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("user_id", _ID, nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_lichess_sign_ins_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("state_hash", name="pk_lichess_sign_ins"),
    )
    op.create_index(
        "ix_lichess_sign_ins_created_ms", "lichess_sign_ins", ["created_ms"], unique=False
    )
    op.create_table(
        "players",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("resume", sa.Text(), server_default="{}", nullable=False),
        sa.Column("synced_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_players_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_players"),
        sa.UniqueConstraint("user_id", "site", "name_key", name="uq_players_user_id_site_name_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sessions",
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_sessions_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_expires_ms", "sessions", ["expires_ms"], unique=False)
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=True),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_tokens_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("key_hash", name="uq_tokens_key_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tokens_user_id", "tokens", ["user_id"], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("player_id", _ID, nullable=True),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wants_cancel", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("found", sa.Integer(), server_default="0", nullable=False),
        sa.Column("added", sa.Integer(), server_default="0", nullable=False),
        sa.Column("already_there", sa.Integer(), server_default="0", nullable=False),
        sa.Column("set_aside", sa.Integer(), server_default="0", nullable=False),
        sa.Column("broken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reasons", sa.Text(), server_default="{}", nullable=False),
        sa.Column("resume_point", sa.Text(), server_default="{}", nullable=False),
        sa.Column("bytes_read", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("bytes_total", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("lease_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["player_id"], ["players.id"], name="fk_imports_player_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_imports_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_imports_state_id", "imports", ["state", "id"], unique=False)
    op.create_index("ix_imports_user_id_id", "imports", ["user_id", "id"], unique=False)
    op.create_index(
        "ux_imports_running",
        "imports",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "games",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("played_ms", sa.BigInteger(), nullable=False),
        sa.Column("added_ms", sa.BigInteger(), nullable=False),
        sa.Column("plies", sa.SmallInteger(), nullable=False),
        sa.Column("speed", sa.String(), nullable=True),
        sa.Column("color", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("opponent_rating", sa.SmallInteger(), nullable=True),
        sa.Column("run_source", sa.String(), nullable=True),
        sa.Column("accuracy", sa.Float(), nullable=True),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("eco", sa.String(), nullable=True),
        sa.Column("import_id", _ID, nullable=True),
        sa.Column("player_id", _ID, nullable=True),
        sa.Column("opponent_key", sa.String(), nullable=True),
        sa.Column("opening_key", sa.String(), nullable=True),
        sa.Column("moves_key", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=True),
        sa.Column("white", sa.String(), nullable=True),
        sa.Column("black", sa.String(), nullable=True),
        sa.Column("white_rating", sa.SmallInteger(), nullable=True),
        sa.Column("black_rating", sa.SmallInteger(), nullable=True),
        sa.Column("opponent", sa.String(), nullable=True),
        sa.Column("opening", sa.String(), nullable=True),
        sa.Column("time_control", sa.String(), nullable=True),
        sa.Column("run_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name="fk_games_import_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["player_id"], ["players.id"], name="fk_games_player_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_games_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_games"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_games_import_id", "games", ["import_id"], unique=False)
    op.create_index("ix_games_player_id", "games", ["player_id"], unique=False)
    op.create_index("ix_games_user_id_moves_key", "games", ["user_id", "moves_key"], unique=False)
    op.create_index(
        "ix_games_user_id_opponent_key_played_ms_id",
        "games",
        ["user_id", "opponent_key", "played_ms", "id"],
        unique=False,
    )
    op.create_index(
        "ix_games_listed",
        "games",
        [
            "user_id",
            "played_ms",
            "id",
            "added_ms",
            "plies",
            "speed",
            "color",
            "outcome",
            "rating",
            "opponent_rating",
            "run_source",
            "accuracy",
            "site",
            "variant",
            "result",
            "eco",
            "import_id",
            "player_id",
            "opponent_key",
            "opening_key",
        ],
        unique=False,
    )
    op.create_table(
        "import_problems",
        sa.Column("import_id", _ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("white", sa.String(), nullable=True),
        sa.Column("black", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name="fk_import_problems_import_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "ordinal", name="pk_import_problems"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "game_texts",
        sa.Column("game_id", _ID, nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("pgn", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["game_id"], ["games.id"], name="fk_game_texts_game_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("game_id", name="pk_game_texts"),
    )
    op.create_table(
        "runs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("game_id", _ID, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=True),
        sa.Column("settings_key", sa.String(), nullable=False),
        sa.Column("nodes", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("white_accuracy", sa.Float(), nullable=True),
        sa.Column("black_accuracy", sa.Float(), nullable=True),
        sa.Column("white_acpl", sa.Float(), nullable=True),
        sa.Column("black_acpl", sa.Float(), nullable=True),
        sa.Column("white_inaccuracies", sa.SmallInteger(), nullable=False),
        sa.Column("black_inaccuracies", sa.SmallInteger(), nullable=False),
        sa.Column("white_mistakes", sa.SmallInteger(), nullable=False),
        sa.Column("black_mistakes", sa.SmallInteger(), nullable=False),
        sa.Column("white_blunders", sa.SmallInteger(), nullable=False),
        sa.Column("black_blunders", sa.SmallInteger(), nullable=False),
        sa.Column("evaluations", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("source IN ('engine', 'supplied')", name="ck_runs_source"),
        sa.ForeignKeyConstraint(
            ["game_id"], ["games.id"], name="fk_runs_game_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("game_id", "settings_key", name="uq_runs_game_id_settings_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_runs_game_id", "runs", ["game_id"], unique=False)
    op.create_table(
        "moves",
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("ply", sa.SmallInteger(), nullable=False),
        sa.Column("uci", sa.String(), nullable=False),
        sa.Column("san", sa.String(), nullable=False),
        sa.Column("cp", sa.Integer(), nullable=True),
        sa.Column("mate", sa.SmallInteger(), nullable=True),
        sa.Column("best", sa.String(), nullable=True),
        sa.Column("judgment", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("loss", sa.Float(), nullable=False),
        sa.Column("accuracy", sa.Float(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("clock_s", sa.Float(), nullable=True),
        sa.Column("spent_s", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name="fk_moves_run_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "ply", name="pk_moves"),
        sqlite_with_rowid=False,
    )
