"""What waits for staff today: the top of their first page, and the daily mail."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus

from ..curation.disputes import answer_due
from ..curation.facility_notices import pending_notices
from ..curation.work_queue.ranking import MINE, QueueQuery, read_queue
from ..models import Conflict, Credential, Dispute, Job, Proposal, Report, UpdateLink
from ..operations.jobs import is_worker_running
from ..operations.scheduled_tasks import missed_tasks, task_states
from ..places.service_area import ServiceArea
from ..places.timezones import CallerTimeZone, is_time_to_call
from ..roles import (
    CHANGE_PROPOSAL,
    CHANGE_REPORT,
    CHANGE_UPDATELINK,
    LOAD_RELEASE,
    VERIFY_FACILITY,
    VIEW_CREDENTIAL,
)
from ..web.context_processors import service_area

EXPIRING_WITHIN = timedelta(days=3)


@dataclass(frozen=True)
class WaitingWork:
    """One kind of work, how much of it waits, and the page to do it on."""

    label: str | Promise
    count: int
    route: str
    query: str = ""
    permission: str = VERIFY_FACILITY

    @property
    def address(self) -> str:
        return reverse(self.route) + self.query


@dataclass(frozen=True)
class CallableZone:
    """A time zone in which it is time to call, its hour, and the calls that wait there."""

    zone: CallerTimeZone
    local: time
    count: int

    @property
    def address(self) -> str:
        return reverse("admin:queue", query={"zone": self.zone.slug})


def today_context(user) -> dict:
    now, area = timezone.now(), service_area()
    work = [each for each in waiting_work(area, now) if user.has_perm(each.permission)]
    context = {
        "work": [each for each in work if each.count],
        "is_everywhere": area.is_everywhere,
        "missed": missed_tasks(now),
        "stuck": count_stuck_jobs(now),
    }
    if user.has_perm(VERIFY_FACILITY):
        queue = read_queue(area, now)
        context |= {
            "zones": [
                CallableZone(
                    zone,
                    zone.local(now).time(),
                    len(queue.filter(QueueQuery(zone=zone.slug), user.pk)),
                )
                for zone in queue.zones
                if is_time_to_call(zone, now)
            ],
            "mine": len(queue.filter(QueueQuery(whose=MINE), user.pk)),
        }
    if user.has_perm(LOAD_RELEASE):
        context["timers"] = task_states(now)
    return context


def waiting_work(area: ServiceArea, now: datetime) -> list[WaitingWork]:
    """Return every kind of work that comes in by itself, with its number in the area."""

    def count(rows: QuerySet) -> int:
        return rows.filter(area.as_q("facility")).count()

    reports = Report.objects.filter(state=Report.State.OPEN)
    proposals = Proposal.objects.filter(state=Proposal.State.WAITING)
    disputes = [*Dispute.objects.open().filter(area.as_q("facility"))]
    of_facilities = Proposal.Origin.FACILITY
    links = UpdateLink.objects.filter(
        used_at=None, revoked_at=None, expires_at__gt=now, expires_at__lt=now + EXPIRING_WITHIN
    )
    return [
        WaitingWork(
            _("Changes that wait for a second person"),
            count(proposals.exclude(origin=of_facilities)),
            "admin:facilities_proposal_changelist",
            "?by=staff",
            CHANGE_PROPOSAL,
        ),
        WaitingWork(
            _("Credentials that wait for a second person"),
            count(Credential.objects.filter(is_confirmed=False)),
            "admin:facilities_credential_changelist",
            "?waits=yes",
            VIEW_CREDENTIAL,
        ),
        WaitingWork(
            _("Reports about phone numbers"),
            count(reports.filter(topic=Report.Topic.PHONE)),
            "admin:facilities_report_changelist",
            "?topic__exact=phone",
            CHANGE_REPORT,
        ),
        WaitingWork(
            _("Other reports"),
            count(reports.exclude(topic=Report.Topic.PHONE)),
            "admin:facilities_report_changelist",
            permission=CHANGE_REPORT,
        ),
        WaitingWork(
            _("Facilities to tell what people reported"),
            count(pending_notices()),
            "admin:queue",
        ),
        WaitingWork(
            _("Changes that facilities propose"),
            count(proposals.filter(origin=of_facilities)),
            "admin:facilities_proposal_changelist",
            "?by=facility",
            CHANGE_PROPOSAL,
        ),
        WaitingWork(
            _("Facts that facilities dispute: the answer is overdue"),
            sum(due_day(each) < timezone.localdate(now) for each in disputes),
            "admin:facilities_dispute_changelist",
            permission=CHANGE_PROPOSAL,
        ),
        WaitingWork(
            _("Facts that facilities dispute"),
            len(disputes),
            "admin:facilities_dispute_changelist",
            permission=CHANGE_PROPOSAL,
        ),
        WaitingWork(
            _("Conflicts with the newest files"),
            count(Conflict.objects.all()),
            "admin:facilities_conflict_changelist",
        ),
        WaitingWork(
            _("Update links that nobody has used and that expire within three days"),
            count(links),
            "admin:facilities_updatelink_changelist",
            permission=CHANGE_UPDATELINK,
        ),
    ]


def due_day(dispute: Dispute) -> date:
    """Return the last day for an answer to a facility that disputes a fact."""
    return answer_due(timezone.localdate(dispute.made_at), settings.DISPUTE_ANSWER_DAYS)


def count_stuck_jobs(now: datetime) -> int:
    """Return how many jobs wait although nothing does them."""
    if is_worker_running(now):
        return 0
    return Job.objects.filter(task__status=TaskResultStatus.READY).count()
