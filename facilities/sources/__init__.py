"""Reads the files that SAMHSA publishes. Knows their formats and nothing of the database."""
