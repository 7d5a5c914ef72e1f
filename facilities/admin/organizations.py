"""Listings by shared number, domain or operator, and one call that confirms a number for many."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from ..curation.organizations import (
    DOMAIN,
    OPERATOR,
    PHONE_NUMBER,
    ListingGroup,
    confirm_shared_number,
    facilities_to_ask_separately,
    find_group,
    group_by_organization,
)
from ..roles import VERIFY_FACILITY
from ..web.context_processors import service_area
from .form_errors import error_sentences

GROUPS_PER_PAGE = 50


class GroupingForm(forms.Form):
    """By what listings are grouped, and words that the group's name has."""

    by = forms.ChoiceField(
        label=_("Group by"),
        choices=[
            (PHONE_NUMBER, _("phone number")),
            (DOMAIN, _("website")),
            (OPERATOR, _("operator")),
        ],
        required=False,
    )
    q = forms.CharField(label=_("Search"), required=False, max_length=100)


class SharedNumberForm(forms.Form):
    """The listings for which the person who answered said that the number is theirs."""

    listings = forms.MultipleChoiceField(
        choices=[], error_messages={"required": _("Tick the listings that were named.")}
    )
    heard = forms.BooleanField(
        error_messages={"required": _("Confirm that somebody at the organization told you so.")}
    )

    def __init__(self, data, group: ListingGroup):
        super().__init__(data)
        self.fields["listings"].choices = [(str(each.pk), each.name) for each in group.members]


def organization_urls(site) -> list:
    def page(view):
        return site.page(view, VERIFY_FACILITY)

    return [
        path("organizations/", page(organizations_page), name="organizations"),
        path("organizations/group/", page(group_page), name="organization"),
    ]


@require_safe
def organizations_page(request, context: dict) -> HttpResponse:
    form = GroupingForm(request.GET)
    if not form.is_valid():
        return redirect("admin:organizations")
    by, words = form.cleaned_data["by"] or PHONE_NUMBER, form.cleaned_data["q"].casefold()
    groups = [
        group
        for group in group_by_organization(service_area(), by)
        if words in group.key.casefold() or words in group.members[0].name.casefold()
    ]
    context |= {
        "title": gettext("Organizations and shared numbers"),
        "form": form,
        "by": by,
        "page": Paginator(groups, GROUPS_PER_PAGE).get_page(request.GET.get("page")),
        "is_everywhere": service_area().is_everywhere,
    }
    return render(request, "admin/organizations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def group_page(request, context: dict) -> HttpResponse:
    by, key = request.GET.get("by", ""), request.GET.get("key", "")
    group = find_group(service_area(), by, key)
    if group is None:
        messages.info(request, gettext("No two listings share this any more."))
        return redirect("admin:organizations")
    form = SharedNumberForm(request.POST if request.method == "POST" else None, group)
    if form.is_bound and by == PHONE_NUMBER:
        problems = error_sentences(form)
        if not problems:
            record_shared_number(request, group, form)
            return redirect(reverse("admin:organization", query={"by": by, "key": key}))
        for sentence in problems:
            messages.error(request, sentence)
    alone = facilities_to_ask_separately(member.pk for member in group.members)
    context |= {
        "title": group.label,
        "group": group,
        "is_number": by == PHONE_NUMBER,
        "members": [(member, member.pk in alone) for member in group.members],
        "ticked": request.POST.getlist("listings"),
    }
    return render(request, "admin/organizations/group.html", context)


def record_shared_number(request, group: ListingGroup, form: SharedNumberForm) -> None:
    chosen = map(int, form.cleaned_data["listings"])
    number, refused = confirm_shared_number(group.key, chosen, by=request.user, now=timezone.now())
    for sentence in refused:
        messages.warning(request, sentence)
    done = ngettext(
        "The number was confirmed for %(count)d listing, and nothing else.",
        "The number was confirmed for %(count)d listings, and nothing else.",
        number,
    )
    messages.success(request, done % {"count": number})
