"""The staff pages of accounts: log-in, enrollment, users."""
