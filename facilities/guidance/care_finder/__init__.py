"""Choosing a setting: questions a person may answer, and rules that lead from them to care."""

from .care_settings import CareSetting, Headline
from .questionnaire import (
    PARAMETERS,
    QUESTIONS,
    SCREENS,
    CareFinderQuestion,
    ParsedAnswers,
    QuestionnaireAnswers,
    QuestionScreen,
    answers_as_parameters,
    as_answer_set,
    parse_answers,
)
from .rule_types import CareFinderRule, RuleKind
from .rules import RULES
from .suggestion import CareSuggestion, PreparedSearch, suggest_care

__all__ = [
    "PARAMETERS",
    "QUESTIONS",
    "RULES",
    "SCREENS",
    "CareFinderQuestion",
    "CareFinderRule",
    "Headline",
    "RuleKind",
    "ParsedAnswers",
    "PreparedSearch",
    "QuestionnaireAnswers",
    "QuestionScreen",
    "CareSetting",
    "CareSuggestion",
    "answers_as_parameters",
    "as_answer_set",
    "parse_answers",
    "suggest_care",
]
