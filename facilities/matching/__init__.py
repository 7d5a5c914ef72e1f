"""How alike two records of a facility are."""
