from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_mail_unsent")]

    operations = [
        migrations.AlterModelOptions(
            "mail", {"ordering": ["-created_at"], "verbose_name": "mail", "verbose_name_plural": "mails"}
        ),
        migrations.AddField(
            model_name="mail",
            name="addressee",
            field=models.CharField(blank=True, db_default="", db_index=True, default="", editable=False, max_length=64),
        ),
    ]
