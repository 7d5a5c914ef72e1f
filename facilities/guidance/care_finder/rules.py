"""Every rule in order. The methodology page is rendered from them, and ``suggest_care`` runs them.

Dangers come first. Then the first rule of a headline that applies decides what the answer says
first, and the first rule of a setting, which stand from the most supervision to the least. Every
other rule that applies adds what it says.
"""

from .advice_rules import MEDICATION_RULES, TEEN_RULES, WARNING_RULES
from .headline_rules import DANGER_RULES, HEADLINE_RULES
from .rule_types import CareFinderRule
from .setting_rules import SETTING_RULES

RULES: tuple[CareFinderRule, ...] = (
    *DANGER_RULES,
    *HEADLINE_RULES,
    *SETTING_RULES,
    *MEDICATION_RULES,
    *TEEN_RULES,
    *WARNING_RULES,
)
