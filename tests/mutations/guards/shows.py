"""What keeps the schedule, the seating plans and the door right."""

from __future__ import annotations

from tests.mutations.mutation import Edit, Mutation

SCHEDULE = [
    Mutation(
        guard="no show meets another one on its screen",
        file="catalog/services.py",
        old="    if in_the_way is not None:\n        raise ScreenBusy(in_the_way)\n",
        new="",
        test="catalog/tests/test_showtime_schedule.py::test_a_show_that_meets_another_one_is_refused_and_names_it",
    ),
    Mutation(
        guard="the lock on the screen that a showing is scheduled in",
        file="catalog/locks.py",
        old='filter(pk=screen_id, theatre_id=theatre_id).order_by("pk").select_for_update()',
        new='filter(pk=screen_id, theatre_id=theatre_id).order_by("pk")',
        also=(
            Edit(
                "catalog/locks.py",
                'filter(theatre_id=theatre_id, movie_id=movie_id).order_by("pk").select_for_update()',
                'filter(theatre_id=theatre_id, movie_id=movie_id).order_by("pk")',
            ),
        ),
        backed_by="the lock on the film's place on the list, where both are of one film",
        test="tests/races/test_schedule.py::test_one_of_two_overlapping_shows_is_refused",
        needs_mariadb=True,
    ),
    Mutation(
        guard="the lock on all screens when a showing moves",
        file="catalog/locks.py",
        old='Screen.objects.filter(theatre_id=theatre_id).order_by("pk").select_for_update()\n',
        new='Screen.objects.filter(theatre_id=theatre_id).order_by("pk")\n',
        test="tests/races/test_showtime_changes.py::test_a_slot_goes_to_a_new_showing_or_to_one_that_moves",
        needs_mariadb=True,
    ),
    Mutation(
        guard="the lock on a film's place on the list",
        file="catalog/locks.py",
        old='filter(theatre_id=theatre_id, movie_id=movie_id).order_by("pk").select_for_update()',
        new='filter(theatre_id=theatre_id, movie_id=movie_id).order_by("pk")',
        test="tests/races/test_showtime_changes.py::test_a_film_is_either_scheduled_or_taken_off_the_list",
        needs_mariadb=True,
    ),
    Mutation(
        guard="a showing is not moved under a booking",
        file="bookings/showtimes.py",
        old="Booking.objects.live(now).filter(showtime=showtime).exists():\n        raise ShowtimeHasBookings\n",
        new="Booking.objects.live(now).filter(showtime=showtime).exists():\n        pass\n",
        test="bookings/tests/test_showtime_change.py::test_nothing_is_moved_or_withdrawn_under_a_live_booking",
    ),
    Mutation(
        guard="a showing that was booked is not deleted",
        file="bookings/showtimes.py",
        old="    if showtime.bookings.exists():\n        raise ShowtimeHasBookings(",
        new="    if False:\n        raise ShowtimeHasBookings(",
        test="bookings/tests/test_showtime_change.py::test_one_that_was_ever_booked_is_not",
        backed_by="its foreign keys are PROTECT, which answers with an error instead of a refusal",
    ),
    Mutation(
        guard="what was called off stays so",
        file="bookings/showtimes.py",
        old="    if showtime.status == ShowtimeStatus.CALLED_OFF:\n        raise InvalidShowtime(",
        new="    if False:\n        raise InvalidShowtime(",
        test="bookings/tests/test_showtime_change.py::test_what_was_called_off_stays_so",
    ),
    Mutation(
        guard="a showing is called off once",
        file="bookings/calling_off.py",
        old="    on_sale = Showtime.objects.filter(pk=showtime.pk, status=ShowtimeStatus.ON_SALE)\n",
        new="    on_sale = Showtime.objects.filter(pk=showtime.pk)\n",
        test="payments/tests/test_calling_off.py::test_calling_off_twice_is_calling_off_once",
    ),
    Mutation(
        guard="another theatre's showing is not there",
        file="catalog/locks.py",
        old="    if showtime.screen_id not in screens:\n        raise NotFound\n    showtime.screen = screens[",
        new="    showtime.screen = showtime.screen or screens[",
        test="bookings/tests/test_showtime_change.py::test_another_theatres_showing_is_not_found",
    ),
    Mutation(
        guard="a film with coming shows stays on the list",
        file="catalog/services.py",
        old="    if coming.exclude(status=ShowtimeStatus.CALLED_OFF).exists():\n        raise MovieHasShowtimes\n",
        new="",
        test="catalog/tests/test_showtime_schedule.py::test_a_film_with_coming_shows_stays_on_the_list",
    ),
    Mutation(
        guard="a price that Paystack would not charge",
        file="catalog/services.py",
        old="            price_check(Money(amount_minor, sellable.currency))\n",
        new="",
        test="catalog/tests/test_showtime_schedule.py::test_what_cannot_be_is_refused_by_field",
    ),
]

