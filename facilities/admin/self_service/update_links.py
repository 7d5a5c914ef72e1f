"""The links through which facilities update their listing: made for one of them, and revoked."""

import logging

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...curation import listing_doubt
from ...curation.self_service import links
from ...models import Facility, UpdateLink
from ...models.facility import CODE_LENGTH
from ..filters import FacilityAreaFilter
from ..mixins import PagedListAdmin, RecordPageMixin
from ..site import staff_site

logger = logging.getLogger(__name__)


class UpdateLinkForm(forms.Form):
    """For whom the link is, and the word of the editor that this is the facility."""

    sent_to = forms.CharField(
        label=_("For which number or email of the facility"),
        help_text=_("A number you have reached it at, or an address it gave you itself."),
        max_length=254,
    )
    is_confirmed = forms.BooleanField(
        label=_("I have confirmed that this is the facility’s own."),
        error_messages={"required": _("Confirm it first: whoever has the link can use it.")},
    )
    is_mailed = forms.BooleanField(label=_("Mail the link there now"), required=False)

    def __init__(self, *arguments, **words):
        super().__init__(*arguments, **words)
        if not settings.EMAIL_ENABLED:
            del self.fields["is_mailed"]

    def clean(self):
        given = super().clean()
        sent_to = given.get("sent_to")
        if given.get("is_mailed") and sent_to and not is_mail_address(sent_to):
            self.add_error("sent_to", _("This is no email address: copy the link instead."))
        return given


@admin.register(UpdateLink, site=staff_site)
class UpdateLinkAdmin(RecordPageMixin, PagedListAdmin):
    """A link is made for one facility, shown once, and revoked rather than deleted."""

    list_display = ("facility_name", "sent_to", "made_by", "made_at", "expires_at", "state")
    list_filter = (FacilityAreaFilter,)
    list_select_related = ("facility", "made_by")
    ordering = ("-made_at", "-pk")

    @admin.display(description=_("facility"), ordering="facility__name_key")
    def facility_name(self, link) -> str:
        return f"{link.facility.name}, {link.facility.city}, {link.facility.state}"

    @admin.display(description=_("state"))
    def state(self, link) -> str:
        return link_state(link)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def add_view(self, request, form_url="", extra_context=None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        shown = Facility.objects.for_page().filter(status__in=links.OPEN_STATUSES, merged_into=None)
        if "facility" not in request.GET:
            messages.info(request, gettext("Find the facility first: its page has the way here."))
            return redirect("admin:facilities_facility_changelist")
        code = request.GET["facility"].replace("\0", "")[:CODE_LENGTH].lower()
        facility = get_object_or_404(shown, code=code)
        form = UpdateLinkForm(
            request.POST if request.method == "POST" else None, initial={"sent_to": facility.phone}
        )
        context = self.admin_site.each_context(request) | {
            "title": gettext("A link with which the facility can propose changes"),
            "facility": facility,
            "doubt": listing_doubt(facility, timezone.localdate()),
            "opts": self.opts,
        }
        if request.method == "POST" and form.is_valid():
            context |= link_created_context(request, facility, form)
            response = render(request, "admin/self_service/link_created.html", context)
            response.headers["Cache-Control"] = "private, no-store"
            return response
        return render(request, "admin/self_service/new_link.html", context | {"form": form})

    def record_page(self, request, record: UpdateLink, context: dict) -> HttpResponse:
        if request.method == "POST":
            links.revoke_link(record, now=timezone.now())
            messages.success(request, gettext("Revoked: nobody can use this link any more."))
            return redirect(request.path)
        is_open = links.is_link_open(record, timezone.now())
        facility = record.facility
        context |= {
            "title": f"{facility.name}, {facility.city}, {facility.state}",
            "link": record,
            "state": link_state(record),
            "may_revoke": is_open and self.has_change_permission(request),
        }
        return render(request, "admin/self_service/link.html", context)


def link_state(link: UpdateLink) -> str:
    if link.revoked_at:
        return gettext("revoked")
    if link.expires_at <= timezone.now():
        return gettext("expired")
    return gettext("used; open for what is so today") if link.used_at else gettext("open")


def link_created_context(request, facility: Facility, form: UpdateLinkForm) -> dict:
    """Return its address, and whether it was mailed, for the page that shows it."""
    link, address = create_link_address(request, facility, form.cleaned_data["sent_to"])
    is_wanted = bool(form.cleaned_data.get("is_mailed"))
    is_mailed = is_wanted and mail_link(link, address)
    if is_wanted and not is_mailed:
        messages.error(request, gettext("The mail server did not take it: copy the link instead."))
    return {"link": link, "address": address, "is_mailed": is_mailed}


def create_link_address(request, facility: Facility, sent_to: str) -> tuple[UpdateLink, str]:
    """Return a new link and its address, which nobody can tell again."""
    link, token = links.create_update_link(
        facility, sent_to=sent_to, by=request.user, now=timezone.now()
    )
    address = request.build_absolute_uri(f"{reverse('facilities:self_service')}?link={token}")
    return link, address


def is_mail_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def mail_link(link: UpdateLink, address: str) -> bool:
    words = gettext(
        "With this link you can tell us what has changed at %(facility)s, and whether you can "
        "take new people today. It is for you alone and works until %(day)s:"
    ) % {"facility": link.facility.name, "day": f"{link.expires_at:%Y-%m-%d}"}
    subject = gettext("Your listing in %(site)s") % {"site": settings.SITE_NAME}
    try:
        return bool(send_mail(subject, f"{words}\n\n{address}\n", None, [link.sent_to]))
    except OSError:  # smtplib's errors are among these
        logger.warning("The mail server did not take a message with an update link.")
        return False
