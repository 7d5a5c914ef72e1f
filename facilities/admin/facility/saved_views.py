"""Searches of the list of facilities that staff keep under a name, with an address to share."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from ...models import SavedView
from ...roles import ADD_SAVEDVIEW, VIEW_FACILITY
from ..form_errors import error_sentences

LIST = "admin:facilities_facility_changelist"
NOT_SAVED = ("p", "e", "_changelist_filters")  # a page number, and Django's own


class SavedViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ("name", "query")
        error_messages = {"name": {"unique": _("Another view has this name.")}}

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        slug = slugify(name)[:60]
        if not slug:
            raise ValidationError(_("The name needs a letter or a digit."))
        if SavedView.objects.filter(slug=slug).exists():
            raise ValidationError(_("Another view has this name."))
        self.instance.slug = slug
        return name

    def clean_query(self) -> str:
        query = QueryDict(self.cleaned_data["query"].removeprefix("?"), mutable=True)
        for name in NOT_SAVED:
            query.pop(name, None)
        return query.urlencode()


def saved_view_urls(site) -> list:
    return [
        path(
            "save-view/", site.page(save_view, ADD_SAVEDVIEW), name="facilities_facility_save_view"
        ),
        path(
            "views/<slug:slug>/",
            site.page(open_view, VIEW_FACILITY),
            name="facilities_facility_view",
        ),
        path(
            "views/<slug:slug>/delete/",
            site.page(delete_view, ADD_SAVEDVIEW),
            name="facilities_facility_delete_view",
        ),
    ]


@require_safe
def open_view(request, context: dict, slug: str) -> HttpResponse:
    return redirect_to_view(get_object_or_404(SavedView, slug=slug))


@require_POST
def save_view(request, context: dict) -> HttpResponse:
    form = SavedViewForm(request.POST)
    problems = error_sentences(form)
    for sentence in problems:
        messages.error(request, sentence)
    if problems:
        return redirect(LIST)
    form.instance.saved_by, form.instance.saved_at = request.user, timezone.now()
    view = form.save()
    messages.success(request, gettext("Saved: everybody here finds “%s” above the list.") % view)
    return redirect_to_view(view)


@require_POST
def delete_view(request, context: dict, slug: str) -> HttpResponse:
    view = get_object_or_404(SavedView, slug=slug)
    view.delete()
    messages.success(request, gettext("“%s” is no saved view any more.") % view)
    return redirect(LIST)


def redirect_to_view(view: SavedView) -> HttpResponse:
    return redirect(f"{reverse(LIST)}?{view.query}")
