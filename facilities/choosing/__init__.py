"""Choosing a setting: questions a person may answer, and rules that lead from them to care."""

from .answers import QUESTIONS, Answers, Reading, as_pairs, read
from .rule import Kind, Rule
from .rules import RULES
from .settings import Setting
from .suggestion import Suggestion, suggest

__all__ = [
    "QUESTIONS",
    "RULES",
    "Answers",
    "Kind",
    "Reading",
    "Rule",
    "Setting",
    "Suggestion",
    "as_pairs",
    "read",
    "suggest",
]
