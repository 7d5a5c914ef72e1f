"""The links on the first page of the staff site, without those to pages that do not exist."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..roles import (
    CHANGE_AUDITCALL,
    CHANGE_PROPOSAL,
    CHANGE_REPORT,
    CHANGE_UPDATELINK,
    MERGE_FACILITY,
    VERIFY_FACILITY,
    VIEW_CREDENTIAL,
    VIEW_FACILITY,
    VIEW_RELEASE,
    VIEW_USER,
)


@dataclass(frozen=True)
class DashboardLink:
    """A page, what it is for, and the permission it takes."""

    name: str
    words: str | Promise
    route: str
    permission: str

    @property
    def address(self) -> str:
        try:
            return reverse(self.route)
        except NoReverseMatch:
            return ""


DASHBOARD_LINKS = (
    DashboardLink(
        _("The queue"),
        _("What to check next, ranked by the harm a mistake would do."),
        "admin:queue",
        VERIFY_FACILITY,
    ),
    DashboardLink(
        _("Facilities"),
        _("Find a listing, see what the file says and what we say, correct it."),
        "admin:facilities_facility_changelist",
        VIEW_FACILITY,
    ),
    DashboardLink(
        _("Organizations"),
        _("Listings that share a number, a website or an operator: one call for a shared number."),
        "admin:organizations",
        VERIFY_FACILITY,
    ),
    DashboardLink(
        _("Recent changes"),
        _("What everybody checked and corrected, newest first, and who did how much."),
        "admin:facilities_verification_changelist",
        VERIFY_FACILITY,
    ),
    DashboardLink(
        _("Reports"),
        _("What people told us is wrong."),
        "admin:facilities_report_changelist",
        CHANGE_REPORT,
    ),
    DashboardLink(
        _("Proposed changes"),
        _("What facilities and spreadsheets say has changed, and numbers to check again."),
        "admin:facilities_proposal_changelist",
        CHANGE_PROPOSAL,
    ),
    DashboardLink(
        _("Disputed facts"),
        _("What facilities say is wrong with their listing, and by when to answer."),
        "admin:facilities_dispute_changelist",
        CHANGE_PROPOSAL,
    ),
    DashboardLink(
        _("Update links"),
        _("With which facilities propose changes: who has one, and which to revoke."),
        "admin:facilities_updatelink_changelist",
        CHANGE_UPDATELINK,
    ),
    DashboardLink(
        _("Conflicts"),
        _("What we checked and the newest file says otherwise."),
        "admin:facilities_conflict_changelist",
        VERIFY_FACILITY,
    ),
    DashboardLink(
        _("Differences from the federal list"),
        _("What we found and the list does not say, to send to SAMHSA or your state."),
        "admin:federal_differences",
        VERIFY_FACILITY,
    ),
    DashboardLink(
        _("Likely duplicates"),
        _("Records that may be one facility: compare, join or keep apart."),
        "admin:facilities_likelypair_changelist",
        MERGE_FACILITY,
    ),
    DashboardLink(
        _("Releases"),
        _("Which files were loaded; load the next one, or take the last one back."),
        "admin:facilities_release_changelist",
        VIEW_RELEASE,
    ),
    DashboardLink(
        _("Background work"),
        _("Long work that somebody started: how far it is, and what came of it."),
        "admin:jobs",
        VIEW_FACILITY,
    ),
    DashboardLink(
        _("Audits"),
        _("Listings drawn at random to call: how right is this directory?"),
        "admin:facilities_audit_changelist",
        CHANGE_AUDITCALL,
    ),
    DashboardLink(
        _("Credentials"),
        _("Licenses and accreditations that somebody saw, and when they lapse."),
        "admin:facilities_credential_changelist",
        VIEW_CREDENTIAL,
    ),
    DashboardLink(
        _("Accounts"),
        _("Who works here, in which role; new links, and locks to lift."),
        "admin:auth_user_changelist",
        VIEW_USER,
    ),
)


def dashboard_links(user) -> list[DashboardLink]:
    return [link for link in DASHBOARD_LINKS if link.address and user.has_perm(link.permission)]
