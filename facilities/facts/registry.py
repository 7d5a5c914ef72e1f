"""The facts that a facility has, each declared once.

Forms, spreadsheets, histories, comparisons and pages read their lists of facts from here. To add
a fact, add it to ``FACTS`` and add its column to the model: see "Add a fact" in
docs/development.md. Whether a service is offered is a fact too; those come from the taxonomy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..rules.freshness import SERVICE_PREFIX, max_age
from ..taxonomy import VOCABULARY, Service
from . import value_types as types
from .findings import InvalidValue

PHONE = "phone"
_PAYMENT_CATEGORIES = frozenset({"payment", "payment-help"})
_ACCREDITATION = "accreditation"  # the category of licenses, certifications and accreditations


class FactSection(TextChoices):
    """The heading under which a fact stands in the staff's form."""

    CONTACT = "contact", gettext_lazy("Phone and website")
    ADDRESS = "address", gettext_lazy("Name and address")
    ADMISSION = "admission", gettext_lazy("Getting admitted")
    LISTING = "listing", gettext_lazy("Listing")
    SERVICES = "services", gettext_lazy("Services")


@dataclass(frozen=True)
class Fact:
    """One thing known of a facility.

    ``name``: the field of the model, and the name that verifications and proposals store.
    ``kind``: the key of its maximum age in ``rules.freshness``.
    ``short_label``: what a comparison calls it, where space is short.

    Facts of the section ADMISSION are listed by themselves on the facility's page, unless
    ``is_placed_by_template``: pages and comparisons then show the fact in a place of their own.
    """

    name: str
    label: str | Promise
    type: types.ValueType
    section: FactSection = FactSection.ADMISSION
    help: str | Promise = ""
    self_service_help: str | Promise = ""
    short_label: str | Promise = ""
    kind: str = "other"
    is_stated_by_files: bool = False
    is_resolved_by_rule: bool = False  # resolve.py decides it from more than the newest statement
    is_editable_by_facility: bool = False
    is_required: bool = False
    is_private_with_address: bool = False  # withheld where the street address is kept private
    needs_second_check: bool = False  # see curation/two_person_rule.py
    is_placed_by_template: bool = False
    is_compared: bool = False
    is_asked_at_creation: bool = False
    is_exported_by_default: bool = False
    is_counted_when_missing: bool = False  # on the page about data quality
    call_topic: str = ""  # the line of a call that reads it aloud
    service: Service | None = None

    @property
    def default(self) -> Any:
        """The value that stands for "not reported"."""
        return self.type.empty()

    @property
    def is_multiline(self) -> bool:
        return self.type.is_multiline

    @property
    def max_age(self) -> timedelta:
        return max_age(self.kind)

    @property
    def is_changeable(self) -> bool:
        """Whether new findings are accepted: not for retired services."""
        return self.section != FactSection.SERVICES or bool(
            self.service and not self.service.retired
        )

    def get_label(self, language: str) -> str:
        return self.service.label(language) if self.service else str(self.label)

    def display(self, value: Any) -> str:
        if value in types.UNREPORTED and not self.type.is_always_reported:
            return _("not reported")
        return self.type.display(value)

    def clean(self, value: Any) -> Any:
        """Return the value as it is stored. Raises ValidationError with a sentence."""
        return self.type.clean(value)

    def parse(self, text: str) -> Any:
        """Return the value that the text means, not yet cleaned. Raises ValidationError."""
        return self.type.parse(text.strip())

    def format(self, value: Any) -> str:
        """Return the value as text that ``parse`` reads back."""
        return self.type.format(value)


