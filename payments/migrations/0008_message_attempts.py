from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_walks_and_findings")]

    operations = [
        migrations.AddField(
            model_name="webhookmessage",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="webhookmessage",
            name="last_error",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddIndex(
            model_name="webhookmessage",
            index=models.Index(fields=["handled_at", "received_at"], name="message_unhandled"),
        ),
    ]
