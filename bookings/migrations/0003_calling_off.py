import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0002_booking_phone"),
        ("catalog", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CallOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="called off at")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="what people are told")),
                ("finished_at", models.DateTimeField(db_index=True, null=True, verbose_name="all done at")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="called off by",
                    ),
                ),
                (
                    "showtime",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="call_off",
                        to="catalog.showtime",
                        verbose_name="showing",
                    ),
                ),
            ],
            options={
                "verbose_name": "called-off showing",
                "verbose_name_plural": "called-off showings",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ShowtimeEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=20)),
                ("detail", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "showtime",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="catalog.showtime"
                    ),
                ),
            ],
            options={
                "verbose_name": "showing's event",
                "verbose_name_plural": "showings' events",
                "ordering": ["showtime", "pk"],
            },
        ),
    ]
