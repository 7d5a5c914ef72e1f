"""Add when the work of timers was last done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0013_changes_by_facility"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScheduledTask",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("succeeded_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "scheduled task",
                "verbose_name_plural": "scheduled tasks",
            },
        ),
    ]
