"""Let a facility say for which of its programs it can admit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0023_merge_proposals"),
    ]

    operations = [
        migrations.AddField(
            model_name="availability",
            name="services",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Slugs: for what, and for whom.",
            ),
        ),
    ]
