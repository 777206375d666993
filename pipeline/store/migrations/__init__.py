"""Alembic migrations, run by `pipeline.store.schema`."""
