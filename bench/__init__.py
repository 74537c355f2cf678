"""Measured against the world; never imported."""
