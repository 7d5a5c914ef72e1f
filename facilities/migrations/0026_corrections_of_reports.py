"""Link a report with what was corrected because of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0025_waiting_rows"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="corrections",
            field=models.ManyToManyField(
                blank=True,
                help_text="What was corrected because of it.",
                related_name="+",
                to="facilities.verification",
            ),
        ),
    ]
