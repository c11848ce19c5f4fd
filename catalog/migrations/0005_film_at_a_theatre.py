from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_price_cards")]

    operations = [
        migrations.AddIndex(
            "showtime",
            models.Index(fields=["screen", "movie", "status", "starts_at"], name="showtime_of_film_here"),
        ),
    ]
