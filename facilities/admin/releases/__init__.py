"""The staff pages of releases: loading, preview, conflicts, ambiguous rows, undo."""
