from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_film_at_a_theatre")]

    operations = [
        migrations.AddIndex("showtime", models.Index(fields=["starts_at"], name="showtime_by_start")),
    ]
