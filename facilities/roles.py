"""The permissions of staff and the three roles that hold them.

Each role may do all that the role before it may.

The groups are the site's own: ``make_roles`` brings them back to this table. Permissions for one
person or another group of people belong in a group of another name.
"""

from collections.abc import Iterable

VIEW_USER = "auth.view_user"
ADD_AUDIT = "facilities.add_audit"
ADD_FACILITY = "facilities.add_facility"
ADD_LEGALHOLD = "facilities.add_legalhold"
ADD_ROWDECISION = "facilities.add_rowdecision"
ADD_SAVEDVIEW = "facilities.add_savedview"
ADD_UPDATELINK = "facilities.add_updatelink"
CHANGE_AUDITCALL = "facilities.change_auditcall"
CHANGE_PROPOSAL = "facilities.change_proposal"
CHANGE_REPORT = "facilities.change_report"
CHANGE_UPDATELINK = "facilities.change_updatelink"
EXPORT_FACILITY = "facilities.export_facility"
HIDE_FACILITY = "facilities.hide_facility"
LOAD_RELEASE = "facilities.load_release"
MERGE_FACILITY = "facilities.merge_facility"
UNDO_RELEASE = "facilities.undo_release"
VERIFY_FACILITY = "facilities.verify_facility"
VIEW_AUDIT = "facilities.view_audit"
VIEW_CREDENTIAL = "facilities.view_credential"
VIEW_FACILITY = "facilities.view_facility"
VIEW_PROPOSAL = "facilities.view_proposal"
VIEW_RELEASE = "facilities.view_release"
VIEW_REPORT = "facilities.view_report"
VIEW_UPDATELINK = "facilities.view_updatelink"

CURATOR, EDITOR, ADMINISTRATOR = "curator", "editor", "administrator"

SEEN_BY_ALL = (
    "audit", "auditcall", "availability", "conflict", "credential", "facility", "proposal",
    "release", "report", "sourcerow", "assignment", "updatelink", "verification", "websitecheck",
)  # fmt: skip

CURATORS = (
    *(f"facilities.view_{model}" for model in SEEN_BY_ALL),
    VERIFY_FACILITY,
    CHANGE_AUDITCALL,
    CHANGE_PROPOSAL,
    CHANGE_REPORT,
    "facilities.change_assignment",
)
EDITORS = (
    *CURATORS,
    ADD_AUDIT,
    ADD_FACILITY,
    "facilities.change_facility",
    HIDE_FACILITY,
    MERGE_FACILITY,
    "facilities.add_credential",
    "facilities.change_credential",
    "facilities.delete_credential",
    ADD_UPDATELINK,
    ADD_SAVEDVIEW,
    CHANGE_UPDATELINK,
    "facilities.view_distinctpair",
    "facilities.view_merge",
    "facilities.view_rowdecision",
    ADD_ROWDECISION,
)
ADMINISTRATORS = (
    *EDITORS,
    LOAD_RELEASE,
    UNDO_RELEASE,
    EXPORT_FACILITY,
    ADD_LEGALHOLD,
    VIEW_USER,
    "auth.add_user",
    "auth.change_user",
)
ROLES = {CURATOR: CURATORS, EDITOR: EDITORS, ADMINISTRATOR: ADMINISTRATORS}


def make_roles(groups, permissions) -> list[str]:
    """Give each role exactly its permissions; return those that do not exist yet.

    Takes the managers of Group and Permission, which in a migration are those of its own time.
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in permissions.select_related("content_type")
    }
    for role, names in ROLES.items():
        group, _ = groups.get_or_create(name=role)
        group.permissions.set(known[name] for name in names if name in known)
    return sorted(set(ADMINISTRATORS) - set(known))


def role_of(names: Iterable[str]) -> str:
    held = set(names)
    return next((role for role in reversed(ROLES) if role in held), "")
