"""Add the change log, which begins with the version that the data have now."""

import secrets

import django.db.models.deletion
from django.db import migrations, models


def begin_log(apps, schema_editor) -> None:
    """Give the version of now a token. A new database has no version yet."""
    version = apps.get_model("facilities", "DataVersion").objects.filter(pk=1).first()
    if version is not None:
        version.token = secrets.token_hex(8)
        version.save(update_fields=["token"])
        apps.get_model("facilities", "Revision").objects.create(
            number=version.number, token=version.token
        )


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0009_quick_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("token", models.CharField(max_length=16)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"verbose_name": "revision", "verbose_name_plural": "revisions"},
        ),
        migrations.AddField(
            model_name="dataversion",
            name="token",
            field=models.CharField(db_default="", default="", max_length=16),
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("facility_uuid", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "Listed"),
                            ("changed", "Changed"),
                            ("withdrawn", "Withdrawn"),
                            ("hidden", "Hidden"),
                            ("merged", "Merged"),
                            ("deleted", "Deleted"),
                            ("draft", "Draft"),
                        ],
                        max_length=9,
                    ),
                ),
                ("fields", models.JSONField(default=list)),
                (
                    "revision",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="facilities.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("revision", "facility_uuid"), name="change_once"
                    )
                ],
            },
        ),
        migrations.RunPython(begin_log, migrations.RunPython.noop),
    ]
