"""Migrations, run by Alembic when a store is opened."""
