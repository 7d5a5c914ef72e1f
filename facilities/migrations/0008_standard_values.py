"""Carry stored values over to the names of 0007, and the permissions of the renamed models."""

from django.db import migrations

from facilities.models.migration_operations import ConvertValues
from facilities.roles import make_roles

RENAMED_MODELS = {"turn": "assignment", "distinct": "distinctpair"}
ACTIONS = ("add", "change", "delete", "view")


def replace(old: str, new: str):
    """A conversion of one value to another, and the way back."""
    return (
        lambda value: new if value == old else value,
        lambda value: old if value == new else value,
    )


def rename_record_lists(moved, names: dict[str, str]):
    """Rename the models under which a merge keeps the keys of what it moved."""
    if "records" not in moved:
        return moved
    records = {names.get(model, model): keys for model, keys in moved["records"].items()}
    return moved | {"records": records}


def with_new_names(moved):
    return rename_record_lists(moved, RENAMED_MODELS)


def with_old_names(moved):
    return rename_record_lists(moved, {new: old for old, new in RENAMED_MODELS.items()})


def day_of(moment):
    """The day of a moment; PostgreSQL has cast it already."""
    return moment[:10]


def start_of_day(day):
    return f"{day} 00:00:00"


def rename_permissions(apps, names: dict[str, str], verbose_names: dict[str, str]) -> None:
    """
    Rename the permissions of models.

    Where a migration stops at 0007, Django makes permissions with the names of there. Then both
    exist: the former one stays, with all that was granted by either.
    """
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="facilities"
    )
    for old, new in names.items():
        for action in ACTIONS:
            former = permissions.filter(codename=f"{action}_{old}").first()
            if former is None:
                continue
            for double in permissions.filter(codename=f"{action}_{new}"):
                former.group_set.add(*double.group_set.all())
                former.user_set.add(*double.user_set.all())
                double.delete()
            former.codename = f"{action}_{new}"
            former.name = f"Can {action} {verbose_names[new]}"
            former.save(update_fields=["codename", "name"])


def rename_and_grant(apps, schema_editor) -> None:
    """In a new database the roles were made before the permissions had these names."""
    rename_permissions(
        apps, RENAMED_MODELS, {"assignment": "assignment", "distinctpair": "distinct pair"}
    )
    make_roles(
        apps.get_model("auth", "Group").objects, apps.get_model("auth", "Permission").objects
    )


def rename_back(apps, schema_editor) -> None:
    rename_permissions(
        apps,
        {new: old for old, new in RENAMED_MODELS.items()},
        {"turn": "turn", "distinct": "distinct pair"},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0007_standard_names"),
    ]

    operations = [
        *(
            ConvertValues(model, "kind", *replace("licence", "license"))
            for model in ("credential", "historicalcredential")
        ),
        *(
            ConvertValues(model, "state", *replace("in_hand", "in_progress"))
            for model in ("report", "historicalreport")
        ),
        *(
            ConvertValues(model, "reported_on", day_of, start_of_day)
            for model in ("report", "historicalreport")
        ),
        *(
            ConvertValues(model, "fact", *replace("not_admitted", "admission_exclusions"))
            for model in ("conflict", "proposal", "verification")
        ),
        ConvertValues("merge", "moved", with_new_names, with_old_names),
        migrations.RunPython(rename_and_grant, rename_back),
    ]
