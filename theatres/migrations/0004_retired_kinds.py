"""Categories and ticket types that are no longer sold."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("theatres", "0003_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="seatcategory",
            name="is_retired",
            field=models.BooleanField(
                default=False, help_text="No seat can be put into it any more.", verbose_name="retired"
            ),
        ),
        migrations.AddField(
            model_name="tickettype",
            name="is_retired",
            field=models.BooleanField(
                default=False, help_text="New showings don't sell it any more.", verbose_name="retired"
            ),
        ),
    ]
