"""The pages that upload a release, show what it would change, and load it."""

import logging
from collections.abc import Iterator
from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ...curation.conflicts import ConflictDecision
from ...curation.duplicates.detect import detect_duplicates_after_load
from ...imports.load import load
from ...imports.plan import LoadOptions
from ...imports.read_directory import read_with_positions
from ...imports.row_decisions import clear_decision, save_decision
from ...models import (
    Change,
    Conflict,
    DataVersion,
    Facility,
    Release,
    Verification,
    Version,
    changes_since,
)
from ...models.facility import primary_key_of
from ...resolution.changes import ImportRefused
from ...roles import ADD_ROWDECISION, HIDE_FACILITY
from ...sources.file_reading import LARGEST_FILE, sha256_of
from ...sources.rows import UnusableFile
from .. import uploads
from ..proposal_answers import may_decide_fact
from ..uploads import Upload
from .conflicts import resolve
from .preview import LATER, NEW, preview_context

LIST = "admin:facilities_release_changelist"
CONFLICTS = "admin:facilities_conflict_changelist"

logger = logging.getLogger(__name__)


class UploadForm(forms.Form):
    """A workbook, perhaps with positions."""

    workbook = forms.FileField(
        label=_("Workbook"), help_text=_("SAMHSA's National Directory, .xlsx, or .csv of the same.")
    )
    coordinates = forms.FileField(
        label=_("Coordinates"), required=False, help_text=_("A .csv of positions, if you have one.")
    )
    edition = forms.RegexField(
        r"^\d{4}$",
        label=_("Year"),
        required=False,
        help_text=_("Only if the file does not say it."),
    )
    is_partial = forms.BooleanField(
        label=_("It covers a part of the country: withdraw nothing"), required=False
    )

    def clean_workbook(self):
        return _checked_file(self.cleaned_data["workbook"], uploads.FILE_ENDINGS)

    def clean_coordinates(self):
        return _checked_file(self.cleaned_data["coordinates"], (".csv",))


def _checked_file(file, endings):
    if file is None:
        return None
    if not uploads.safe_name(file.name).endswith(endings):
        raise forms.ValidationError(_("Choose a file that ends in %s.") % " / ".join(endings))
    if file.size > LARGEST_FILE:
        raise forms.ValidationError(_("This file is too large."))
    return file


def upload(request, context: dict) -> HttpResponse:
    uploads.delete_old_uploads(timezone.now())
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        saved = uploads.save_upload(
            form.cleaned_data["workbook"],
            form.cleaned_data["coordinates"],
            edition=form.cleaned_data["edition"],
            is_partial=form.cleaned_data["is_partial"],
        )
        return redirect("admin:facilities_release_preview", token=saved.token)
    context |= {"title": gettext("Load a release"), "form": form}
    return render(request, "admin/releases/upload.html", context)


class SeenData(NamedTuple):
    """The state of the data that a person saw; 0 for no release."""

    number: int
    token: str
    release: int

    def __str__(self) -> str:
        return "-".join(map(str, self))


