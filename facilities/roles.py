"""The three roles and what each may do; each holds what the one before it may.

The groups are the site's own: ``make_roles`` brings them back to this table. Permissions for one
person or another group of people belong in a group of another name.
"""

from collections.abc import Iterable

CURATOR, EDITOR, ADMINISTRATOR = "curator", "editor", "administrator"

SEEN_BY_ALL = (
    "audit", "auditcall", "availability", "conflict", "credential", "facility", "proposal",
    "release", "report", "sourcerow", "assignment", "updatelink", "verification", "websitecheck",
)  # fmt: skip

CURATORS = (
    *(f"facilities.view_{model}" for model in SEEN_BY_ALL),
    "facilities.verify_facility",
    "facilities.change_auditcall",
    "facilities.change_proposal",
    "facilities.change_report",
    "facilities.change_assignment",
)
EDITORS = (
    *CURATORS,
    "facilities.add_facility",
    "facilities.change_facility",
    "facilities.hide_facility",
    "facilities.merge_facility",
    "facilities.add_credential",
    "facilities.change_credential",
    "facilities.delete_credential",
    "facilities.add_updatelink",
    "facilities.change_updatelink",
    "facilities.view_distinctpair",
    "facilities.view_merge",
    "facilities.view_rowdecision",
    "facilities.add_rowdecision",
)
ADMINISTRATORS = (
    *EDITORS,
    "facilities.load_release",
    "facilities.undo_release",
    "auth.view_user",
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
    """The highest role among the names of a person's groups, or nothing."""
    held = set(names)
    return next((role for role in reversed(ROLES) if role in held), "")
