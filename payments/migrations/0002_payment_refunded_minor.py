from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="refunded_minor",
            field=models.PositiveBigIntegerField(
                db_default=0,
                default=0,
                help_text="The sum of the refunds.",
                verbose_name="going or gone back, smallest unit",
            ),
        ),
    ]
