"""The migrations, for Alembic to run."""
