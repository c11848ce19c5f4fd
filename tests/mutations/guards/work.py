"""What keeps the worker's rows from being lost, done twice or kept for ever, and watchers from being misled."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

WORK = [
    Mutation(
        guard="a mail in the hand of a killed worker is due again in a minute",
        file="movy/outbox/services.py",
        old="CLAIM_LASTS = timedelta(minutes=1)\n",
        new="CLAIM_LASTS = timedelta(hours=1)\n",
        test="movy/outbox/tests/test_outbox.py::test_a_worker_that_died_with_a_claimed_mail_is_relieved_a_minute_later",
    ),
    Mutation(
        guard="who lost the claim of a mail has no say in it",
        file="movy/outbox/services.py",
        old="    Mail.objects.filter(pk=mail.pk, next_try_at=now + CLAIM_LASTS).update(\n",
        new="    Mail.objects.filter(pk=mail.pk).update(\n",
        test="movy/outbox/tests/test_outbox.py::test_who_lost_the_claim_has_no_say_in_the_mail",
    ),
    Mutation(
        guard="only a mail that was given up is tried again",
        file="movy/outbox/services.py",
        old="    mails = Mail.objects.given_up()\n",
        new="    mails = Mail.objects.all()\n",
        test="movy/outbox/tests/test_outbox.py::test_a_mail_that_was_given_up_is_tried_again_from_the_start_when_somebody_says_so",
    ),
    Mutation(
        guard="a closed account takes its mails along",
        file="movy/closing.py",
        old="        mails_forget(addresses=addresses, about=buyer_references(user_id))\n",
        new="",
        test="movy/tests/test_closing.py::test_mails_to_them_and_about_their_bookings_go_too_and_those_of_others_stay",
    ),
    Mutation(
        guard="a message that nobody can handle is given up",
        file="payments/webhooks.py",
        old="            is_last = message.attempts >= len(WAIT_MINUTES)\n",
        new="            is_last = False\n",
        test="payments/tests/test_inbox.py::test_a_message_that_we_stumble_over_is_tried_less_often_and_then_given_up_with_its_reason",
    ),
    Mutation(
        guard="a message on which workers die is given up",
        file="payments/webhooks.py",
        old="    if message.attempts >= TRIES:  # whoever tried last did not live to say why\n",
        new="    if False:\n",
        test="payments/tests/test_inbox.py::test_a_message_on_which_every_worker_died_is_given_up_too",
    ),
    Mutation(
        guard="Paystack being away uses up no try of a message",
        file="payments/webhooks.py",
        old="        _claimed(message, claimed_until).update(attempts=message.attempts)\n",
        new="",
        test="payments/tests/test_inbox.py::test_paystack_being_away_uses_up_no_try",
    ),
    Mutation(
        guard="nobody reads the metrics without the token",
        file="movy/views.py",
        old="    if not constant_time_compare(request.headers",
        new="    if False and (request.headers",
        test="movy/tests/test_metrics.py::test_nobody_reads_it_without_the_token",
    ),
    Mutation(
        guard="a buyer is reminded once",
        file="bookings/reminding.py",
        old="    if not ours.update(remind_at=None):\n        return False\n",
        new="",
        test="bookings/tests/test_reminding.py::test_one_mail_however_many_remind_at_once",
    ),
    Mutation(
        guard="nobody is reminded of a show that was called off meanwhile",
        file="bookings/reminding.py",
        old="booking.status == BookingStatus.CONFIRMED and booking.showtime.status == ShowtimeStatus.ON_SALE",
        new="booking.status == BookingStatus.CONFIRMED",
        test="bookings/tests/test_reminding.py::test_a_show_that_was_called_off_meanwhile_is_not_announced",
    ),
]
