"""Updates by a facility itself, through its own link: proposed changes, and its availability."""
