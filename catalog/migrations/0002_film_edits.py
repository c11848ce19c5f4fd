"""What a person changed in a film from TMDb, and a theatre's own note on a film."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="note",
            field=models.CharField(
                blank=True,
                help_text="Shown with this film at your theatre alone, such as “with a live organ” or “in French”.",
                max_length=160,
                verbose_name="note for visitors",
            ),
        ),
        migrations.AddField(
            model_name="movie",
            name="edited_fields",
            field=models.JSONField(
                default=list,
                editable=False,
                help_text="Names of fields that a person set: fetching from TMDb leaves them.",
            ),
        ),
    ]
