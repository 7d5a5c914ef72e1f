"""Add what each scheduled task did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0016_local_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="scheduledtask",
            name="summary",
            field=models.TextField(
                blank=True, db_default="", default="", help_text="What it did, one thing a line."
            ),
        ),
    ]
