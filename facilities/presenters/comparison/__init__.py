"""Facilities side by side, differences first."""
