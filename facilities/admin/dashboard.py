"""The ways into a curator's work, on the first page; one whose target is absent is not shown."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import Conflict, Proposal, Report


@dataclass(frozen=True)
class Door:
    """A place to go, what it is for, and the permission that opens it."""

    name: str
    words: str | Promise
    route: str
    permission: str
    waiting: Callable[[], QuerySet] | None = None

    @property
    def count(self) -> int:
        """How much waits behind it."""
        return self.waiting().count() if self.waiting else 0

    @property
    def address(self) -> str:
        try:
            return reverse(self.route)
        except NoReverseMatch:
            return ""


DOORS = (
    Door(
        _("The queue"),
        _("What to check next, ranked by the harm a mistake would do."),
        "admin:queue",
        "facilities.verify_facility",
    ),
    Door(
        _("Facilities"),
        _("Find a listing, see what the file says and what we say, correct it."),
        "admin:facilities_facility_changelist",
        "facilities.view_facility",
    ),
    Door(
        _("Reports"),
        _("What people told us is wrong."),
        "admin:facilities_report_changelist",
        "facilities.change_report",
        lambda: Report.objects.filter(state=Report.State.OPEN),
    ),
    Door(
        _("Proposed changes"),
        _("What facilities and spreadsheets say has changed, and numbers to check again."),
        "admin:facilities_proposal_changelist",
        "facilities.change_proposal",
        lambda: Proposal.objects.filter(state=Proposal.State.WAITING),
    ),
    Door(
        _("Update links"),
        _("With which facilities propose changes: who has one, and which to revoke."),
        "admin:facilities_updatelink_changelist",
        "facilities.change_updatelink",
    ),
    Door(
        _("Conflicts"),
        _("What we checked and the newest file says otherwise."),
        "admin:facilities_conflict_changelist",
        "facilities.verify_facility",
        Conflict.objects.all,
    ),
    Door(
        _("Likely duplicates"),
        _("Records that may be one facility: compare, join or keep apart."),
        "admin:facilities_likelypair_changelist",
        "facilities.merge_facility",
    ),
    Door(
        _("Releases"),
        _("Which files were loaded; load the next one, or take the last one back."),
        "admin:facilities_release_changelist",
        "facilities.view_release",
    ),
    Door(
        _("Audits"),
        _("Listings drawn at random to call: how right is this directory?"),
        "admin:facilities_audit_changelist",
        "facilities.change_auditcall",
    ),
    Door(
        _("Credentials"),
        _("Licenses and accreditations that somebody saw, and when they lapse."),
        "admin:facilities_credential_changelist",
        "facilities.view_credential",
    ),
    Door(
        _("Accounts"),
        _("Who works here, in which role; new links, and locks to lift."),
        "admin:auth_user_changelist",
        "auth.view_user",
    ),
)


def open_to(user) -> list[Door]:
    """The doors that exist and that this person may open."""
    return [door for door in DOORS if door.address and user.has_perm(door.permission)]
