"""Let rows wait for two people, and rows of older files in a pile of their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0024_programs_of_availability"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="rowdecision",
            name="is_left_out",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="sourcerow",
            name="is_outdated",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="It waits because a newer directory leaves its facility out.",
            ),
        ),
        migrations.CreateModel(
            name="RowProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_left_out", models.BooleanField(default=False)),
                ("method", models.CharField(blank=True, max_length=8)),
                ("evidence_url", models.URLField(blank=True, max_length=500)),
                ("note", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                (
                    "facility",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="facilities.facility",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="facilities.sourcerow",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposed row decision",
                "verbose_name_plural": "proposed row decisions",
            },
        ),
    ]
