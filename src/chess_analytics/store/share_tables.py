"""The table of shared games."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, String, Table

from chess_analytics.store.metadata import ID, metadata

shared_games = Table(
    "shared_games",
    metadata,
    # One link a game; it goes when the game goes.
    Column("game_id", ID, ForeignKey("games.id", ondelete="CASCADE"), primary_key=True),
    # Kept as it is, so that its owner can copy the link again: who reads the database reads the
    # game anyway.
    Column("secret", String, nullable=False, unique=True),
    Column("hides_opponent", Boolean, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)
