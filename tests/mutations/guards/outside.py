"""What holds when databases, mail servers and everybody outside fail, or mean harm."""

from __future__ import annotations

from tests.mutations.mutation import Edit, Mutation

LOST_COMMITS = [
    Mutation(
        guard="the look-up of a hold whose commit got no answer",
        file="bookings/flows.py",
        old="        hold,\n        find=lambda: Booking.objects.filter(reference=draft.reference).first(),\n",
        new="        hold,\n        find=lambda: None,\n",
        test="tests/faults/test_lost_holds.py::test_a_hold_by_its_own_door_is_made_once",
        needs_mariadb=True,
    ),
    Mutation(
        guard="the look-up of an attempt to pay whose commit got no answer",
        file="payments/flows/paying.py",
        old="        find=lambda: Payment.objects.filter(reference=reference).first(),\n",
        new="        find=lambda: None,\n",
        also=(
            Edit(
                "payments/services/attempts.py",
                "(attempt.is_opening and attempt.created_at > asked_since)",
                "False",
            ),
        ),
        backed_by="the attempt itself, which a second run finds and takes for the one that is being opened",
        test="tests/faults/test_lost_commits.py::test_a_payment_is_begun_once",
        needs_mariadb=True,
    ),
    Mutation(
        guard="the look-up of a cancellation whose commit got no answer",
        file="payments/flows/cancelling.py",
        old="    _booking, refund = run_in_transaction(give_back, find=lambda: _cancelled_at(reference, now))\n",
        new="    _booking, refund = run_in_transaction(give_back, find=lambda: None)\n",
        test="tests/faults/test_lost_commits.py::test_a_cancellation_is_made_once_and_asks_for_one_refund",
        needs_mariadb=True,
    ),
    Mutation(
        guard="the look-up of a check-in whose commit got no answer",
        file="bookings/flows.py",
        old="        find=admitted_just_now,\n",
        new="        find=lambda: None,\n",
        test="tests/faults/test_lost_commits.py::test_somebody_is_let_in_once_and_not_turned_away",
        needs_mariadb=True,
    ),
    Mutation(
        guard="the look-up of a sale at the desk whose commit got no answer",
        file="payments/flows/desk.py",
        old="        find=lambda: Booking.objects.filter(reference=draft.reference).first(),\n",
        new="        find=lambda: None,\n",
        test="tests/faults/test_lost_commits.py::test_the_desk_sells_once",
        needs_mariadb=True,
    ),
    Mutation(
        guard="a lost commit is looked up before its transaction runs again",
        file="movy/lib/db.py",
        old="                found = find()\n",
        new="                found = None\n",
        also=(
            Edit(
                "movy/lib/db.py", "            found = find() if reconnected else None\n", "            found = None\n"
            ),
        ),
        backed_by="the same look-up once the second run has met the first one's traces",
        test="tests/faults/test_lost_commits.py::test_a_hold_is_made_once",
        needs_mariadb=True,
    ),
    Mutation(
        guard="a commit that came through late is looked up once more",
        file="movy/lib/db.py",
        old="            found = find() if reconnected else None\n",
        new="            found = None\n",
        test="tests/faults/test_lost_commits.py::test_a_hold_is_made_once",
        needs_mariadb=True,
    ),
    Mutation(
        guard="a deadlock is tried again as a whole",
        file="movy/lib/db.py",
        old="            elif code in AGAIN:\n",
        new="            elif False:\n",
        test="tests/faults/test_conflicts.py::test_a_transaction_that_the_database_rolled_back_runs_again",
        needs_mariadb=True,
    ),
    Mutation(
        guard="a session that cannot be saved is an outage",
        file="movy/lib/sessions.py",
        old="            if cause is not None and is_database_away(cause):\n",
        new="            if False:\n",
        test="tests/faults/test_database_away.py::test_a_session_that_cannot_be_saved_is_503_too",
        needs_mariadb=True,
    ),
    Mutation(
        guard="read committed",
        file="movy/settings.py",
        old='        "isolation_level": "read committed",\n',
        new='        "isolation_level": "repeatable read",\n',
        test="tests/races/test_plans.py::test_connections_are_read_committed_strict_and_in_utc",
        needs_mariadb=True,
    ),
    Mutation(
        guard="a row that fails does not keep the others waiting",
        file="movy/lib/batch.py",
        old="            if is_database_away(error):\n                raise\n",
        new="            raise\n",
        test="movy/lib/tests/test_batch.py::test_the_rows_after_a_failure_are_done",
    ),
    Mutation(
        guard="a database that is away ends a worker's round",
        file="movy/lib/batch.py",
        old="            if is_database_away(error):\n                raise\n",
        new="",
        test="movy/lib/tests/test_batch.py::test_a_database_that_is_away_ends_the_round",
    ),
    Mutation(
        guard="a mail is claimed by one worker",
        file="movy/outbox/services.py",
        old="            if not mail_claim(mail, now=now):\n                continue\n",
        new="            mail_claim(mail, now=now)\n",
        test="movy/outbox/tests/test_outbox.py::test_two_workers_do_not_send_the_same_mail",
    ),
]

