"""Records that may be one facility: found, kept apart, merged, and taken apart again."""
