from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0003_calling_off")]

    operations = [
        migrations.AlterField(
            "booking", "name", models.CharField(blank=True, max_length=301, verbose_name="name")
        ),  # a first name, a blank and a last name, of 150 signs each
    ]
