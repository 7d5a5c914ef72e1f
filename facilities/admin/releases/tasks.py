"""The background work of releases: read a file, load it, publish the data."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import constants
from django.db import DatabaseError
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from ...curation.conflicts import ConflictDecision
from ...curation.duplicates.detect import detect_duplicates_after_load
from ...curation.work_queue.risk_table import current_risk_table
from ...exports.snapshots.library import AlreadyPublishing
from ...imports.load import load_parsed_file
from ...imports.plan import LoadOptions
from ...imports.undo import UndoResult, undo_release
from ...models import Change, Conflict, DataVersion, Job, Release
from ...models.facility import primary_key_of
from ...operations.jobs import JobResult, background_task, report_step
from ...operations.published_data import publish_data, republish_after_load
from ...resolution.changes import ImportRefused
from ...sources.rows import UnusableFile
from .. import uploads
from ..proposal_answers import may_decide_fact
from .conflicts import resolve_with_message
from .preview import parse_uploaded_release, work_out_preview
from .preview_form import PreviewForm
from .seen_data import SeenData, is_preview_still_valid

LIST = "admin:facilities_release_changelist"
CONFLICTS = "admin:facilities_conflict_changelist"
UPLOAD = "admin:facilities_release_upload"
LOCAL_LIST = "admin:facilities_release_local_list"
PREVIEW = "admin:facilities_release_preview"

logger = logging.getLogger(__name__)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """A load makes a million objects that live to its end: looking for garbage takes an eighth."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@background_task
def read_release(job: Job, token: str) -> JobResult:
    """Work out what an uploaded file would change."""
    upload = uploads.find_upload(token)
    if upload is None:
        return upload_gone_result()
    report_step(job, gettext("Reading and comparing"))
    try:
        with without_garbage_collection():
            content = work_out_preview(upload, timezone.localdate())
    except (UnusableFile, ImportRefused) as error:
        logger.warning("An uploaded file was refused (%s).", type(error).__name__)
        uploads.delete_upload(upload)
        address = reverse(LOCAL_LIST if upload.is_local_list else UPLOAD)
        return JobResult([(constants.ERROR, str(error))], address)
    return JobResult(address=reverse(PREVIEW, args=[token]), content=content)


@background_task
def load_release(job: Job, token: str, posted: str) -> JobResult:
    """Load an uploaded file as the page of its preview was sent; ``posted`` is that query string.

    What was decided of its conflicts is recorded in the transaction of the load.
    """
    upload, form = uploads.find_upload(token), PreviewForm(QueryDict(posted))
    if upload is None:
        return upload_gone_result()
    address = reverse(PREVIEW, args=[token])
    form.full_clean()
    if not is_preview_still_valid(form.seen_data):
        words = gettext("The data were changed by others meanwhile. Look at it once more.")
        return JobResult([(constants.WARNING, words)], address)
    written: list[Release] = []
    decided: list[tuple[int, str]] = []

    def finish(release: Release) -> None:
        written.append(release)
        log_load(job.started_by, release)
        decided.extend(record_conflict_decisions(form, release, by=job.started_by))

    try:
        with without_garbage_collection():
            report_step(job, gettext("Reading"))
            reading, notes = parse_uploaded_release(upload)
            report = load_parsed_file(
                reading,
                LoadOptions(upload.is_partial, allows_withdrawals=form.is_withdrawal_confirmed),
                today=timezone.localdate(),
                notes=notes,
                user=job.started_by,
                progress=lambda step: report_step(job, gettext("Comparing and writing")),
                after_write=finish,
            )
    except (UnusableFile, ImportRefused) as error:
        return JobResult([(constants.ERROR, str(error))], address)
    except DatabaseError as error:
        logger.warning("A load failed (%s).", type(error).__name__)
        words = gettext("The database is busy. Nothing was changed: try again.")
        return JobResult([(constants.ERROR, words)], address)
    uploads.delete_upload(upload)
    sentence = gettext("Loaded: %(added)d added, %(changed)d changed, %(withdrawn)d withdrawn.")
    sentences = [(constants.SUCCESS, sentence % report.counts())]
    for release in written:
        report_step(job, gettext("Looking for duplicates"))
        sentences += search_duplicates(release)
    finish_load(job, written)
    undecided = any(release.conflicts.exists() for release in written)
    return JobResult([*sentences, *decided], reverse(CONFLICTS if undecided else LIST))


def upload_gone_result(page: str = UPLOAD) -> JobResult:
    words = gettext("This upload is not there any more: upload it again.")
    return JobResult([(constants.ERROR, words)], reverse(page))


