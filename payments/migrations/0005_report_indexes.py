from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_payment_gives_back_what_it_took")]

    operations = [
        migrations.AddIndex("payment", models.Index(fields=["paid_at"], name="payment_by_sale")),
        migrations.AddIndex("payment", models.Index(fields=["mismatch"], name="payment_by_mismatch")),
        migrations.AddIndex("refund", models.Index(fields=["created_at"], name="refund_by_day")),
        migrations.AddIndex("refund", models.Index(fields=["status"], name="refund_by_status")),
    ]
