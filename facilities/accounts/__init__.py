"""Who works here: roles, how an account begins, how it logs in, what is forgotten about it."""
