from __future__ import annotations

from typing import Any

from django.db import migrations

from movy.outbox.addresses import address_digest

AT_ONCE = 500


def fill(apps: Any, schema_editor: Any) -> None:
    mails = apps.get_model("outbox", "Mail").objects
    last = 0
    while rows := list(mails.filter(pk__gt=last, addressee="").only("pk", "recipients").order_by("pk")[:AT_ONCE]):
        for mail in rows:
            mail.addressee = address_digest(mail.recipients[0])
        mails.bulk_update(rows, ["addressee"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False  # in batches, each its own
    dependencies = [("outbox", "0004_mail_addressee")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
