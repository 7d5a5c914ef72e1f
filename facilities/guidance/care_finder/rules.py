"""Every rule in order. The methodology page is rendered from them, and ``suggest`` runs them.

Rules of a setting stand from the most supervision to the least: the first that applies decides.
Every other rule that applies adds what it says.
"""

from .advice_rules import MEDICATION_RULES, WARNING_RULES
from .rule_types import CareFinderRule
from .setting_rules import SETTING_RULES

RULES: tuple[CareFinderRule, ...] = (*SETTING_RULES, *MEDICATION_RULES, *WARNING_RULES)
