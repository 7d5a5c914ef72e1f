"""The staff pages of one facility: list, form, history, credentials."""
