"""What a rule is: when it applies, what follows from it, and who says so."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_lazy as _

from ...rules.citations import Citation
from .care_settings import Setting
from .questionnaire import QuestionnaireAnswers

TAKEN_FIRST = _("Do you take pregnant people before others? How soon?")


class Kind(Enum):
    """What a rule does: decides a setting, puts medication first, or warns."""

    SETTING = "setting"
    MEDICATION = "medication"
    WARNING = "warning"


@dataclass(frozen=True)
class CareFinderRule:
    """One rule: when it applies, what follows, and who says so.

    ``search`` are parameters of the search page that it adds, ``ask`` a question for the call.
    """

    slug: str
    kind: Kind
    applies: Callable[[QuestionnaireAnswers], bool]
    condition_words: str
    outcome_words: str
    source: Citation
    setting: Setting | None = None
    search: tuple[tuple[str, str], ...] = ()
    ask: str = ""
