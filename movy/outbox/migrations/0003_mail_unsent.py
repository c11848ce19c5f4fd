from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_mail_about")]

    operations = [
        migrations.AddIndex("mail", models.Index(fields=["sent_at"], name="mail_unsent")),
    ]
