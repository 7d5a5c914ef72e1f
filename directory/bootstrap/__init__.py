"""Installs, prepares and starts the site from a clone."""
