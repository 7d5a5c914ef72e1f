"""Keep digests of backup codes in place of the codes, which go on working."""

from django.db import migrations

from facilities.accounts.second_factor import hash_backup_code

DIGEST_LENGTH = 16


def hash_codes(apps, schema_editor) -> None:
    tokens = apps.get_model("otp_static", "StaticToken").objects.select_related("device")
    for token in tokens.order_by("pk"):
        if len(token.token) == DIGEST_LENGTH:
            continue  # of a roll-back since: digested already
        token.token = hash_backup_code(token.token, token.device.user_id)
        token.save(update_fields=["token"])


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0003_roles"),
        ("otp_static", "0003_add_timestamps"),
    ]

    # Back, codes cannot be told from digests: until the update is done again, none works.
    operations = [migrations.RunPython(hash_codes, migrations.RunPython.noop)]
