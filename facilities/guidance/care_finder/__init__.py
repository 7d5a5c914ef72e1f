"""Choosing a setting: questions a person may answer, and rules that lead from them to care."""

from .care_settings import Setting
from .questionnaire import QUESTIONS, Answers, QuestionnaireReading, as_pairs, read_answers
from .rule_types import CareFinderRule, Kind
from .rules import RULES
from .suggestion import Suggestion, suggest

__all__ = [
    "QUESTIONS",
    "RULES",
    "Answers",
    "CareFinderRule",
    "Kind",
    "QuestionnaireReading",
    "Setting",
    "Suggestion",
    "as_pairs",
    "read_answers",
    "suggest",
]
