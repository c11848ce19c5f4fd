from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_report_indexes")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="platform_minor",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="to the platform's account"),
        ),
        migrations.AddField(
            model_name="payment",
            name="theatre_minor",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="to the theatre's account"),
        ),
        migrations.AlterField(
            model_name="refund",
            name="reason",
            field=models.CharField(
                choices=[
                    ("cancelled", "cancelled by the customer"),
                    ("seats_gone", "paid too late, seats gone"),
                    ("paid_twice", "paid twice"),
                    ("mismatch", "paid something else than asked"),
                    ("called_off", "show called off"),
                    ("office", "by the theatre"),
                    ("at_paystack", "by the theatre, in Paystack's dashboard"),
                ],
                max_length=12,
                verbose_name="reason",
            ),
        ),
    ]
