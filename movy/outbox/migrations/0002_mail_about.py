from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="about",
            field=models.CharField(blank=True, db_default="", db_index=True, default="", max_length=24),
        ),
    ]
