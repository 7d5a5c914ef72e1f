"""Creates a listing that no file has. An editor makes it, and each fact is a verification."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ..facts.findings import FactCheck, InvalidValue, RecordedChecks, validate_check
from ..facts.registry import FACTS, clean_value
from ..models import Facility, Verification
from ..models.facility import primary_key_of, public_code_of
from ..resolution.change_log import recording_changes
from .recording import record_checks

DRAFT = Facility.Status.DRAFT
REQUIRED_FACTS = tuple(fact.name for fact in FACTS.values() if fact.is_required)
IDENTITY = uuid.UUID("c0a6b7de-2f5b-4c39-8b0c-6a1c5f0f4d11")  # ours; never to be changed


def create_facility(
    checks: Iterable[FactCheck], *, by, now: datetime, key: uuid.UUID
) -> tuple[Facility, RecordedChecks]:
    """Create a draft with these facts. ``key`` is any new uuid; the same gives the same listing.

    Raises InvalidValue, also if name, city, state or ZIP code is missing.
    """
    given = {check.fact: check for check in checks}
    for fact in REQUIRED_FACTS:
        if fact not in given:
            raise InvalidValue(fact, _("This cannot be empty."))
    identity = uuid.uuid5(IDENTITY, str(key))
    with transaction.atomic():
        with recording_changes() as log:
            facility = Facility.objects.create(
                id=primary_key_of(identity), uuid=identity, code=_free_code(identity),
                status=DRAFT, name="", name_key="", city="", state="", zip="",
            )  # fmt: skip
            log.note(identity, before=None, after=DRAFT)
            name = validate_check(given.pop("name"))
            facts = {"name": clean_value("name", name.value), "status": DRAFT.value}
            for fact, value in facts.items():
                Verification.objects.create(
                    facility=facility, fact=fact, outcome=Verification.Outcome.CORRECTED,
                    value_after=value, method=name.method, evidence_url=name.evidence_url,
                    note=name.note, checked_by=by, checked_at=now,
                )  # fmt: skip
        done = record_checks(facility, given.values(), by=by, now=now)
    return facility, done


def _free_code(identity: uuid.UUID) -> str:
    code = public_code_of(identity)
    if Facility.objects.filter(code=code).exists():
        raise InvalidValue("name", _("Please try again."))
    return code
