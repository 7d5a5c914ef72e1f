"""The staff pages of the work queue: the list and the call page."""