CALLS = [
    Mutation(
        guard="the deadline of a call outside",
        file="movy/lib/http.py",
        old="    timer.start()\n",
        new="",
        test="movy/lib/tests/test_http.py::test_a_slow_drip_ends_at_the_deadline",
    ),
    Mutation(
        guard="a body that the deadline cut is not taken for a whole one",
        file="movy/lib/http.py",
        old='            if watch.is_cut:  # a body that ends with its connection ends "well" when we cut it\n',
        new="            if False:\n",
        test="movy/lib/tests/test_http.py::test_a_body_cut_by_the_deadline_is_not_taken_for_a_whole_one",
    ),
    Mutation(
        guard="so many calls outside at once",
        file="movy/lib/http.py",
        old="        if _calls_running >= settings.OUTSIDE_CALLS_MAX:\n",
        new="        if False:\n",
        test="movy/lib/tests/test_http.py::test_the_next_call_is_refused_at_once_when_all_places_are_taken",
    ),
    Mutation(
        guard="a host that keeps failing is left alone",
        file="movy/lib/http.py",
        old="            if now < self._rests_until:\n",
        new="            if False:\n",
        test="movy/lib/tests/test_http.py::test_a_failing_host_is_left_alone_and_another_is_not",
    ),
    Mutation(
        guard="after a rest one caller tries",
        file="movy/lib/http.py",
        old="round(self._rests_until - now)))\n            self._rests_until = now + self.REST_SECONDS\n",
        new="round(self._rests_until - now)))\n",
        test="movy/lib/tests/test_http.py::test_after_a_rest_one_caller_tries_while_the_others_still_wait",
    ),
    Mutation(
        guard="a redirect from outside is not followed",
        file="movy/lib/http.py",
        old="                    allow_redirects=False,\n",
        new="",
        test="movy/lib/tests/test_http.py::test_a_redirect_is_not_followed",
    ),
    Mutation(
        guard="the size of an answer from outside",
        file="movy/lib/http.py",
        old="            if len(body) > self._max_bytes:\n",
        new="            if False:\n",
        test="movy/lib/tests/test_http.py::test_a_body_larger_than_allowed_is_unavailable",
    ),
    Mutation(
        guard="an error names no address, for it has a token in it",
        file="movy/lib/http.py",
        old="                raise OutsideUnavailable(reason) from None\n",
        new="                raise OutsideUnavailable(str(error)) from error\n",
        test="movy/lib/tests/test_http_secrets.py::test_an_error_tells_nothing_of_the_address_also_where_nobody_listens",
    ),
    Mutation(
        guard="our key being refused closes no attempt",
        file="payments/gateway/paystack.py",
        old="    if answer.status == 401:",
        new="    if False:",
        test="payments/tests/test_pages.py::test_a_key_that_paystack_refuses_closes_nothing",
    ),
    Mutation(
        guard="Google's keys are asked for within a bounded time",
        file="accounts/adapters.py",
        old="        session.get = google_get  # type: ignore[assignment,method-assign]\n",
        new="",
        test="accounts/tests/test_api_google.py::test_google_that_is_slow_is_waited_for_no_longer_than_we_said",
    ),
]

INPUT = [
    Mutation(
        guard="pictures come from TMDb's own host",
        file="catalog/tmdb/client.py",
        old='f"{base.scheme}://{base.netloc}" != self._picture_origin or not',
        new="not",
        test="catalog/tests/test_tmdb.py::test_the_real_tmdb_may_name_its_own_picture_host_only",
    ),
    Mutation(
        guard="a picture's path is one file name",
        file="catalog/tmdb/client.py",
        old="        if not PICTURE_PATH.fullmatch(path) or size not in",
        new="        if size not in",
        test="catalog/tests/test_tmdb.py::test_a_path_that_is_no_picture_name_is_not_found",
    ),
    Mutation(
        guard="a picture's pixels are counted before they are decoded",
        file="catalog/pictures.py",
        old="                if picture.width * picture.height > PIXELS_MAX:\n",
        new="                if False:\n",
        test="catalog/tests/test_movie_import.py::test_what_is_no_picture_or_a_bomb_is_refused",
    ),
    Mutation(
        guard="a picture is written anew without what it told of its maker",
        file="catalog/pictures.py",
        old="    return written.getvalue()\n",
        new="    return data\n",
        test="catalog/tests/test_film_admin.py::test_an_uploaded_poster_tells_nothing_about_its_maker",
    ),
    Mutation(
        guard="a cell of a file runs no formula",
        file="movy/lib/exports.py",
        old='    return f"\'{text}" if text.startswith(FORMULA_STARTS) else text\n',
        new="    return text\n",
        test="movy/lib/tests/test_exports.py::test_text_that_a_spreadsheet_would_run_is_shown_instead",
    ),
    Mutation(
        guard="the size of a body",
        file="movy/settings.py",
        old="DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024",
        new="DATA_UPLOAD_MAX_MEMORY_SIZE = None",
        test="payments/tests/test_settling.py::test_an_oversized_message_is_refused",
    ),
    Mutation(
        guard="a text of JSON is text",
        file="movy/lib/parsers.py",
        old="            if NO_TEXT.search(value):\n",
        new="            if False:\n",
        test="tests/security/test_bad_input.py::test_a_text_that_is_none_is_a_400_in_every_field_also_in_those_that_nobody_reads",
    ),
    Mutation(
        guard="JSON is not nested without end",
        file="movy/lib/parsers.py",
        old="            if len(path) >= NESTING_MAX:\n",
        new="            if False:\n",
        test="tests/security/test_bad_input.py::test_what_is_no_json_object_is_a_400",
    ),
    Mutation(
        guard="a start with a weak key is refused",
        file="movy/checks.py",
        old="    if len(secret_key) < SECRET_KEY_LENGTH_MIN or len(set(secret_key)) < 10 or",
        new="    if",
        test="movy/tests/test_checks.py::test_an_unsafe_start_is_refused_by_name",
    ),
    Mutation(
        guard="a start with a stand-in where money is real is refused",
        file="movy/checks.py",
        old="        if is_replaced:\n",
        new="        if False:\n",
        test="movy/tests/test_checks.py::test_an_unsafe_start_is_refused_by_name",
    ),
]

OUTSIDE = [*LOST_COMMITS, *CALLS, *INPUT]
