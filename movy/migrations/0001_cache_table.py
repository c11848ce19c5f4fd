"""The table that rate limits are counted in while Redis is down (movy/lib/cache.py)."""

from django.conf import settings
from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    if "database" in settings.CACHES:
        call_command(
            "createcachetable",
            "movy_cache",
            database=schema_editor.connection.alias,
            verbosity=0,
        )


class Migration(migrations.Migration):
    initial = True
    atomic = False
    dependencies = []
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
