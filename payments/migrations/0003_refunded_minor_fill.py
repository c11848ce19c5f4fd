from django.db import migrations
from django.db.models import Sum


def fill(apps, schema_editor):
    """Add up each payment's refunds. A few rows: most payments have none."""
    sums = apps.get_model("payments", "Refund").objects.values("payment_id").annotate(minor=Sum("amount_minor"))
    for row in sums.order_by("payment_id").iterator():
        apps.get_model("payments", "Payment").objects.filter(pk=row["payment_id"]).update(refunded_minor=row["minor"])


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_payment_refunded_minor")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
