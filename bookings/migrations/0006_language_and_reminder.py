from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0005_folded_showings"),
    ]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="language",
            field=models.CharField(
                db_default="en", default="en", editable=False, max_length=8, verbose_name="language"
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="remind_at",
            field=models.DateTimeField(blank=True, db_index=True, editable=False, null=True),
        ),
    ]
