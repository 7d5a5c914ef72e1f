"""The page that uploads a list of somebody else than SAMHSA, such as a county's or a 211's."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...imports.local_lists import LONGEST_NAME, require_own_name
from ...sources.rows import UnusableFile
from .. import uploads
from ..jobs import redirect_to_job
from .load import checked_file, start_preview_job

HSDS_ENDINGS = (".json", ".ndjson", ".zip")


class LocalListForm(forms.Form):
    """A .csv with the map of its columns, or a file of HSDS with the name of the list."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A .csv with a map of its columns; or HSDS as .json, .ndjson or a .zip of tables."
        ),
    )
    column_map = forms.FileField(
        label=_("Map of the columns"),
        required=False,
        help_text=_("A .toml file, for a .csv. It also names the list: see docs/open-data.md."),
    )
    source = forms.CharField(
        label=_("Name of the list"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_(
            "For HSDS: small letters, digits and hyphens, such as travis-211. Each later file of "
            "the list has the same name."
        ),
    )
    title = forms.CharField(
        label=_("What pages call the list"), required=False, max_length=100,
        help_text=_("For HSDS."),
    )  # fmt: skip
    edition = forms.DateField(
        label=_("Day of the list"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("A file of HSDS may say it itself."),
    )
    is_partial = forms.BooleanField(
        label=_("It covers a part of what the list had before: withdraw nothing"), required=False
    )

    @property
    def is_csv(self) -> bool:
        return uploads.safe_name(self.cleaned_data["file"].name).endswith(".csv")

    def clean_file(self):
        return checked_file(self.cleaned_data["file"], (".csv", *HSDS_ENDINGS))

    def clean_column_map(self):
        file = self.cleaned_data["column_map"]
        return file and checked_file(file, (".toml",))

    def clean_source(self):
        if source := self.cleaned_data["source"]:
            try:
                require_own_name(source)
            except UnusableFile as error:
                raise forms.ValidationError(str(error)) from error
        return source

    def clean(self):
        given = self.cleaned_data
        if "file" not in given:
            return given
        if self.is_csv:
            if not given.get("column_map") and "column_map" not in self.errors:
                self.add_error("column_map", _("A .csv needs the map of its columns."))
            if not given.get("edition") and "edition" not in self.errors:
                self.add_error("edition", _("A .csv does not say its day: enter it."))
        elif not given.get("source") and "source" not in self.errors:
            self.add_error("source", _("HSDS does not name the list: enter a name."))
        return given

    def save(self) -> uploads.Upload:
        given = self.cleaned_data
        return uploads.save_upload(
            [given["file"]],
            column_map=given["column_map"] if self.is_csv else None,
            edition=given["edition"].isoformat() if given["edition"] else "",
            is_partial=given["is_partial"],
            source="" if self.is_csv else given["source"],
            title="" if self.is_csv else given["title"],
        )


def local_list_page(request, context: dict) -> HttpResponse:
    uploads.delete_old_uploads(timezone.now())
    form = LocalListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return redirect_to_job(start_preview_job(request, form.save()))
    context |= {"title": gettext("Load a list of somebody else"), "form": form}
    return render(request, "admin/releases/upload.html", context)
