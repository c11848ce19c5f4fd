"""Price cards, which card a showing has its prices from, and when a draft goes on sale by itself."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_history"),
        ("theatres", "0004_retired_kinds"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalshowtime",
            name="on_sale_at",
            field=models.DateTimeField(
                blank=True, help_text="When this draft opens by itself.", null=True, verbose_name="goes on sale at"
            ),
        ),
        migrations.AddField(
            model_name="showtime",
            name="on_sale_at",
            field=models.DateTimeField(
                blank=True, help_text="When this draft opens by itself.", null=True, verbose_name="goes on sale at"
            ),
        ),
        migrations.CreateModel(
            name="PriceCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="Of the cards that fit a showing, the one with the lowest number counts.",
                        verbose_name="order",
                    ),
                ),
                ("weekdays", models.CharField(blank=True, max_length=7, verbose_name="days")),
                ("starts_from", models.TimeField(blank=True, null=True, verbose_name="starts from")),
                ("starts_before", models.TimeField(blank=True, null=True, verbose_name="starts before")),
                (
                    "format",
                    models.CharField(
                        blank=True, help_text="Such as 3D. Empty: every format.", max_length=20, verbose_name="format"
                    ),
                ),
                (
                    "theatre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="price_cards",
                        to="theatres.theatre",
                        verbose_name="theatre",
                    ),
                ),
            ],
            options={
                "verbose_name": "price card",
                "verbose_name_plural": "price cards",
                "ordering": ["theatre", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CardPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.PositiveIntegerField(verbose_name="price in the smallest unit")),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="theatres.seatcategory",
                        verbose_name="category",
                    ),
                ),
                (
                    "ticket_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="theatres.tickettype",
                        verbose_name="ticket type",
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="catalog.pricecard",
                        verbose_name="price card",
                    ),
                ),
            ],
            options={
                "verbose_name": "price on a card",
                "verbose_name_plural": "prices on cards",
                "ordering": ["card", "category", "ticket_type"],
            },
        ),
        migrations.AddField(
            model_name="showtime",
            name="price_card",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Whose prices it has; none once it has prices of its own.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="showtimes",
                to="catalog.pricecard",
                verbose_name="price card",
            ),
        ),
        migrations.AddConstraint(
            model_name="showtime",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_sale_at", None), ("status", "draft"), _connector="OR"),
                name="showtime_opens_as_a_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricecard",
            constraint=models.UniqueConstraint(fields=("theatre", "name"), name="pricecard_one_per_name"),
        ),
        migrations.AddConstraint(
            model_name="cardprice",
            constraint=models.UniqueConstraint(
                fields=("card", "category", "ticket_type"), name="cardprice_one_per_kind"
            ),
        ),
    ]
