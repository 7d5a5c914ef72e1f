"""The columns that a sheet may have, and their headings.

A heading is a label and a key: "Phone [phone]". The label may be in either language, or changed by
the people who work on the sheet: only the key is read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...facts.registry import FACTS, STATED_FACTS, UNSTATED_FACTS, fact_label, service_of_fact
from ...rules.freshness import SERVICE_PREFIX
from ...taxonomy import VOCABULARY, Service

IDENTITY = ("uuid", "code", "name")
CHANGEABLE_COLUMNS = (*STATED_FACTS, *UNSTATED_FACTS)
# Exported, and never read back.
READ_ONLY_COLUMNS = (
    *(fact.name for fact in FACTS.values() if fact.is_resolved_by_rule),
    "last_verified_on",
)
DEFAULT_COLUMNS = tuple(fact.name for fact in FACTS.values() if fact.is_exported_by_default)
SERVICES = tuple(service for service in VOCABULARY if not service.retired)
CHECKED_PREFIX = "checked:"
AS_EXPORTED = "as_exported"
FORMER_KEYS = {"not_admitted": "admission_exclusions"}  # of sheets exported before 1.0
_KEY = re.compile(r"\[([a-z0-9_:-]+)\]\s*$")
_OWN_LABELS = {
    "uuid": gettext_lazy("Identity"),
    "code": gettext_lazy("Code"),
    "last_verified_on": gettext_lazy("Last checked"),
    AS_EXPORTED: gettext_lazy("As exported, do not change"),
}


@dataclass(frozen=True)
class SheetLayout:
    """The keys of a sheet's columns in order.

    ``is_official``: headings call services as SAMHSA does, not by their plain names.
    """

    keys: tuple[str, ...]
    is_official: bool = False

    @classmethod
    def of(cls, chosen: Iterable[str], *, is_dated: bool = False, is_official: bool = False):
        wanted = set(chosen)
        keys: list[str] = list(IDENTITY)
        services = (service.fact for service in SERVICES)
        for key in (*CHANGEABLE_COLUMNS, *READ_ONLY_COLUMNS, *services):
            if key in wanted and key not in keys:
                keys.append(key)
            if is_dated and key in keys and is_changeable_column(key):
                keys.append(f"{CHECKED_PREFIX}{key}")
        return cls((*keys, AS_EXPORTED), is_official)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The columns that an import reads, except services."""
        return tuple(key for key in self.keys if key in CHANGEABLE_COLUMNS)

    @cached_property
    def services(self) -> tuple[Service, ...]:
        return tuple(service for key in self.keys if (service := service_of_fact(key)) is not None)

    def headings(self, language: str) -> list[str]:
        return [f"{self._label(key, language)} [{key}]" for key in self.keys]

    def _label(self, key: str, language: str) -> str:
        if key in _OWN_LABELS:
            return str(_OWN_LABELS[key])
        if key.startswith(CHECKED_PREFIX):
            fact = self._label(key.removeprefix(CHECKED_PREFIX), language)
            return _("%(fact)s: checked on") % {"fact": fact}
        service = service_of_fact(key)
        if service and self.is_official and service.names:
            return service.names[0]
        return fact_label(key, language).replace("[", "(").replace("]", ")")


def is_changeable_column(key: str) -> bool:
    """Whether a changed cell of the column is imported as a check."""
    service = service_of_fact(key)
    return key in CHANGEABLE_COLUMNS or (service is not None and not service.retired)


def is_known_column(key: str) -> bool:
    fixed = (*IDENTITY, *READ_ONLY_COLUMNS, AS_EXPORTED)
    return key in fixed or key.startswith(CHECKED_PREFIX) or is_changeable_column(key)


def column_key_of_heading(heading: str) -> str:
    """Return the key at the end of a heading, or the heading itself if it is the key alone."""
    key = _KEY.search(heading)
    return renamed_column_key(key[1] if key else heading.strip().lower())


def renamed_column_key(key: str) -> str:
    prefix = CHECKED_PREFIX if key.startswith(CHECKED_PREFIX) else ""
    name = key.removeprefix(prefix)
    return prefix + FORMER_KEYS.get(name, name)


def is_service_column(key: str) -> bool:
    return key.startswith(SERVICE_PREFIX)
