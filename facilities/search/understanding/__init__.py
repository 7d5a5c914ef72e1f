"""Understands what people type into one box: place, needs, names and danger, in two languages."""

from .reader import Understanding, understand

__all__ = ["Understanding", "understand"]
