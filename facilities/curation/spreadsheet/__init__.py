"""Export of facilities to a spreadsheet, and import of its changes as checks."""
