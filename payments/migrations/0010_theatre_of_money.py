import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Write down whose money each row is, as its booking's showing tells."""
    payments = apps.get_model("payments", "Payment").objects
    bookings = apps.get_model("bookings", "Booking").objects.filter(pk=OuterRef("booking_id"))
    payments.update(theatre_id=Subquery(bookings.values("showtime__screen__theatre_id")[:1]))
    of_refund = payments.filter(pk=OuterRef("payment_id")).values("theatre_id")
    apps.get_model("payments", "Refund").objects.update(theatre_id=Subquery(of_refund[:1]))


def theatre(*, null: bool, help_text: str) -> models.ForeignKey:
    return models.ForeignKey(
        editable=False,
        help_text=help_text,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="theatres.theatre",
        verbose_name="theatre",
    )


OF_PAYMENT = "The booking's, which never changes. Without it, one theatre's money is found through all its shows."
OF_REFUND = "The payment's."


class Migration(migrations.Migration):
    """Adds the column empty, fills it, and only then asks for it."""

    dependencies = [("payments", "0009_payment_by_use")]

    operations = [
        migrations.AddField("payment", "theatre", theatre(null=True, help_text=OF_PAYMENT)),
        migrations.AddField("refund", "theatre", theatre(null=True, help_text=OF_REFUND)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("payment", "theatre", theatre(null=False, help_text=OF_PAYMENT)),
        migrations.AlterField("refund", "theatre", theatre(null=False, help_text=OF_REFUND)),
        migrations.RemoveIndex("payment", "payment_by_sale"),
        migrations.RemoveIndex("refund", "refund_by_day"),
        migrations.AddIndex("payment", models.Index(fields=["theatre", "paid_at"], name="payment_by_sale")),
        migrations.AddIndex("refund", models.Index(fields=["theatre", "created_at"], name="refund_by_day")),
        migrations.AlterField(
            "refund",
            "provider_id",
            models.CharField(blank=True, db_index=True, max_length=20, verbose_name="Paystack id"),
        ),
    ]
