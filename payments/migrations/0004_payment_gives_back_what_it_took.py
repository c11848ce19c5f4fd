from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_refunded_minor_fill")]

    operations = [
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("refunded_minor", 0),
                    models.Q(("charged_minor__isnull", False), ("refunded_minor__lte", models.F("charged_minor"))),
                    _connector="OR",
                ),
                name="payment_gives_back_what_it_took",
            ),
        ),
    ]
