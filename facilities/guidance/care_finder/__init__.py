"""Choosing a setting: questions a person may answer, and rules that lead from them to care."""

from .care_settings import Setting
from .questionnaire import QUESTIONS, ParsedAnswers, QuestionnaireAnswers, as_pairs, parse_answers
from .rule_types import CareFinderRule, Kind
from .rules import RULES
from .suggestion import Suggestion, suggest

__all__ = [
    "QUESTIONS",
    "RULES",
    "QuestionnaireAnswers",
    "Kind",
    "ParsedAnswers",
    "CareFinderRule",
    "Setting",
    "Suggestion",
    "as_pairs",
    "parse_answers",
    "suggest",
]
