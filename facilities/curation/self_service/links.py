"""Creates, opens, uses and revokes the link with which one facility may propose changes.

Whoever has the link can use it, so it is made for an address or number that somebody has confirmed
as the facility's own. Only the hash of its token is kept.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ...models import Availability, DataVersion, Facility, Proposal, UpdateLink
from .. import FactCheck, RecordedChecks, record_checks

LINK_LIFETIME = timedelta(days=14)
TOKEN_BYTES = 32
OPEN_STATUSES = (Facility.Status.LISTED, Facility.Status.WITHDRAWN)


class InvalidLink(Exception):
    """The link never existed, has expired or was revoked, or its facility is no longer shown."""


class LinkAlreadyUsed(Exception):
    """Changes were sent with this link already. The message is a sentence for the facility."""

    def __init__(self) -> None:
        super().__init__(_("Changes were already sent with this link. Ask us for a new one."))


def create_update_link(
    facility: Facility, *, sent_to: str, by, now: datetime
) -> tuple[UpdateLink, str]:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = UpdateLink.objects.create(
        facility=facility, token_hash=hash_token(token), sent_to=sent_to, made_by=by, made_at=now,
        expires_at=now + LINK_LIFETIME,
    )  # fmt: skip
    return link, token


def hash_token(token: str) -> str:
    """Hash a token. 32 random bytes cannot be guessed, so they need no salt and no slow hash."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def find_open_link(token: str, *, now: datetime) -> UpdateLink:
    links = UpdateLink.objects.select_related("facility__source_release")
    link = links.filter(token_hash=hash_token(token)).first()
    if link is None or not is_link_open(link, now):
        raise InvalidLink
    return link


def is_link_open(link: UpdateLink, now: datetime) -> bool:
    facility = link.facility
    is_shown = facility.status in OPEN_STATUSES and not facility.merged_into_id
    return is_shown and link.revoked_at is None and now < link.expires_at


def propose_changes(
    link: UpdateLink, checks: Iterable[FactCheck], *, now: datetime
) -> RecordedChecks:
    """Record changes that wait for a curator. The link proposes no more after that.

    Raises InvalidLink, LinkAlreadyUsed, or what ``record_checks`` raises.
    """
    with transaction.atomic():
        DataVersion.lock()  # before any other row, as all who write do
        held = UpdateLink.objects.select_for_update().select_related("facility").get(pk=link.pk)
        if not is_link_open(held, now):
            raise InvalidLink
        if held.used_at:
            raise LinkAlreadyUsed
        origin = Proposal.Origin.FACILITY
        recorded = record_checks(
            held.facility, checks, by=None, now=now, origin=origin, update_link=held
        )
        held.used_at = now
        held.save(update_fields=["used_at"])
    link.refresh_from_db()
    return recorded


def revoke_link(link: UpdateLink, *, now: datetime) -> None:
    """Close a link and delete the availability that it stated. Its proposals still wait."""
    with transaction.atomic():
        UpdateLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)
        Availability.objects.filter(link=link).delete()
    link.refresh_from_db()
