"""The tables of training (decision 21)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from chess_analytics.store.metadata import ID, metadata, of_user

drills = Table(
    "drills",
    metadata,
    # One position of one user, whatever games it came from.
    Column("id", ID, primary_key=True),
    of_user(),
    Column("variant", String, nullable=False),
    # Without history: counters are 0 1.
    Column("fen", String, nullable=False),
    # The engine's first choice, UCI, and its evaluation, White's; both absent where it mates.
    Column("best", String, nullable=False),
    Column("cp", Integer),
    Column("mate", SmallInteger),
    # UCI moves with a space between; begins with the best one.
    Column("line", Text, nullable=False),
    # Behind that evaluation; 0 where it came with the game.
    Column("nodes", BigInteger, nullable=False),
    # Of its mistakes: how many there are, the greatest loss, and when the last one was played.
    Column("mistakes", Integer, nullable=False),
    Column("loss", Float, nullable=False),
    Column("played_ms", BigInteger, nullable=False),
    # The user has set it aside.
    Column("is_suspended", Boolean, nullable=False, server_default=text("false")),
    # The first grade; absent while it is new. Then what FSRS knows.
    Column("begun_ms", BigInteger),
    Column("stability", Float),
    Column("difficulty", Float),
    Column("reviewed_ms", BigInteger),
    # When it counts again; 0 for a new one that was never put off.
    Column("due_ms", BigInteger, nullable=False, server_default="0"),
    Column("created_ms", BigInteger, nullable=False),
    UniqueConstraint("user_id", "variant", "fen"),
    Index(None, "user_id", "due_ms"),
    sqlite_autoincrement=True,
)

drill_mistakes = Table(
    "drill_mistakes",
    metadata,
    # A move of a game that made the drill.
    Column("drill_id", ID, ForeignKey("drills.id", ondelete="CASCADE"), primary_key=True),
    Column("game_id", ID, ForeignKey("games.id", ondelete="CASCADE"), primary_key=True),
    Column("ply", SmallInteger, nullable=False),
    Column("uci", String, nullable=False),
    Column("judgment", String, nullable=False),
    Column("loss", Float, nullable=False),
    Index(None, "game_id"),
    sqlite_with_rowid=False,
)

drill_moves = Table(
    "drill_moves",
    metadata,
    # What a move of the drill's position is worth: by an analysis, or checked for an answer.
    Column("drill_id", ID, ForeignKey("drills.id", ondelete="CASCADE"), primary_key=True),
    Column("uci", String, primary_key=True),
    # After the move, White's.
    Column("cp", Integer),
    Column("mate", SmallInteger),
    sqlite_with_rowid=False,
)

drill_answers = Table(
    "drill_answers",
    metadata,
    # What the user has answered, practice included.
    Column("id", ID, primary_key=True),
    Column("drill_id", ID, ForeignKey("drills.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at_ms", BigInteger, nullable=False),
    # UCI; absent where the solution was shown instead.
    Column("uci", String),
    Column("is_right", Boolean, nullable=False),
    # Absent where it did not count: practice.
    Column("grade", String),
    Column("spent_ms", BigInteger),
    sqlite_autoincrement=True,
)

drill_scans = Table(
    "drill_scans",
    metadata,
    # That a game was read for mistakes: by which run, and whose pieces were the user's.
    Column("game_id", ID, ForeignKey("games.id", ondelete="CASCADE"), primary_key=True),
    Column("run_id", ID, nullable=False),
    Column("color", String, nullable=False),
)
