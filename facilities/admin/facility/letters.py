"""Asks many facilities at once what has changed: a link of its own for each, by mail or letter."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ...curation.self_service.links import OPEN_STATUSES, revoke_link
from ...facts.registry import FACTS, FactSection
from ...models import Facility, Proposal, UpdateLink
from ...presenters.qr import qr_code_svg
from ..self_service.update_links import create_link_address, is_mail_address, mail_link
from ..site import staff_site

ADDRESS_FACTS = tuple(fact.name for fact in FACTS.values() if fact.section == FactSection.ADDRESS)


class AskForm(forms.Form):
    is_confirmed = forms.BooleanField(
        label=_("As far as I know, these addresses are the facilities’ own."),
        error_messages={"required": _("Confirm it first: whoever has the link can use it.")},
    )


@dataclass(frozen=True)
class Recipient:
    """Where a facility is asked; without ``to`` it is not, and ``refusal`` says why."""

    to: str = ""
    is_mailed: bool = False
    refusal: str | Promise = ""

    def __str__(self) -> str:
        if not self.to:
            return gettext("left out: %(why)s") % {"why": self.refusal}
        words = gettext("by mail: %(to)s") if self.is_mailed else gettext("by letter: %(to)s")
        return words % {"to": self.to}


@dataclass(frozen=True)
class Letter:
    """A letter to print. ``square``: its link as a QR code."""

    facility: Facility
    link: UpdateLink
    address: str
    square: str


def recipients_of(
    facilities: Iterable[Facility], now: datetime
) -> Iterator[tuple[Facility, Recipient]]:
    """Yield each facility and where it can be asked: where it was before, or at its address."""
    facilities = list(facilities)
    keys = [facility.pk for facility in facilities]
    links = UpdateLink.objects.filter(facility__in=keys, revoked_at=None).order_by("pk")
    mail = {link.facility_id: link.sent_to for link in links if is_mail_address(link.sent_to)}
    has_link = {link.facility_id for link in links if not link.used_at and link.expires_at > now}
    doubtful = set(
        Proposal.objects.filter(
            Q(fact__in=ADDRESS_FACTS) | Q(fact="status"),
            facility__in=keys,
            state=Proposal.State.WAITING,
        ).values_list("facility", flat=True)
    )
    for facility in facilities:
        to = mail.get(facility.pk, "")
        if facility.status not in OPEN_STATUSES:
            yield facility, Recipient(refusal=_("it is not shown"))
        elif facility.pk in has_link:
            yield facility, Recipient(refusal=_("it has a link that it has not used"))
        elif to and settings.EMAIL_ENABLED:
            yield facility, Recipient(to, is_mailed=True)
        elif facility.is_address_confidential or not facility.street:
            yield facility, Recipient(refusal=_("it has no address to write to"))
        elif facility.pk in doubtful:
            yield facility, Recipient(refusal=_("somebody says that it moved or closed"))
        else:
            place = f"{facility.city}, {facility.state} {facility.zip}"
            yield facility, Recipient(f"{facility.street}, {place}"[:254])


def ask_facilities(request, form: AskForm, facilities: Sequence[Facility]) -> HttpResponse | None:
    """Make the links, mail those that can be, and show the letters: nobody can again.

    A mail server that fails twice is asked no more: each time takes many seconds.
    """
    mailed, failed, letters = 0, 0, []
    for facility, recipient in recipients_of(facilities, timezone.now()):
        if not recipient.to or (recipient.is_mailed and failed > 1):
            continue
        link, address = create_link_address(request, facility, recipient.to)
        if not recipient.is_mailed:
            letters.append(Letter(facility, link, address, qr_code_svg(address)))
        elif mail_link(link, address):
            mailed += 1
        else:
            revoke_link(link, now=timezone.now())
            failed += 1
    if failed:
        messages.error(request, gettext("The mail server did not take all. Ask the others later."))
    if mailed:
        sentence = ngettext("%(count)d link was mailed.", "%(count)d links were mailed.", mailed)
        messages.success(request, sentence % {"count": mailed})
    if not letters:
        if not mailed and not failed:
            messages.warning(request, gettext("None of them can be asked now."))
        return None
    context = staff_site.each_context(request) | {
        "opts": Facility._meta,
        "title": gettext("Letters to facilities"),
        "letters": letters,
        "back": request.get_full_path(),
    }
    response = render(request, "admin/facility/letters.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response
