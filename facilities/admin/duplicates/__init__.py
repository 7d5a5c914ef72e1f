"""The staff pages of likely duplicates: the list, side by side, merge."""
