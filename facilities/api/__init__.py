"""What programs ask for: the search, single facilities and HSDS, as JSON."""
