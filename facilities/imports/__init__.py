"""Turns rows of a file into facilities: match, merge, write, report."""
