from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("movy", "0002_heartbeat")]

    operations = [
        migrations.CreateModel(
            name="CatalogueChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
