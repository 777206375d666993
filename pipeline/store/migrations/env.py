"""What Alembic runs: the migrations, on the connection and in the transaction of `pipeline.store.schema`."""

from __future__ import annotations

from alembic import context

from pipeline.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