PLANS = [
    Mutation(
        guard="a plan that was drawn from another one is refused",
        file="bookings/plans.py",
        old="    if stored.version != version:\n        raise PlanChanged\n",
        new="",
        test="bookings/tests/test_plan_change.py::test_the_second_of_two_managers_is_told_and_changes_nothing",
    ),
    Mutation(
        guard="the lock on the screen whose plan changes",
        file="catalog/locks.py",
        old='filter(pk=screen_id, theatre_id=theatre_id).order_by("pk").select_for_update()',
        new='filter(pk=screen_id, theatre_id=theatre_id).order_by("pk")',
        test="tests/races/test_plan_changes.py::test_one_of_two_plans_saved_at_once_is_kept_and_the_other_manager_is_told",
        needs_mariadb=True,
    ),
    Mutation(
        guard="the lock on the showings whose plan changes",
        file="catalog/locks.py",
        old='filter(screen_id=screen_id, ends_at__gt=now).order_by("pk").select_for_update())',
        new='filter(screen_id=screen_id, ends_at__gt=now).order_by("pk"))',
        test="tests/races/test_plan_changes.py::test_a_showing_that_goes_on_sale_meanwhile_has_the_new_plan",
        needs_mariadb=True,
    ),
    Mutation(
        guard="a seat bought at the moment in which it leaves the plan",
        file="bookings/plans.py",
        old="ShowtimeSeat.objects.filter(~_somebody_has_it(now), showtime_id=",
        new="ShowtimeSeat.objects.filter(showtime_id=",
        also=(
            Edit(
                "catalog/locks.py",
                'filter(screen_id=screen_id, ends_at__gt=now).order_by("pk").select_for_update())',
                'filter(screen_id=screen_id, ends_at__gt=now).order_by("pk"))',
            ),
        ),
        backed_by="the lock on the showings whose plan changes",
        test="tests/races/test_plan_changes.py::test_a_seat_that_is_bought_as_it_leaves_the_plan_is_the_buyers",
        needs_mariadb=True,
    ),
]

