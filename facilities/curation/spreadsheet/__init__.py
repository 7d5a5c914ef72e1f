"""Facilities as a spreadsheet: out with chosen columns, and what was changed back as checks."""
