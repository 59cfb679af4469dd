"""One import at a time from a site, in however many processes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_AT_A_SITE = sa.text("state = 'running' AND kind IN ('lichess', 'chesscom')")


def upgrade() -> None:
    """Let an index hold what one process alone held before."""
    # Two may run at this moment: who loses its claim stops, and both wait for their turn.
    op.execute(
        "UPDATE imports SET state = 'waiting', worker = NULL, lease_ms = NULL "
        "WHERE state = 'running' AND kind IN ('lichess', 'chesscom')"
    )
    op.create_index(
        "ux_imports_of_site",
        "imports",
        ["kind"],
        unique=True,
        sqlite_where=_AT_A_SITE,
        postgresql_where=_AT_A_SITE,
    )