DOOR = [
    Mutation(
        guard="the signature of a ticket's code",
        file="bookings/tickets.py",
        old="    if not hmac.compare_digest(signature, _signature(serial)):\n        raise UnknownTicket\n",
        new="",
        test="bookings/tests/test_tickets.py::test_an_altered_code_is_not_a_ticket",
    ),
    Mutation(
        guard="a ticket lets in once, also at two doors at once",
        file="bookings/checkin.py",
        old="    unused = Ticket.objects.filter(pk=ticket.pk, admitted_at=None, cancelled_at=None)\n",
        new="    unused = Ticket.objects.filter(pk=ticket.pk, cancelled_at=None)\n",
        test="tests/races/test_door.py::test_a_door_that_was_slower_than_another_admits_nobody",
        needs_mariadb=True,
    ),
    Mutation(
        guard="a ticket given back at this moment lets nobody in",
        file="bookings/checkin.py",
        old="    unused = Ticket.objects.filter(pk=ticket.pk, admitted_at=None, cancelled_at=None)\n",
        new="    unused = Ticket.objects.filter(pk=ticket.pk, admitted_at=None)\n",
        backed_by="a CHECK of the database, which answers with an error instead of a refusal",
        test="tests/races/test_door.py::test_a_door_that_was_slower_than_the_buyer_admits_nobody",
        needs_mariadb=True,
    ),
    Mutation(
        guard="a ticket that was used or given back",
        file="bookings/checkin.py",
        old="    if ticket.cancelled_at or ticket.admitted_at:\n        raise _used(ticket)\n",
        new="",
        also=(Edit("bookings/checkin.py", ".filter(pk=ticket.pk, admitted_at=None, cancelled_at=None)", ".all()"),),
        backed_by="the condition of the UPDATE",
        test="bookings/tests/test_check_in.py::test_shown_again_it_lets_nobody_in_and_says_who_came_when",
    ),
    Mutation(
        guard="the row count of letting somebody in",
        file="bookings/checkin.py",
        old="    if not _ticket_take(ticket, admitted_by_id=admitted_by_id, now=now):\n",
        new="    if _ticket_take(ticket, admitted_by_id=admitted_by_id, now=now) is None:\n",
        test="tests/races/test_door.py::test_a_door_that_was_slower_than_another_admits_nobody",
        needs_mariadb=True,
    ),
    Mutation(
        guard="a ticket of another theatre",
        file="bookings/checkin.py",
        old="    if showtime.screen.theatre_id != theatre_id:\n        raise OtherTheatre\n",
        new="",
        test="bookings/tests/test_check_in.py::test_of_another_theatres_ticket_nothing_else_is_told",
    ),
    Mutation(
        guard="a ticket of a show called off",
        file="bookings/checkin.py",
        old="    if showtime.status == ShowtimeStatus.CALLED_OFF:\n        raise TicketCancelled\n",
        new="",
        test="bookings/tests/test_check_in.py::test_a_show_called_off_lets_nobody_in",
    ),
    Mutation(
        guard="a ticket for another show",
        file="bookings/checkin.py",
        old="    _showtime_check(showtime, showtime_id, now=now)\n",
        new="",
        test="bookings/tests/test_check_in.py::test_a_ticket_for_another_show_says_for_which",
    ),
    Mutation(
        guard="the hours in which the doors are open",
        file="bookings/checkin.py",
        old="(showtime_id is None and doors_are_open(showtime, now))",
        new="showtime_id is None",
        test="bookings/tests/test_check_in.py::test_without_a_chosen_show_the_doors_open_two_hours_before_and_close_at_the_end",
    ),
    Mutation(
        guard="door and buyer lock the booking before the ticket",
        file="bookings/checkin.py",
        old='    event_add(line.booking, "admitted", at=now, actor_id=admitted_by_id, detail={"seat": line.label})\n'
        "    if not _ticket_take(ticket, admitted_by_id=admitted_by_id, now=now):\n",
        new="    taken = _ticket_take(ticket, admitted_by_id=admitted_by_id, now=now)\n"
        '    event_add(line.booking, "admitted", at=now, actor_id=admitted_by_id, detail={"seat": line.label})\n'
        "    if not taken:\n",
        test="tests/races/test_door.py::test_door_and_buyer_wait_for_each_other_in_one_order",
        needs_mariadb=True,
    ),
    Mutation(
        guard="the desk sells its own theatre's shows",
        file="bookings/drafts.py",
        old="    if showtime.screen.theatre_id != theatre_id:\n        raise NotFound\n",
        new="",
        test="payments/tests/test_desk.py::test_another_theatres_showtime_is_not_there",
    ),
    Mutation(
        guard="the desk stops at the show's end",
        file="bookings/drafts.py",
        old="    if not desk_sales_open(showtime, now):\n",
        new="    if False:\n",
        test="payments/tests/test_desk.py::test_the_desk_stops_at_the_shows_end",
    ),
    Mutation(
        guard="a page of the desk sells once",
        file="payments/desk_views.py",
        old="    claim = answer_or_claim(asked)\n    if isinstance(claim, Answer):\n        return",
        new='    claim = ""\n    if isinstance(claim, Answer):\n        return',
        also=(
            Edit(
                "payments/desk_views.py",
                "            also=lambda booking: answer_keep(asked, claim=claim, status=201,"
                " body=json.dumps(booking.reference)),\n",
                "",
            ),
        ),
        backed_by="the seats, which are sold by then: the second page would read that they are gone",
        test="payments/tests/test_desk_page.py::test_the_same_page_sent_twice_sells_once",
    ),
]

SHOWS = [*SCHEDULE, *PLANS, *DOOR]
