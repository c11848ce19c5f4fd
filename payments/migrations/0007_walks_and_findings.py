import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_parts_of_a_charge"),
        ("theatres", "0004_retired_kinds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Walk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slot",
                    models.BigIntegerField(
                        help_text="While it runs: the theatre, 0 for the account.", null=True, unique=True
                    ),
                ),
                ("since_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(db_index=True)),
                ("phase", models.CharField(choices=[("refunds", "refunds"), ("charges", "charges")], max_length=8)),
                (
                    "position",
                    models.PositiveBigIntegerField(default=0, help_text="Pages done, or the last attempt looked at."),
                ),
                ("looked", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("found", models.PositiveIntegerField(default=0)),
                (
                    "tries",
                    models.PositiveSmallIntegerField(default=0, help_text="Of the step that is due, unanswered."),
                ),
                (
                    "next_step_at",
                    models.DateTimeField(db_index=True, help_text="Pushed on by who claims the step.", null=True),
                ),
                ("progressed_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "theatre",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="theatres.theatre"
                    ),
                ),
            ],
            options={
                "verbose_name": "walk through Paystack's lists",
                "verbose_name_plural": "walks through Paystack's lists",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("stranger", "a charge that is not Movy's"),
                            ("unsettled", "paid at Paystack, not here"),
                            ("unpaid", "paid here, not at Paystack"),
                            ("taken_back", "taken back at Paystack"),
                            ("differs", "not what was asked for"),
                            ("over_refunded", "more sent back than was paid"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        help_text="A payment's reference, or a refund's number at Paystack.", max_length=100
                    ),
                ),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("found_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "why",
                    models.CharField(
                        blank=True, help_text="A person's reason for putting it away; it stays so.", max_length=120
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="payments.payment",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "ordering": ["found_at", "pk"],
                "indexes": [models.Index(fields=["resolved_at", "kind"], name="finding_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "reference"), name="finding_once_per_reference")
                ],
            },
        ),
    ]
