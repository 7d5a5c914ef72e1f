"""Make the groups of staff. ``make_roles``, run with every update, keeps them as the code says."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from facilities.roles import ROLES, make_roles


def make(apps, schema_editor) -> None:
    # Django makes permissions after all migrations; the roles need them now.
    for label in ("auth", "facilities"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, verbosity=0, using=schema_editor.connection.alias, apps=apps)
        config.models_module = None
    make_roles(
        apps.get_model("auth", "Group").objects, apps.get_model("auth", "Permission").objects
    )


def unmake(apps, schema_editor) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("facilities", "0002_curation"),
    ]

    operations = [migrations.RunPython(make, unmake)]
