from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="phone",
            field=models.CharField(
                blank=True, db_default="", db_index=True, default="", max_length=16, verbose_name="phone"
            ),
        ),
    ]
