"""Keep what facilities dispute, and what they are to be told."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0027_work_lists_and_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fact", models.CharField(max_length=80, verbose_name="fact")),
                (
                    "words",
                    models.TextField(
                        help_text="What is wrong, as the facility says; staff alone see it."
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("changed", "We changed it"), ("kept", "It stays as it is")],
                        max_length=7,
                        verbose_name="outcome",
                    ),
                ),
                ("answer", models.TextField(blank=True, help_text="The facility reads it.")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="disputes",
                        to="facilities.facility",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="disputes",
                        to="facilities.updatelink",
                    ),
                ),
            ],
            options={
                "verbose_name": "dispute",
                "verbose_name_plural": "disputes",
            },
        ),
        migrations.CreateModel(
            name="FacilityNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("phone", "The phone number"),
                            ("closed", "It has closed or moved"),
                            ("services", "What it offers"),
                            ("insurance", "Insurance or payment"),
                            ("other", "Something else"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reported_on", models.DateField()),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "call",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="notices",
                        to="facilities.call",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="facilities.facility",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        help_text="Empty after a mail.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "notice for a facility",
                "verbose_name_plural": "notices for facilities",
            },
        ),
    ]
