import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_showtime_by_start"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningAlert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                (
                    "email_digest",
                    models.CharField(help_text="By which it is found: databases differ about e-mails.", max_length=64),
                ),
                (
                    "city",
                    models.CharField(blank=True, help_text="Where it is to open; anywhere without one.", max_length=80),
                ),
                ("language", models.CharField(help_text="Of the mail.", max_length=8)),
                ("created_at", models.DateTimeField(db_index=True)),
                (
                    "movie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opening_alerts", to="catalog.movie"
                    ),
                ),
            ],
            options={
                "verbose_name": "opening alert",
                "verbose_name_plural": "opening alerts",
                "constraints": [
                    models.UniqueConstraint(fields=("movie", "email_digest"), name="openingalert_once_for_a_film")
                ],
            },
        ),
    ]