_DECLARED = (
    Fact(
        "status",
        gettext_lazy("Status"),
        types.STATUS,
        FactSection.LISTING,
        is_resolved_by_rule=True,
        needs_second_check=True,
    ),
    Fact(
        "name",
        gettext_lazy("Name"),
        types.single_line_type(200, required=True),
        FactSection.ADDRESS,
        is_stated_by_files=True,
        is_required=True,
        is_asked_at_creation=True,
        call_topic="address",
        needs_second_check=True,
    ),
    Fact(
        "program_name",
        gettext_lazy("Program"),
        types.single_line_type(200),
        FactSection.ADDRESS,
        is_stated_by_files=True,
        is_asked_at_creation=True,
        call_topic="address",
        needs_second_check=True,
    ),
    Fact(
        "street",
        gettext_lazy("Street"),
        types.single_line_type(200),
        FactSection.ADDRESS,
        is_stated_by_files=True,
        is_private_with_address=True,
        is_asked_at_creation=True,
        is_exported_by_default=True,
        call_topic="address",
        needs_second_check=True,
    ),
    Fact(
        "street2",
        gettext_lazy("Suite or floor"),
        types.single_line_type(200),
        FactSection.ADDRESS,
        is_stated_by_files=True,
        is_private_with_address=True,
        is_asked_at_creation=True,
        is_exported_by_default=True,
        call_topic="address",
        needs_second_check=True,
    ),
    Fact(
        "city",
        gettext_lazy("City"),
        types.single_line_type(100, required=True),
        FactSection.ADDRESS,
        is_stated_by_files=True,
        is_required=True,
        is_asked_at_creation=True,
        is_exported_by_default=True,
        call_topic="address",
        needs_second_check=True,
    ),
    Fact(
        "state",
        gettext_lazy("State"),
        types.STATE,
        FactSection.ADDRESS,
        is_stated_by_files=True,
        is_required=True,
        is_asked_at_creation=True,
        is_exported_by_default=True,
        call_topic="address",
        needs_second_check=True,
    ),
    Fact(
        "zip",
        gettext_lazy("ZIP code"),
        types.ZIP,
        FactSection.ADDRESS,
        is_stated_by_files=True,
        is_required=True,
        is_private_with_address=True,
        is_asked_at_creation=True,
        is_exported_by_default=True,
        call_topic="address",
        needs_second_check=True,
    ),
    Fact(
        "phone",
        gettext_lazy("Phone"),
        types.PHONE,
        FactSection.CONTACT,
        self_service_help=gettext_lazy("We call a changed number twice before we show it."),
        kind="phone",
        is_stated_by_files=True,
        is_editable_by_facility=True,
        needs_second_check=True,
        is_asked_at_creation=True,
        is_exported_by_default=True,
        is_counted_when_missing=True,
        call_topic="phone",
    ),
    Fact(
        "phone_extension",
        gettext_lazy("Phone extension"),
        types.EXTENSION,
        FactSection.CONTACT,
        kind="phone",
        is_stated_by_files=True,
        is_editable_by_facility=True,
        is_exported_by_default=True,
        call_topic="phone",
        needs_second_check=True,
    ),
    Fact(
        "intake_phones",
        gettext_lazy("Intake lines"),
        types.PHONES,
        FactSection.CONTACT,
        help=gettext_lazy("A line for each: 518-555-0101 x12"),
        kind="phone",
        is_stated_by_files=True,
        is_editable_by_facility=True,
        needs_second_check=True,
        call_topic="intake",
    ),
    Fact(
        "website",
        gettext_lazy("Website"),
        types.WEBSITE,
        FactSection.CONTACT,
        is_stated_by_files=True,
        is_editable_by_facility=True,
        is_compared=True,
        is_asked_at_creation=True,
        is_exported_by_default=True,
        is_counted_when_missing=True,
        needs_second_check=True,
    ),
    Fact(
        "hours",
        gettext_lazy("Hours of the intake line"),
        types.HOURS,
        help=gettext_lazy("A line for each: mon-fri 08:00-17:00. Or: always"),
        short_label=gettext_lazy("Intake line open"),
        kind="phone",
        is_editable_by_facility=True,
        is_compared=True,
        is_counted_when_missing=True,
        call_topic="hours",
    ),
    Fact(
        "fax",
        gettext_lazy("Fax for referrals"),
        types.PHONE,
        kind="phone",
        is_editable_by_facility=True,
        needs_second_check=True,
    ),
    Fact(
        "admission_hours",
        gettext_lazy("Admission hours"),
        types.TEXT,
        is_editable_by_facility=True,
        is_compared=True,
    ),
    Fact(
        "referral_requirements",
        gettext_lazy("What a referral needs"),
        types.TEXT,
        is_editable_by_facility=True,
        is_compared=True,
    ),
    Fact(
        "admission_exclusions",
        gettext_lazy("Who cannot be admitted"),
        types.TEXT,
        is_editable_by_facility=True,
        is_placed_by_template=True,
        is_counted_when_missing=True,
    ),
    Fact(
        "is_address_confidential",
        gettext_lazy("Street address kept private"),
        types.FLAG,
        FactSection.ADDRESS,
        is_asked_at_creation=True,
    ),
    Fact(
        "position",
        gettext_lazy("Position"),
        types.POSITION,
        FactSection.ADDRESS,
        help=gettext_lazy("Latitude and longitude: 42.6526, -73.7562"),
        is_resolved_by_rule=True,
        is_private_with_address=True,
        needs_second_check=True,
    ),
)
FACTS: Mapping[str, Fact] = {fact.name: fact for fact in _DECLARED}
# The columns that resolution fills from the newest statement or check: all but those by rule.
STATED_FACTS = tuple(fact.name for fact in _DECLARED if fact.is_stated_by_files)
UNSTATED_FACTS = tuple(
    fact.name for fact in _DECLARED if not (fact.is_stated_by_files or fact.is_resolved_by_rule)
)
PRIVATE_FACTS = frozenset(fact.name for fact in _DECLARED if fact.is_private_with_address)


