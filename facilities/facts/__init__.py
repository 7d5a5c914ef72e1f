"""The facts that facilities have: declared, checked, written, read back and labeled."""
