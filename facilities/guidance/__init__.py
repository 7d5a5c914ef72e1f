"""Help with choosing: care finder, guides, worksheets, help lines, privacy statements."""
