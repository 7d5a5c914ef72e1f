"""What the operator runs: backup, retention."""
