from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("movy", "0001_cache_table"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
            ],
        ),
    ]
