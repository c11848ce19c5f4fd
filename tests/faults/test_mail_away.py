"""The mail server is off for a while: no request waits for it, and every mail arrives, once."""

from __future__ import annotations

import time

import pytest

from movy.outbox.models import Mail
from payments.tests.factories import coming_showtime
from tests.faults.postbox import Postbox
from tests.faults.test_worker_dies import worker
from tests.faults.walk import walk
from tests.load.truth import time_passes
from tests.races.test_rush import buyers
from tests.running import wait_for
from tests.site import Site

pytestmark = [pytest.mark.mariadb, pytest.mark.slow]

ANSWER_SECONDS = 3.0
LABELS = ("C1", "C2", "C3", "C4")


def test_no_request_waits_for_it_and_every_mail_arrives_once(audited, proof, paystack):
    showtime = coming_showtime(seats=LABELS)
    (token,) = buyers(1)
    with Postbox() as postbox, Site(RATE_LIMITS="off", EMAIL_URL=postbox.url) as site, worker(postbox):
        postbox.close()
        with proof("the mail server is off for a while", holds="no request waits, every mail arrives, once") as count:
            for label in LABELS:
                assert walk(site, token=token, showtime_id=showtime.pk, label=label) < ANSWER_SECONDS
            wait_for(Mail.objects.filter(attempts__gt=0).exists, what="a try", seconds=60)
            assert not Mail.objects.exclude(sent_at=None).exists()
            count.times = Mail.objects.count()
            assert count.times >= 2 * len(LABELS)  # your tickets; cancelled
            postbox.open()

            def are_sent() -> bool:
                time_passes()  # the pauses between tries grow to an hour
                time.sleep(0.5)
                return not Mail.objects.filter(sent_at=None).exists()

            wait_for(are_sent, what="all mails", seconds=60)
    assert postbox.received == dict.fromkeys(Mail.objects.values_list("message_id", flat=True), 1)