def service_of_fact(name: str) -> Service | None:
    is_service = name.startswith(SERVICE_PREFIX)
    return VOCABULARY.get(name.removeprefix(SERVICE_PREFIX)) if is_service else None


def get_fact(name: str) -> Fact:
    """Raises KeyError if there is no such fact. Services are facts too."""
    return service_fact(name) if name.startswith(SERVICE_PREFIX) else FACTS[name]


@cache
def _service_facts() -> dict[str, Fact]:
    return {service.fact: _service_fact(service.fact, service) for service in VOCABULARY}


def service_fact(name: str) -> Fact:
    """Return the fact that a service is offered, denied or not reported.

    Old records may name a service that the taxonomy no longer has: it still displays.
    """
    return _service_facts().get(name) or _service_fact(name, None)


def _service_fact(name: str, service: Service | None) -> Fact:
    is_payment = service is not None and service.category.slug in _PAYMENT_CATEGORIES
    return Fact(
        name,
        label=name,
        type=types.SERVICE_ANSWER,
        section=FactSection.SERVICES,
        kind="payment" if is_payment else "service",
        is_stated_by_files=True,
        is_editable_by_facility=True,
        needs_second_check=service is not None and service.category.slug == _ACCREDITATION,
        service=service,
    )


def is_fact(name: str) -> bool:
    try:
        return get_fact(name).is_changeable
    except KeyError:
        return False


def fact_age_kind(name: str) -> str:
    """Return the key of the fact's maximum age.

    >>> fact_age_kind("intake_phones"), fact_age_kind("service:medicaid"), fact_age_kind("name")
    ('phone', 'payment', 'other')
    """
    try:
        return get_fact(name).kind
    except KeyError:
        return "other"


def fact_label(name: str, language: str) -> str:
    try:
        return get_fact(name).get_label(language)
    except KeyError:
        return name


def display_value(name: str, value: Any) -> str:
    """Word a value for readers, in the active language; "not reported" if there is none."""
    try:
        return get_fact(name).display(value)
    except KeyError:
        return _("not reported") if value in types.UNREPORTED else str(value)


def format_value(name: str, value: Any) -> str:
    """Return the value as text that ``parse_value`` reads back. Raises KeyError for no fact."""
    return get_fact(name).format(value)


def parse_value(name: str, text: str) -> Any:
    """Return the value that the text means, not yet cleaned. Raises InvalidValue."""
    try:
        return get_fact(name).parse(text)
    except ValidationError as error:
        raise InvalidValue(name, error.message) from None


def clean_value(name: str, value: Any) -> Any:
    """Return the value as it is stored. Raises InvalidValue with a sentence."""
    if not is_fact(name):
        raise InvalidValue(name, _("There is no such fact."))
    try:
        return get_fact(name).clean(value)
    except ValidationError as error:
        raise InvalidValue(name, error.message) from None


def read_written_value(name: str, text: str) -> Any:
    """Return the value that a file writes, cleaned. Raises ValueError with a sentence."""
    try:
        return clean_value(name, parse_value(name, text))
    except InvalidValue as error:
        raise ValueError(error.sentence) from None
