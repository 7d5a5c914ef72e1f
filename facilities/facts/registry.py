"""Which facts a facility has: those that files state and those that only people do."""

from collections.abc import Mapping
from typing import Any

from ..rules.freshness import SERVICE_PREFIX
from ..taxonomy import VOCABULARY, Service

STATED_FACTS = (
    "name", "program_name", "street", "street2", "city", "state", "zip", "phone",
    "phone_extension", "intake_phones", "website",
)  # fmt: skip
UNSTATED_FACTS: Mapping[str, Any] = {
    "hours": {},
    "fax": "",
    "admission_hours": "",
    "referral_requirements": "",
    "not_admitted": "",
    "is_address_confidential": False,
}
OFFERED, DENIED = "offered", "denied"
LISTED, WITHDRAWN, HIDDEN, DRAFT = "listed", "withdrawn", "hidden", "draft"
STATUSES = (LISTED, WITHDRAWN, HIDDEN, DRAFT)
UNCONFIRMED, PHONE = "not_confirmed", "phone"


def service_of(fact: str) -> Service | None:
    """The service that a fact such as "service:methadone" is about, if any."""
    is_service = fact.startswith(SERVICE_PREFIX)
    return VOCABULARY.get(fact.removeprefix(SERVICE_PREFIX)) if is_service else None
