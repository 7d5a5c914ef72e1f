"""Recognizes danger in what people type: its meaning is composed of parts, kept as data.

``words.csv`` holds classes of words, ``patterns.csv`` says which of them together mean danger.
"""

from .patterns import find_alert

__all__ = ["find_alert"]