class SeenField(forms.RegexField):
    """The state that a page showed, or None where a post does not say it."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(r"^(\d{1,18})-([0-9a-f]*)-(\d{1,18})$", required=False)

    def clean(self, value) -> SeenData | None:
        text = super().clean(value)
        if not text:
            return None
        number, token, release = text.split("-")
        return SeenData(int(number), token, int(release))


class ChoicesByRow(forms.Widget):
    """Radio buttons of a table: ``{prefix}{row}`` is the name of those of one row."""

    def __init__(self, prefix: str):
        super().__init__()
        self.prefix = prefix

    def value_from_datadict(self, data, files, name) -> dict[str, str]:
        """Return the chosen value by row."""
        return {
            key.removeprefix(self.prefix): data[key] for key in data if key.startswith(self.prefix)
        }


class PreviewForm(forms.Form):
    """What a person answers to the preview of a release: all of its buttons post it.

    ``rows``: by number, what an ambiguous row becomes. ``conflicts``: by "facility-fact".
    """

    do = forms.ChoiceField(choices=[(name, name) for name in ("drop", "rows", "load")])
    seen = SeenField()
    method = forms.ChoiceField(choices=Verification.Method.choices, required=False)
    withdrawals = forms.BooleanField(required=False)
    rows = forms.Field(widget=ChoicesByRow("row-"), required=False)
    conflicts = forms.Field(widget=ChoicesByRow("conflict-"), required=False)

    @property
    def action(self) -> str:
        return self.cleaned_data.get("do", "")

    @property
    def seen_data(self) -> SeenData | None:
        return self.cleaned_data.get("seen")

    @property
    def verification_method(self) -> str:
        return self.cleaned_data.get("method", "")

    @property
    def is_withdrawal_confirmed(self) -> bool:
        return self.cleaned_data.get("withdrawals", False)

    def row_choice(self, number: int) -> str:
        return self.cleaned_data.get("rows", {}).get(str(number), "")

    def conflict_decision(self, facility: int, fact: str) -> str:
        return self.cleaned_data.get("conflicts", {}).get(f"{facility}-{fact}", "")

    def decides_conflicts(self) -> bool:
        decisions = self.cleaned_data.get("conflicts", {}).values()
        return bool({*decisions} - {ConflictDecision.ASK.value})


def preview(request, token: str, context: dict) -> HttpResponse:
    upload = uploads.find_upload(token)
    if upload is None:
        messages.error(request, gettext("This upload is not there any more: upload it again."))
        return redirect("admin:facilities_release_upload")
    form = PreviewForm(request.POST)
    form.full_clean()
    if form.action == "drop":
        uploads.delete_upload(upload)
        return redirect(LIST)
    seen = _seen_now()
    try:
        if form.action == "load" and _may_load(request, form):
            return _load(request, upload, form)
        shown = preview_context(upload, seen.release, timezone.localdate())
        if form.action == "rows":
            _decide_rows(request, form, sha256_of(upload.workbook), shown["ambiguous"])
            return redirect(request.path)
    except (UnusableFile, ImportRefused) as error:
        logger.warning("An uploaded file was refused (%s).", type(error).__name__)
        messages.error(request, str(error))
        uploads.delete_upload(upload)
        return redirect("admin:facilities_release_upload")
    context |= shown | {
        "title": gettext("Before loading: %(file)s") % {"file": upload.file_name},
        "conflicts": [
            conflict | {"decisions": decision_choices(form, conflict)}
            for conflict in shown["conflicts"]
        ],
        "is_withdrawal_confirmed": form.is_withdrawal_confirmed,
        "hows": [
            (value, label, value == form.verification_method)
            for value, label in Verification.Method.choices
        ],
        "may_hide": request.user.has_perm(HIDE_FACILITY),
        "seen": str(seen),
    }
    return render(request, "admin/releases/preview.html", context)


def decision_choices(form: PreviewForm, conflict: dict) -> list[tuple[str, str, bool]]:
    """Return (value, label, whether it is chosen), with the choice of a page that comes back."""
    chosen = form.conflict_decision(conflict["change"].facility, conflict["fact"])
    chosen = chosen or ConflictDecision.ASK
    return [(decision, decision.label, decision == chosen) for decision in ConflictDecision]


def _seen_now() -> SeenData:
    last = Release.objects.order_by("pk").values_list("pk", flat=True).last()
    return SeenData(*DataVersion.current(), last or 0)


def _is_still_valid(seen: SeenData | None) -> bool:
    """Whether others have changed no more than single facilities, which the load merges."""
    now = _seen_now()
    if seen is None or seen.release != now.release:
        return False
    return seen == now or changes_since(Version(seen.number, seen.token)) is not None


def _may_load(request, form: PreviewForm) -> bool:
    if not _is_still_valid(form.seen_data):
        messages.warning(
            request, gettext("The data were changed by others meanwhile. Look at it once more.")
        )
        return False
    if form.decides_conflicts() and not form.verification_method:
        messages.error(request, gettext("You decided conflicts: say how you know."))
        return False
    return True


def _load(request, upload: Upload, form: PreviewForm) -> HttpResponse:
    """Load the file; log it and record what was decided of its conflicts in one transaction."""
    reading, notes = read_with_positions(upload.workbook, upload.tables, edition=upload.edition)
    options = LoadOptions(
        is_partial=upload.is_partial, allows_withdrawals=form.is_withdrawal_confirmed
    )
    written: list[Release] = []
    decided: list[tuple[int, str]] = []
    undecided = 0

    def finish(release: Release) -> None:
        nonlocal undecided
        written.append(release)
        _log(request, release)
        decided.extend(_decide_conflicts(request, form, release))
        undecided = release.conflicts.count()

    try:
        report = load(
            reading,
            options,
            today=timezone.localdate(),
            notes=notes,
            user=request.user,
            after_write=finish,
        )
    except ImportRefused as error:
        messages.error(request, str(error))
        return redirect(request.path)
    except DatabaseError:
        messages.error(request, gettext("The database is busy. Nothing was changed: try again."))
        return redirect(request.path)
    uploads.delete_upload(upload)
    sentence = gettext("Loaded: %(added)d added, %(changed)d changed, %(withdrawn)d withdrawn.")
    messages.success(request, sentence % report.counts())
    for release in written:
        _search_duplicates(request, release)
    for level, sentence in decided:
        messages.add_message(request, level, sentence)
    return redirect(CONFLICTS if undecided else LIST)


def _search_duplicates(request, release: Release) -> None:
    """Compare the new facilities with the known ones, and say how many may be one."""
    if pairs := detect_duplicates_after_load(release, now=timezone.now()):
        sentence = ngettext(
            "%(count)d new listing may be one that we had: see “Likely duplicates”.",
            "%(count)d new listings may be ones that we had: see “Likely duplicates”.",
            len(pairs),
        )
        messages.warning(request, sentence % {"count": len(pairs)})


def _log(request, release: Release) -> None:
    LogEntry.objects.create(
        user=request.user,
        content_type=ContentType.objects.get_for_model(Release),
        object_id=release.pk,
        object_repr=str(release)[:200],
        action_flag=ADDITION,
    )


def _decide_rows(request, form: PreviewForm, sha256: str, ambiguous: list[dict]) -> None:
    if not request.user.has_perm(ADD_ROWDECISION):
        raise PermissionDenied
    now = timezone.now()
    for row in ambiguous:
        number = row["row"].row_number
        choice = form.row_choice(number)
        if choice == LATER:
            clear_decision(sha256, number)
        elif choice == NEW:
            save_decision(sha256, number, None, by=request.user, now=now)
        elif choice in {value for value, _label, _is_chosen in row["choices"]}:
            facility = Facility.objects.get(pk=choice)
            save_decision(sha256, number, facility, by=request.user, now=now)


def _changed_by_others(seen: SeenData) -> set[int]:
    """Return the facilities that others changed after this person looked and before the load."""
    loaded = DataVersion.current().number
    meanwhile = Change.objects.filter(revision__gt=seen.number, revision__lt=loaded)
    return {primary_key_of(uuid) for uuid in meanwhile.values_list("facility_uuid", flat=True)}


def _decide_conflicts(request, form: PreviewForm, release: Release) -> Iterator[tuple[int, str]]:
    """Record the decisions about new conflicts; yield the level and text of a message for each.

    Those of facilities that others changed stay open: this person has not seen what they show now.
    """
    changed = _changed_by_others(form.seen_data)
    for conflict in release.conflicts.select_related("facility").order_by("pk"):
        decision = form.conflict_decision(conflict.facility_id, conflict.fact)
        if not may_decide_fact(request.user, conflict.fact) or conflict.facility_id in changed:
            continue
        if decision in (ConflictDecision.KEEP, ConflictDecision.TAKE):
            current = Conflict.objects.select_related("facility").filter(
                facility=conflict.facility_id, fact=conflict.fact, release=release
            )
            if newest := current.first():
                yield resolve(newest, decision, form.verification_method, by=request.user)