def search_duplicates(release: Release) -> list[tuple[int, str]]:
    """Compare the new facilities with the known ones, and say how many may be one."""
    pairs = detect_duplicates_after_load(release, now=timezone.now())
    if not pairs:
        return []
    sentence = ngettext(
        "%(count)d new listing may be one that we had: see “Likely duplicates”.",
        "%(count)d new listings may be ones that we had: see “Likely duplicates”.",
        len(pairs),
    )
    return [(constants.WARNING, sentence % {"count": len(pairs)})]


def finish_load(job: Job, written: list[Release]) -> None:
    """Do what follows each load, as the loading commands do."""
    if not written:
        return
    report_step(job, gettext("Publishing"))
    current_risk_table()  # so that no curator waits for it
    republish_after_load(timezone.now())


@background_task
def take_back(job: Job, release: int) -> JobResult:
    """Undo the newest release, which must be the one that the person saw."""
    report_step(job, gettext("Comparing and writing"))
    try:
        undone = undo_release(
            today=timezone.localdate(),
            expected=release,
            after_write=lambda result: log_undo(job.started_by, release, result),
        )
    except ImportRefused as error:
        return JobResult([(constants.ERROR, str(error))], reverse(LIST))
    sentence = gettext("Taken back: %(release)s. %(removed)d facilities went with it.")
    values = {"release": undone.release, "removed": undone.removed}
    sentences = [(constants.SUCCESS, sentence % values)]
    if undone.kept:
        sentences.append((constants.INFO, drafts_after_undo_sentence(undone.kept)))
    return JobResult(sentences, reverse(LIST))


def drafts_after_undo_sentence(count: int) -> str:
    sentence = ngettext(
        "%(count)d listing that people worked on became a draft.",
        "%(count)d listings that people worked on became drafts.",
        count,
    )
    return sentence % {"count": count}


def log_load(user, release: Release) -> None:
    _log(user, release.pk, str(release), ADDITION)


def log_undo(user, key: int, undone: UndoResult) -> None:
    _log(user, key, undone.release, DELETION)


def _log(user, key: int, name: str, action: int) -> None:
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(Release),
        object_id=key,
        object_repr=name[:200],
        action_flag=action,
    )


def record_conflict_decisions(
    form: PreviewForm, release: Release, *, by
) -> Iterator[tuple[int, str]]:
    """Record the decisions about new conflicts; yield the level and text of a message for each.

    Those of facilities that others changed stay open: this person has not seen what they show now.
    """
    changed = facilities_changed_since(form.seen_data)
    for conflict in release.conflicts.select_related("facility").order_by("pk"):
        decision = form.conflict_decision(conflict.facility_id, conflict.fact)
        if not may_decide_fact(by, conflict.fact) or conflict.facility_id in changed:
            continue
        if decision in (ConflictDecision.KEEP, ConflictDecision.TAKE):
            current = Conflict.objects.select_related("facility").filter(
                facility=conflict.facility_id, fact=conflict.fact, release=release
            )
            if newest := current.first():
                yield resolve_with_message(newest, decision, form.verification_method, by=by)


def facilities_changed_since(seen: SeenData) -> set[int]:
    """Return the facilities that others changed after this person looked and before the load."""
    loaded = DataVersion.current().number
    meanwhile = Change.objects.filter(revision__gt=seen.number, revision__lt=loaded)
    return {primary_key_of(uuid) for uuid in meanwhile.values_list("facility_uuid", flat=True)}


@background_task
def publish(job: Job) -> JobResult:
    """Publish the data as files."""
    report_step(job, gettext("Writing the files"))
    try:
        done = publish_data(timezone.now())
    except AlreadyPublishing:
        words = gettext("Somebody else is publishing at the moment.")
        return JobResult([(constants.ERROR, words)])
    except OSError:
        words = gettext("The files could not be written. Nothing was published.")
        return JobResult([(constants.ERROR, words)])
    if done.snapshot:
        values = {"name": done.snapshot.name, "number": done.facilities}
        words = gettext("Published %(name)s: %(number)d facilities.") % values
        sentences = [(constants.SUCCESS, words)]
    else:
        sentences = [(constants.INFO, gettext("Nothing changed since the newest files."))]
    if done.rewritten:
        words = gettext("What became private was taken out of the older files.")
        sentences.append((constants.INFO, words))
    return JobResult(sentences, reverse("admin:facilities_release_publish"))
