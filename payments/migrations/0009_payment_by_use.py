from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_message_attempts")]

    operations = [
        migrations.AddIndex("payment", models.Index(fields=["status", "confirms"], name="payment_by_use")),
    ]
