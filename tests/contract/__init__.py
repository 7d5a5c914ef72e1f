"""Tools of others against the served API: see ``__main__.py``."""
