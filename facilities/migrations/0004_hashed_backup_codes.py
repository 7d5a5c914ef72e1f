"""Keep digests of backup codes in place of the codes, which go on working."""

from django.db import migrations

from facilities.staff.second_factor import digest


def hash_codes(apps, schema_editor) -> None:
    tokens = apps.get_model("otp_static", "StaticToken").objects.select_related("device")
    for token in tokens.order_by("pk"):
        token.token = digest(token.token, token.device.user_id)
        token.save(update_fields=["token"])


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0003_roles"),
        ("otp_static", "0003_add_timestamps"),
    ]

    # Back, the codes cannot be told from their digests: people make new ones.
    operations = [migrations.RunPython(hash_codes, migrations.RunPython.noop)]
