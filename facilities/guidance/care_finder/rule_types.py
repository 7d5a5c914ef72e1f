"""What a rule is: when it applies, what follows from it, and who says so."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_lazy as _

from ...rules.citations import Citation
from .care_settings import CareSetting, Headline
from .questionnaire import QuestionnaireAnswers

TAKEN_FIRST = _("Do you take pregnant people before others? How soon?")


class RuleKind(Enum):
    """What a rule does, in words. Of a headline and of a setting the first that applies decides."""

    DANGER = _("Before anything else")
    HEADLINE = _("What comes first (the first line that fits)")
    SETTING = _("Where (the first line that fits)")
    MEDICATION = _("About the medication")
    TEEN = _("If you are 17 or younger")
    WARNING = _("To stay safe")


@dataclass(frozen=True)
class CareFinderRule:
    """One rule: when it applies, what follows, and who says so.

    ``search`` are parameters of the search page that it adds, ``ask`` a question for the call,
    ``alert`` the code of the alert that a danger brings.
    """

    slug: str
    kind: RuleKind
    applies: Callable[[QuestionnaireAnswers], bool]
    condition_words: str
    outcome_words: str
    source: Citation
    setting: CareSetting | None = None
    headline: Headline | None = None
    search: tuple[tuple[str, str], ...] = ()
    ask: str = ""
    alert: str = ""
