"""Give models and fields the names of the field: HSDS, SAMHSA and Django before our own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RENAMED_FIELDS = {
    "audit": {"drawn_on": "sampled_on"},
    "conflict": {"ours": "shown_value", "theirs": "source_value"},
    "credential": {"body": "issuer"},
    "historicalcredential": {"body": "issuer"},
    "facility": {
        "w0": "service_bits_0",
        "w1": "service_bits_1",
        "w2": "service_bits_2",
        "w3": "service_bits_3",
        "w4": "service_bits_4",
        "w5": "service_bits_5",
        "denied_slugs": "denied_services",
        "not_admitted": "admission_exclusions",
        "stated_in": "source_release",
    },
    "merge": {"gone": "absorbed"},
    "proposal": {"how": "method"},
    "release": {"is_applied": "is_effective"},
    "report": {"about": "topic", "words": "message", "made_at": "reported_on"},
    "historicalreport": {"about": "topic", "made_at": "reported_on"},
    "sourcerow": {"cells": "raw", "candidates": "candidate_ids"},
    "assignment": {"tries": "attempts"},
    "verification": {
        "how": "method",
        "file_value": "source_value",
        "reverted_why": "revert_reason",
    },
    "websitecheck": {"leads_to": "redirects_to"},
}
# Read by themselves in a search, so their columns and the order of these are as before.
POSITION_AND_SERVICES = (
    "x",
    "y",
    "z",
    *(f"service_bits_{number}" for number in range(6)),
    "last_verified_on",
    "id",
)
KINDS = [
    ("license", "License"),
    ("accreditation", "Accreditation"),
    ("certification", "Certification"),
]
STATES = [
    ("open", "Open"),
    ("in_progress", "Being checked"),
    ("corrected", "Corrected"),
    ("confirmed", "Checked: the listing was right"),
    ("unclear", "Checked: could not be settled"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0006_names_of_columns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel("Turn", "Assignment"),
        migrations.RenameModel("Distinct", "DistinctPair"),
        migrations.AlterModelOptions(
            "assignment",
            {"verbose_name": "assignment", "verbose_name_plural": "assignments"},
        ),
        migrations.AlterField(
            "assignment",
            "assigned_to",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="assignments",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "assignment",
            "facility",
            models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assignment",
                to="facilities.facility",
            ),
        ),
        # An index of the migration state keeps the old names of its fields.
        migrations.RemoveIndex("facility", "facility_near"),
        migrations.RemoveIndex("facility", "facility_in_area"),
        *(
            migrations.RenameField(model, old, new)
            for model, names in RENAMED_FIELDS.items()
            for old, new in names.items()
        ),
        migrations.AlterField(
            "facility",
            "denied_services",
            models.JSONField(default=list),
        ),
        migrations.AddIndex(
            "facility",
            models.Index(
                fields=["status", "latitude", "longitude", "state", *POSITION_AND_SERVICES],
                name="facility_near",
            ),
        ),
        migrations.AddIndex(
            "facility",
            models.Index(
                fields=[
                    "status",
                    "state",
                    "county_fips",
                    "latitude",
                    "longitude",
                    *POSITION_AND_SERVICES,
                ],
                name="facility_in_area",
            ),
        ),
        *(
            migrations.AlterField(
                model,
                "kind",
                models.CharField(choices=KINDS, max_length=13, verbose_name="kind"),
            )
            for model in ("credential", "historicalcredential")
        ),
        *(
            migrations.AlterField(
                model,
                "state",
                models.CharField(
                    choices=STATES, default="open", max_length=11, verbose_name="state"
                ),
            )
            for model in ("report", "historicalreport")
        ),
        *(
            migrations.AlterField(model, "reported_on", models.DateField(verbose_name="reported"))
            for model in ("report", "historicalreport")
        ),
    ]
