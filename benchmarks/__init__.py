"""Measurements on SAMHSA's real directory. Each prints what it found; none is a test."""
