"""Invitations by mail, and a theatre's wish for a second step at the sign-in."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("theatres", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="theatre",
            name="managers_need_second_factor",
            field=models.BooleanField(
                default=False,
                help_text="A code from an app on their phone, besides the password, before the office opens.",
                verbose_name="managers need a second step to sign in",
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                (
                    "role",
                    models.CharField(
                        choices=[("manager", "manager"), ("box_office", "box office"), ("door", "door")],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                ("expires_at", models.DateTimeField(verbose_name="runs out at")),
                ("accepted_at", models.DateTimeField(null=True, verbose_name="accepted at")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn at")),
                (
                    "invited_by",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="theatres.theatre",
                        verbose_name="theatre",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["theatre", "email"],
                "constraints": [
                    models.UniqueConstraint(fields=("theatre", "email"), name="invitation_one_per_address")
                ],
            },
        ),
    ]
