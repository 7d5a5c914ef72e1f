"""Choosing a setting: questions a person may answer, and rules that lead from them to care."""

from .care_settings import Headline, Setting
from .questionnaire import (
    PARAMETERS,
    QUESTIONS,
    SCREENS,
    CareFinderQuestion,
    ParsedAnswers,
    QuestionnaireAnswers,
    Screen,
    answers_as_parameters,
    as_values,
    parse_answers,
)
from .rule_types import CareFinderRule, Kind
from .rules import RULES
from .suggestion import PreparedSearch, Suggestion, suggest

__all__ = [
    "PARAMETERS",
    "QUESTIONS",
    "RULES",
    "SCREENS",
    "CareFinderQuestion",
    "CareFinderRule",
    "Headline",
    "Kind",
    "ParsedAnswers",
    "PreparedSearch",
    "QuestionnaireAnswers",
    "Screen",
    "Setting",
    "Suggestion",
    "answers_as_parameters",
    "as_values",
    "parse_answers",
    "suggest",
]
