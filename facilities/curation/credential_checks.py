"""A credential is shown once a second person has seen its document, with evidence of their own."""

from datetime import datetime

from django.utils.translation import gettext as _

from ..facts.findings import CheckNotAllowed
from ..models import Credential
from ..resolution.change_log import recording_changes
from .two_person_rule import Method, Testimony
from .witnesses import needs_another_person, second_check_refusal

KEY = ("facility", "kind", "issuer", "number")  # by which lists know a credential
DOCUMENT = "credential"  # in place of a fact, where the rule is asked


def enter_credential(credential: Credential, *, by, now: datetime) -> None:
    """Save what one person saw; it waits, and what it said before is shown no more."""
    with recording_changes() as log:
        former = Credential.objects.filter(pk=credential.pk).select_related("facility").first()
        credential.checked_by, credential.entered_at = by, now
        credential.source, credential.is_listed = "", False
        credential.is_confirmed, credential.confirmed_by = False, None
        credential.confirmed_at, credential.confirmed_how = None, ""
        credential.save()
        for facility in {credential.facility, former.facility if former else credential.facility}:
            log.note_fields(facility, ["credentials"])


def confirm_credential(
    credential: Credential, *, by, now: datetime, method: str, evidence_url: str, note: str
) -> None:
    """Show it in place of what lists say of it.

    Raises CheckNotAllowed if this is no second check.
    """
    with recording_changes() as log:
        held = Credential.objects.select_for_update().get(pk=credential.pk)
        if held.is_confirmed:
            raise CheckNotAllowed(_("Somebody has already settled this."))
        first = _testimony(held)
        second = Testimony(frozenset({by.pk}), now, method, evidence_url, note)
        if refusal := second_check_refusal(DOCUMENT, None, first, second):
            raise CheckNotAllowed(refusal)
        held.is_confirmed, held.confirmed_by, held.confirmed_at = True, by, now
        held.confirmed_how = "\n".join(filter(None, [method, evidence_url, note]))
        held.save()
        key = {name: getattr(held, name) for name in KEY}
        Credential.objects.filter(is_listed=True, **key).delete()
        log.note_fields(held.facility, ["credentials"])
    credential.refresh_from_db()


def credential_waits_for_somebody_else(credential: Credential, *, by, now: datetime) -> bool:
    return needs_another_person(_testimony(credential), Testimony(frozenset({by.pk}), now))


def _testimony(credential: Credential) -> Testimony:
    people = frozenset({credential.checked_by_id} - {None})
    return Testimony(people, credential.entered_at, Method.DOCUMENT, credential.proof_url)
