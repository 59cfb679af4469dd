"""Indexes of all of a user's games in each order in which they can be listed."""

from alembic import op

revision = "0005"
down_revision = "0004"

_SORTS = ("plies", "rating", "opponent_rating", "accuracy")


def upgrade() -> None:
    """Add an index for each order; that of the dates is there already."""
    op.create_index("ix_games_user_id_id", "games", ["user_id", "id"])
    for sort in _SORTS:
        op.create_index(f"ix_games_user_id_{sort}_id", "games", ["user_id", sort, "id"])
