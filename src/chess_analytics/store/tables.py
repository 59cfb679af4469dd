"""The tables. Times are milliseconds since 1970 in UTC; names that are compared are lower-case."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from chess_analytics.store.metadata import ID, metadata, of_user

_IS_RUNNING_AT_A_SITE = text("state = 'running' AND kind IN ('lichess', 'chesscom')")

users = Table(
    "users",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", String, nullable=False),
    Column("name_key", String, nullable=False, unique=True),
    # Absent for who signs in with Lichess only, and for the user of a local installation.
    Column("password_hash", String),
    Column("lichess_id", String, unique=True),
    Column("is_admin", Boolean, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    # SHA-256 of what the browser holds: who reads the database cannot sign in with it.
    Column("key_hash", String, primary_key=True),
    of_user(index=True),
    Column("created_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False, index=True),
    Column("agent", String, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", ID, primary_key=True),
    of_user(index=True),
    Column("name", String, nullable=False),
    Column("key_hash", String, nullable=False, unique=True),
    # Words with a space between.
    Column("scopes", String, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger),
    Column("used_ms", BigInteger),
    sqlite_autoincrement=True,
)

lichess_sign_ins = Table(
    "lichess_sign_ins",
    metadata,
    # A sign-in that went to Lichess and has not come back yet.
    Column("state_hash", String, primary_key=True),
    Column("verifier", String, nullable=False),
    # Who wants to link the account; absent when somebody signs in.
    Column("user_id", ID, ForeignKey("users.id", ondelete="CASCADE")),
    Column("created_ms", BigInteger, nullable=False, index=True),
)

log_in_failures = Table(
    "log_in_failures",
    metadata,
    Column("id", ID, primary_key=True),
    # The name that was tried, or the address it was tried from; hashed.
    Column("subject", String, nullable=False),
    Column("at_ms", BigInteger, nullable=False, index=True),
    Index(None, "subject", "at_ms"),
)

idempotent_answers = Table(
    "idempotent_answers",
    metadata,
    of_user(primary_key=True),
    Column("key", String, primary_key=True),
    Column("request_hash", String, nullable=False),
    # Both absent while the first request is still at work.
    Column("status", SmallInteger),
    Column("body", Text),
    Column("created_ms", BigInteger, nullable=False, index=True),
)

players = Table(
    "players",
    metadata,
    Column("id", ID, primary_key=True),
    of_user(),
    # lichess, chesscom, or other: a name as it stands in PGNs.
    Column("site", String, nullable=False),
    Column("name", String, nullable=False),
    Column("name_key", String, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    # JSON: where the next import from the site goes on.
    Column("resume", Text, nullable=False, server_default="{}"),
    Column("synced_ms", BigInteger),
    UniqueConstraint("user_id", "site", "name_key"),
    sqlite_autoincrement=True,
)

imports = Table(
    "imports",
    metadata,
    Column("id", ID, primary_key=True),
    of_user(),
    # upload, lichess or chesscom.
    Column("kind", String, nullable=False),
    # The file's or the player's name, as the user gave it.
    Column("name", String, nullable=False),
    Column("player_id", ID, ForeignKey("players.id", ondelete="SET NULL")),
    # The spooled upload, a name in the folder of uploads; absent once it is not needed.
    Column("file", String),
    # waiting, running, done, failed or cancelled.
    Column("state", String, nullable=False),
    Column("wants_cancel", Boolean, nullable=False, server_default=text("false")),
    # found = added + already_there + set_aside + broken, at every commit.
    Column("found", Integer, nullable=False, server_default="0"),
    Column("added", Integer, nullable=False, server_default="0"),
    Column("already_there", Integer, nullable=False, server_default="0"),
    Column("set_aside", Integer, nullable=False, server_default="0"),
    Column("broken", Integer, nullable=False, server_default="0"),
    # JSON: how many were set aside or broken for which reason.
    Column("reasons", Text, nullable=False, server_default="{}"),
    # JSON: the counts, and the last game that was added, when `players.resume` was last written. A
    # sync that died goes on from there, and counts again what came after.
    Column("resume_point", Text, nullable=False, server_default="{}"),
    Column("bytes_read", BigInteger, nullable=False, server_default="0"),
    Column("bytes_total", BigInteger),
    # What ended it early, in words for the user.
    Column("error", Text),
    # How often it was begun; one that dies again and again is given up.
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_ms", BigInteger, nullable=False),
    Column("started_ms", BigInteger),
    Column("ended_ms", BigInteger),
    # Who works on it, and until when that is believed.
    Column("worker", String),
    Column("lease_ms", BigInteger),
    Index(None, "user_id", "id"),
    Index(None, "state", "id"),
    # One at a time for a user: two at once could both add the same game.
    Index(
        "ux_imports_running",
        "user_id",
        unique=True,
        sqlite_where=text("state = 'running'"),
        postgresql_where=text("state = 'running'"),
    ),
    # One at a time for a site, whoever asks, in however many processes: sites want it so.
    Index(
        "ux_imports_of_site",
        "kind",
        unique=True,
        sqlite_where=_IS_RUNNING_AT_A_SITE,
        postgresql_where=_IS_RUNNING_AT_A_SITE,
    ),
    sqlite_autoincrement=True,
)

import_problems = Table(
    "import_problems",
    metadata,
    Column("import_id", ID, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    # The entry's place in the import, from 1.
    Column("ordinal", Integer, primary_key=True),
    # set_aside or broken.
    Column("kind", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("source", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("line", Integer),
    Column("white", String),
    Column("black", String),
    sqlite_with_rowid=False,
)

games = Table(
    "games",
    metadata,
    # First what lists are filtered and sorted by: databases read a row from its start.
    Column("id", ID, primary_key=True),
    of_user(),
    # When it was played, as well as the headers tell; 0 where they do not.
    Column("played_ms", BigInteger, nullable=False),
    Column("added_ms", BigInteger, nullable=False),
    Column("plies", SmallInteger, nullable=False),
    Column("speed", String),
    # As the owner sees it; absent in games of other people. So are their player and the opponent.
    Column("color", String),
    Column("outcome", String),
    Column("rating", SmallInteger),
    Column("opponent_rating", SmallInteger),
    # The run that lists show: the newest of an engine of ours, else one that came with the game.
    # Its source and the owner's accuracy in it.
    Column("run_source", String),
    Column("accuracy", Float),
    Column("site", String, nullable=False),
    Column("variant", String, nullable=False),
    Column("result", String, nullable=False),
    Column("eco", String),
    Column("import_id", ID, ForeignKey("imports.id", ondelete="SET NULL"), index=True),
    Column("player_id", ID, ForeignKey("players.id", ondelete="SET NULL"), index=True),
    # Names as they are searched for: `texts.search_key`.
    Column("opponent_key", String),
    Column("opening_key", String),
    # `fingerprint.moves_key`: the start and the moves.
    Column("moves_key", String, nullable=False),
    Column("site_id", String),
    Column("white", String),
    Column("black", String),
    Column("white_rating", SmallInteger),
    Column("black_rating", SmallInteger),
    Column("opponent", String),
    Column("opening", String),
    Column("time_control", String),
    Column("run_id", ID),
    Index(None, "user_id", "moves_key"),
    Index(None, "user_id", "opponent_key", "played_ms", "id"),
    # All of a user's games, in each order in which they can be listed.
    Index(None, "user_id", "id"),
    Index(None, "user_id", "plies", "id"),
    Index(None, "user_id", "rating", "id"),
    Index(None, "user_id", "opponent_rating", "id"),
    Index(None, "user_id", "accuracy", "id"),
    # Whatever is asked of a list, this index alone tells which games it holds
    # (bench/game_pages.py).
    Index(
        "ix_games_listed",
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
    ),
    sqlite_autoincrement=True,
)

game_texts = Table(
    "game_texts",
    metadata,
    # Apart from the games, so that lists of games read short rows.
    Column("game_id", ID, ForeignKey("games.id", ondelete="CASCADE"), primary_key=True),
    # JSON. Before the long text: SQLite reads a row from its start.
    Column("headers", Text, nullable=False),
    # The text as it came.
    Column("pgn", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    # One analysis of one game; never changed once made.
    Column("id", ID, primary_key=True),
    Column("game_id", ID, ForeignKey("games.id", ondelete="CASCADE"), nullable=False, index=True),
    # engine: ours; supplied: the evaluations came with the game.
    Column("source", String, nullable=False),
    # «Stockfish 17», «lichess server analysis», …
    Column("engine", String, nullable=False),
    Column("profile", String),
    # `analyse_game.settings_key`, or the source's name where there were no settings of ours.
    Column("settings_key", String, nullable=False),
    Column("nodes", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("white_accuracy", Float),
    Column("black_accuracy", Float),
    Column("white_acpl", Float),
    Column("black_acpl", Float),
    Column("white_inaccuracies", SmallInteger, nullable=False),
    Column("black_inaccuracies", SmallInteger, nullable=False),
    Column("white_mistakes", SmallInteger, nullable=False),
    Column("black_mistakes", SmallInteger, nullable=False),
    Column("white_blunders", SmallInteger, nullable=False),
    Column("black_blunders", SmallInteger, nullable=False),
    # Raw: any label, formula or threshold can be applied again without an engine. Last, because
    # SQLite reads a row from its start.
    Column("evaluations", LargeBinary, nullable=False),
    UniqueConstraint("game_id", "settings_key"),
    CheckConstraint("source IN ('engine', 'supplied')", name="source"),
    sqlite_autoincrement=True,
)

moves = Table(
    "moves",
    metadata,
    # One row a ply of a run: what the move was worth.
    Column("run_id", ID, primary_key=True),
    Column("ply", SmallInteger, primary_key=True),
    Column("uci", String, nullable=False),
    Column("san", String, nullable=False),
    # The evaluation after the move, White's; both absent after checkmate.
    Column("cp", Integer),
    Column("mate", SmallInteger),
    # What the engine would have played instead, UCI.
    Column("best", String),
    Column("judgment", String),
    Column("label", String, nullable=False),
    # Points of winning chance that the mover lost, 0 to 100.
    Column("loss", Float, nullable=False),
    Column("accuracy", Float, nullable=False),
    Column("phase", String, nullable=False),
    Column("clock_s", Float),
    Column("spent_s", Float),
    ForeignKeyConstraint(["run_id"], ["runs.id"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

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

kept_runs = Table(
    "kept_runs",
    metadata,
    # What the command `analyse` has done, for games that are in nobody's library.
    # What was analysed: start position, rules and moves; whoever played it.
    Column("moves_key", String, primary_key=True),
    # With what: engine, net, options, profile. Another engine never overwrites a run.
    Column("settings_key", String, primary_key=True),
    Column("engine", String, nullable=False),
    Column("profile", String, nullable=False),
    Column("nodes", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("evaluations", LargeBinary, nullable=False),
)
