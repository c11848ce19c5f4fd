"""What keeps money from going back twice, too much, or not at all."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

REFUNDS = [
    Mutation(
        guard="no more goes back than came in",
        file="payments/services/refunds.py",
        old="Payment.objects.filter(pk=payment.pk, charged_minor__gte=after)",
        new="Payment.objects.filter(pk=payment.pk)",
        backed_by="a CHECK of the database, which answers with an error instead of a refusal",
        test="payments/tests/test_refunds.py::test_no_more_goes_back_than_came_in",
    ),
    Mutation(
        guard="the office is refused more than is left",
        file="payments/services/office.py",
        old="    if amount_minor > left_minor:\n",
        new="    if False:\n",
        test="payments/tests/test_refund_states.py::test_the_office_is_refused_more_than_is_left_whatever_its_page_showed",
    ),
    Mutation(
        guard="Paystack's list is looked through before a refund is asked for",
        file="payments/flows/refunds.py",
        old="if known else _refund_found(refund, transaction_id)\n",
        new="if known else None\n",
        test="payments/tests/test_refunds.py::test_an_unanswered_request_is_found_again_and_not_repeated",
    ),
    Mutation(
        guard="a worker asks for a refund only while its claim is its own",
        file="payments/flows/refunds.py",
        old="            if not refund_claim(refund, now=database_now()):\n                return refund\n",
        new="",
        test="tests/faults/test_refund_faults.py"
        "::test_a_worker_whose_look_at_the_list_outlasts_its_claim_asks_for_nothing[4]",
    ),
    Mutation(
        guard="a message takes no refund out of the hands of who asks for it",
        file="payments/webhooks.py",
        old='        refunds.exclude(provider_id="").update(',
        new="        refunds.update(",
        test="tests/faults/test_refund_faults.py"
        "::test_a_message_about_one_part_has_nobody_ask_for_the_other_a_second_time[4]",
    ),
    Mutation(
        guard="a refund carries our reference",
        file="payments/flows/refunds.py",
        old="                merchant_note=refund.reference,\n",
        new='                merchant_note="",\n',
        test="payments/tests/test_refunds.py::test_an_unanswered_request_is_found_again_and_not_repeated",
    ),
    Mutation(
        guard="a refund in Paystack's list is ours by our reference",
        file="payments/flows/refunds.py",
        old="(row for row in listed if row.merchant_note == refund.reference)",
        new="iter(listed)",
        test="payments/tests/test_refunds.py::test_two_equal_parts_are_two_refunds",
    ),
    Mutation(
        guard="a refund names its amount",
        file="payments/gateway/paystack.py",
        old='        "transaction": transaction_id,\n        "amount": money.amount_minor,\n',
        new='        "transaction": transaction_id,\n',
        test="payments/tests/test_refund_states.py::test_of_two_seats_one_goes_back_and_its_price_alone",
    ),
    Mutation(
        guard="a refund is asked for by one worker",
        file="payments/flows/refunds.py",
        old="        if not refund_claim(refund, now=database_now()):\n            return False\n",
        new="        refund_claim(refund, now=database_now())\n",
        test="payments/tests/test_two_workers.py::test_a_refund_is_asked_for_by_one_of_two_workers",
    ),
    Mutation(
        guard="a refund that failed gets a new reference",
        file="payments/services/refunds.py",
        old="    if refund.provider_id:\n        refund.reference, refund.provider_id =",
        new="    if refund.provider_id:\n        _unused, refund.provider_id =",
        test="payments/tests/test_office.py::test_a_refund_that_failed_is_asked_for_again_and_paid",
    ),
    Mutation(
        guard="a refund that nobody told us of keeps its reference",
        file="payments/services/refunds.py",
        old="    if refund.provider_id:\n        refund.reference, refund.provider_id =",
        new="    if True:\n        refund.reference, refund.provider_id =",
        test="payments/tests/test_refund_states.py::test_a_refund_whose_answer_was_lost_is_not_made_twice_by_asking_again",
    ),
    Mutation(
        guard="a refund that runs is not asked for again",
        file="payments/services/refunds.py",
        old="    if refund.status != RefundStatus.FAILED:\n        raise RefundRuns\n",
        new="",
        test="payments/tests/test_office.py::test_a_refund_that_runs_is_not_asked_for_again",
    ),
    Mutation(
        guard="what Paystack took is not handed out at the desk",
        file="payments/services/refunds.py",
        old="    if not refund.payment.is_by_hand:\n        raise NotPaidHere\n",
        new="",
        test="payments/tests/test_office.py::test_what_paystack_took_is_not_paid_out_at_the_desk",
    ),
    Mutation(
        guard="a refund that was sent is at its end",
        file="payments/services/refunds.py",
        old="status == refund.status or refund.status == RefundStatus.PROCESSED:",
        new="status == refund.status:",
        test="payments/tests/test_refund_states.py::test_what_was_sent_back_stays_so_whatever_is_said_later",
    ),
    Mutation(
        guard="the refund rule of the day of purchase",
        file="bookings/services.py",
        old="        if not percent:\n            raise CancellationClosed\n",
        new="",
        test="bookings/tests/test_booking_cancel.py::test_afterwards_it_is_closed",
    ),
    Mutation(
        guard="cancelling gives back no more than the office has left",
        file="bookings/services.py",
        old="            back_minor = min(back_minor, left_minor)\n",
        new="            pass\n",
        backed_by="the ceiling of refunds, which answers with an error instead of a refund of what is left",
        test="payments/tests/test_refunds.py::test_what_the_office_gave_back_before_does_not_go_back_again",
    ),
    Mutation(
        guard="a booking is cancelled once",
        file="bookings/services.py",
        old="    if booking.status_at(now) in (BookingStatus.CANCELLED, BookingStatus.EXPIRED):\n",
        new="    if False:\n",
        test="bookings/tests/test_booking_cancel.py::test_it_is_cancelled_once",
    ),
    Mutation(
        guard="a seat is given back once",
        file="bookings/services.py",
        old='    kept = list(booking.seats.kept().order_by("seat_id"))\n',
        new='    kept = list(booking.seats.order_by("seat_id"))\n',
        test="bookings/tests/test_booking_cancel.py::test_some_of_the_seats_can_be_given_back",
    ),
    Mutation(
        guard="a ticket that let somebody in is not given back",
        file="bookings/services.py",
        old="    if void != len(lines):\n        raise AlreadyAdmitted\n",
        new="",
        test="bookings/tests/test_booking_cancel.py::test_nobody_cancels_a_ticket_that_let_somebody_in",
    ),
    Mutation(
        guard="a calling off gives back no more than is left",
        file="payments/services/office.py",
        old="    back_minor = min(kept_minor, payment.left_minor)\n",
        new="    back_minor = kept_minor\n",
        test="payments/tests/test_calling_off.py::test_what_the_office_gave_back_before_counts",
    ),
    Mutation(
        guard="a calling off ends a booking once",
        file="bookings/calling_off.py",
        old="    if booking.status not in (BookingStatus.HELD, BookingStatus.CONFIRMED):\n        return None\n",
        new="",
        test="payments/tests/test_two_workers.py::test_a_booking_of_a_show_called_off_is_ended_by_one_of_two_workers",
    ),
]
