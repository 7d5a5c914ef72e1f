"""What programs ask for: the search, single facilities, changes, feeds and HSDS."""
