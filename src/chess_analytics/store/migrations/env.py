"""How Alembic runs: on the connection that it is given, inside its transaction."""

from alembic import context

from chess_analytics.store.every_table import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
