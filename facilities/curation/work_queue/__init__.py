"""The work queue: which facilities to call next, who calls them, and what the calls found."""
