"""Reports from the public: submitted, followed by a receipt, taken in hand, closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from ..facts.findings import CheckNotAllowed
from ..models import Call, Facility, Report, Verification
from ..rules.freshness import SERVICE_PREFIX
from ..taxonomy import VOCABULARY
from ..web.throttling import DAY, HOUR, is_within_limit
from .facility_notices import notice_facility
from .two_person_rule import mentions_contact

State, Topic, Outcome = Report.State, Report.Topic, Verification.Outcome
OPEN = (State.OPEN, State.IN_PROGRESS)
CLOSED = (State.CORRECTED, State.CONFIRMED, State.UNCLEAR)
LONGEST_WORDS = 1_000
LONGEST_ANSWER = 1_000
# Without 0, 1, I, L, O and U: they are mistaken for each other, or spell words.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_LENGTH = 12
MAX_REPORTS_PER_HOUR = 10
MAX_LOOKUPS_PER_HOUR = 30
# How the facts begin that a topic is about; a topic that is not here is about any.
FACTS_BY_TOPIC: Mapping[str, tuple[str, ...]] = {
    Topic.PHONE: ("phone", "intake_phones"),
    Topic.CLOSED: ("status", "street", "city", "state", "zip", "position"),
    Topic.SERVICES: (SERVICE_PREFIX,),
    Topic.INSURANCE: tuple(
        service.fact for code in ("PAY", "PYAS") for service in VOCABULARY.in_category(code)
    ),
}


class RateLimited(Exception):
    """Too many reports came from that address. The message is a sentence for the sender."""

    def __init__(self, sentence: str, window: timedelta):
        super().__init__(sentence)
        self.window = window


class FormAlreadySent(Exception):
    """The form was used for another report: this one is not saved."""


class AlreadyClosed(Exception):
    """Somebody else has closed it meanwhile."""


@dataclass(frozen=True)
class ReportDraft:
    """What somebody says is wrong with a facility's listing."""

    facility: Facility
    topic: str
    message: str = ""
    contact: str = ""


def submit_report(statement: ReportDraft, *, form: str, address: str, now: datetime) -> Report:
    """Store a report, or find it again if the same form was sent twice.

    ``form`` is the token of the form it came in, good for one report. Raises RateLimited,
    and FormAlreadySent if the token has brought another report. ``address`` is counted and not
    stored, and of the time only the day is stored: nothing here could be compared with a
    server's log.
    """
    receipt = _receipt(statement, form)
    if again := Report.objects.filter(receipt=receipt).first():
        return again
    _limit(statement, address, now)
    with transaction.atomic():  # a report that could not be saved does not use up the token
        if is_within_limit("report.form", form, now=now, limit=1, window=DAY):
            made = Report.objects.create(
                facility=statement.facility,
                topic=statement.topic,
                message=statement.message,
                contact=statement.contact,
                receipt=receipt,
                reported_on=now.astimezone(UTC).date(),
            )
            notice_facility(made)
            return made
    if again := Report.objects.filter(receipt=receipt).first():  # sent twice at the same moment
        return again
    raise FormAlreadySent


def _limit(statement: ReportDraft, address: str, now: datetime) -> None:
    """Two reports put a number or a listing in doubt: they must not come from one person."""
    if not is_within_limit("report", address, now=now, limit=MAX_REPORTS_PER_HOUR, window=HOUR):
        raise RateLimited(
            _("Too many reports came from your connection. Try again in an hour."), HOUR
        )
    if statement.topic in (Topic.PHONE, Topic.CLOSED):
        purpose = f"report.{statement.topic}.{statement.facility.pk}"
        if not is_within_limit(purpose, address, now=now, limit=1, window=DAY):
            sentence = _("Your connection has already reported this today. Thank you.")
            raise RateLimited(sentence, DAY)


def _receipt(statement: ReportDraft, form: str) -> str:
    """Derive it from the form and what it says: a page loaded again must not report twice."""
    said = (str(statement.facility.pk), statement.topic, statement.message, statement.contact, form)
    digest = salted_hmac("facilities.reporting", "\0".join(said), algorithm="sha256")
    number, code = int.from_bytes(digest.digest()), ""
    while len(code) < RECEIPT_LENGTH:
        number, place = divmod(number, len(LETTERS))
        code += LETTERS[place]
    return code


def format_receipt(receipt: str) -> str:
    """Return it as people copy it: ABCD-EFGH-JKMN."""
    return "-".join(receipt[start : start + 4] for start in range(0, len(receipt), 4))


def find_by_receipt(receipt: str) -> Report | None:
    code = "".join(sign for sign in receipt.upper() if sign.isalnum())
    return Report.objects.select_related("facility").filter(receipt=code).first()


def open_reports_first(reports: QuerySet[Report]) -> QuerySet[Report]:
    rank = Case(
        When(state=State.OPEN, then=Value(0)), When(state=State.IN_PROGRESS, then=Value(1)),
        default=Value(2),
    )  # fmt: skip
    return reports.annotate(rank=rank).order_by("rank", "-closed_at", "reported_on", "pk")


def possible_corrections(report: Report) -> QuerySet[Verification]:
    """Return what was corrected from the day of the report on, and stands, the newest first."""
    checks = report.facility.verifications.standing().filter(outcome=Outcome.CORRECTED)
    day = datetime.combine(report.reported_on, time(), tzinfo=UTC)
    return checks.filter(checked_at__gte=day).order_by("-checked_at", "-pk")


def corrections_about(report: Report) -> list[Verification]:
    """Return those corrections that are of what the report is about."""
    facts = FACTS_BY_TOPIC.get(report.topic)
    return [
        check
        for check in possible_corrections(report)
        if facts is None or check.fact.startswith(facts)
    ]


def mark_in_progress(report: Report) -> None:
    changed = Report.objects.filter(pk=report.pk, state=State.OPEN).update(state=State.IN_PROGRESS)
    report.refresh_from_db()
    if not changed and report.state in CLOSED:
        raise AlreadyClosed


def close_report(
    report: Report, *, state: str, answer: str, by, now: datetime,
    corrections: Iterable[Verification] = (), call: Call | None = None,
) -> None:  # fmt: skip
    """Close a report. A contact is deleted at once, the words 90 days later.

    ``corrections``: what was corrected because of it; whoever has the receipt reads which facts
    those are. Raises AlreadyClosed, or CheckNotAllowed if it says that something was corrected and
    nothing was, or if the answer names a number or a website, which take two people.
    """
    if mentions_contact(answer):
        raise CheckNotAllowed(_("Leave numbers, websites and mail addresses out of the answer."))
    with transaction.atomic():
        held = Report.objects.select_for_update().get(pk=report.pk)
        if held.state in CLOSED:
            raise AlreadyClosed
        checks = _linked_corrections(held, corrections) if state == State.CORRECTED else []
        held.state, held.answer, held.contact = State(state), answer, ""
        held.closed_by, held.closed_at, held.closing_call = by, now, call
        held.save()
        held.corrections.set(checks)
    report.refresh_from_db()


def _linked_corrections(report: Report, corrections: Iterable[Verification]) -> list[Verification]:
    possible = [*possible_corrections(report)]
    if not possible:
        raise CheckNotAllowed(_("Nothing was corrected here since the report came in."))
    keys = {each.pk for each in corrections}
    linked = [each for each in possible if each.pk in keys]
    if not linked:
        raise CheckNotAllowed(_("Say what was corrected because of this report."))
    return linked
