"""What keeps a theatre's rows its own: in the office, at the desk, at the door, under the API."""

from __future__ import annotations

from tests.mutations.mutation import Edit, Mutation

WALK = "tests/security/test_admin_tenancy.py::test_the_rival_finds_nothing_of_another_theatre"


def visible_to(queryset: str, app: str, *, row: str = "") -> Mutation:
    """Return the mutation in which a queryset shows the rows of every theatre. `row`: the model as which the walk
    through the office finds them."""
    head = f"class {queryset}(OfTheatreQuerySet):\n"
    return Mutation(
        guard=f"visible_to of {queryset}",
        file=f"{app}/querysets.py",
        old=head,
        new=f"{head}    def visible_to(self, user):\n        return self.all()\n\n",
        test=f"{WALK}[{row or queryset.removesuffix('QuerySet')}]",
    )


ROWS = [
    Mutation(
        guard="a role in this theatre",
        file="theatres/querysets.py",
        old="        return self.filter(**from_theatre)\n",
        new="        return self.all()\n",
        test=f"{WALK}[Theatre]",
    ),
    Mutation(
        guard="the role that is asked for",
        file="theatres/querysets.py",
        old='"memberships__role__in": {"manager", *roles}}',
        new='"memberships__role__in": {"manager", "box_office", "door"}}',
        test="theatres/tests/test_staff_api.py::test_a_manager_may_do_what_others_do_and_they_nothing_but_their_own",
    ),
    Mutation(
        guard="an account that is open",
        file="theatres/querysets.py",
        old="        if not user.is_authenticated or not user.is_active:\n            return self.none()\n",
        new="",
        test="theatres/tests/test_closed_accounts.py::test_whose_account_is_closed_has_no_rows_left",
    ),
    visible_to("TheatreQuerySet", "theatres"),
    visible_to("ScreenQuerySet", "theatres"),
    visible_to("SeatQuerySet", "theatres"),
    visible_to("BookingQuerySet", "bookings"),
    visible_to("ListingQuerySet", "catalog"),
    visible_to("ShowtimeQuerySet", "catalog"),
    visible_to("PriceCardQuerySet", "catalog"),
    visible_to("PaymentQuerySet", "payments"),
    visible_to("RefundQuerySet", "payments"),
    Mutation(
        guard="visible_to of MovieQuerySet",
        file="catalog/querysets.py",
        old="        return self.filter(listings__theatre__in=Theatre.objects.visible_to(user)).distinct()\n",
        new="        return self.all()\n",
        test=f"{WALK}[Movie]",
    ),
]

OFFICE = [
    Mutation(
        guard="the office is for managers",
        file="movy/admin_site.py",
        old="Membership.objects.filter(user=user.pk, role=Role.MANAGER).exists()",
        new="Membership.objects.filter(user=user.pk).exists()",
        test="tests/security/test_admin_tenancy.py::test_nobody_but_managers_and_the_owner_gets_in",
    ),
    Mutation(
        guard="an office class without tenancy stops the start",
        file="movy/admin_site.py",
        old="            raise ImproperlyConfigured(f",
        new="            str(f",
        test="tests/security/test_admin_tenancy.py::test_a_class_without_tenancy_stops_the_start",
    ),
    Mutation(
        guard="the rows of an office class",
        file="movy/lib/admin.py",
        old="        return rows_visible(super().get_queryset(request), request.user)\n",
        new="        return super().get_queryset(request)\n",
        test=f"{WALK}[Booking]",
    ),
    Mutation(
        guard="the choices of an office form",
        file="movy/lib/admin.py",
        old="        return choices_visible(db_field.remote_field.model, request, self.admin_site)\n",
        new="        return db_field.remote_field.model._default_manager.all()\n",
        test=f"{WALK}[Showtime]",
    ),
    Mutation(
        guard="the choices of an office filter",
        file="movy/lib/admin.py",
        old="        rows = choices_visible(field.remote_field.model, request, model_admin.admin_site)\n",
        new="        rows = field.remote_field.model._default_manager.all()\n",
        test=f"{WALK}[Showtime]",
    ),
    Mutation(
        guard="a filter in an address asks no further than its list",
        file="movy/lib/admin.py",
        old="        return False\n\n    # ---- History\n",
        new="        return True\n\n    # ---- History\n",
        test=f"{WALK}[Movie]",
    ),
    Mutation(
        guard="the owner's classes are not there for managers",
        file="movy/lib/admin.py",
        old="        return self.admin_site.has_permission(request) and bool(request.user.is_superuser)\n",
        new="        return self.admin_site.has_permission(request)\n",
        test="tests/security/test_admin_tenancy.py::test_the_index_names_the_own_theatre_and_not_the_owners_classes",
    ),
    Mutation(
        guard="rows that belong to no theatre are the owner's",
        file="movy/lib/admin.py",
        old="    return queryset if user.is_active and user.is_superuser else queryset.none()\n",
        new="    return queryset\n",
        also=(
            Edit(
                "movy/lib/admin.py",
                "        return self.admin_site.has_permission(request) and bool(request.user.is_superuser)\n",
                "        return self.admin_site.has_permission(request)\n",
            ),
        ),
        backed_by="the owner's classes, which are not there for managers",
        test=f"{WALK}[User]",
    ),
    Mutation(
        guard="a row's own page on the site is found as its admin shows it",
        file="movy/admin_site.py",
        old="        row = model_admin.get_object(request, object_id) if model_admin else None\n",
        new="        row = model_admin.model.objects.filter(pk=object_id).first() if model_admin else None\n",
        test=f"{WALK}[Booking]",
    ),
    Mutation(
        guard="the theatre of a report",
        file="payments/report_views.py",
        old='    own = list(Theatre.objects.visible_to(request.user).order_by("name", "pk"))\n',
        new='    own = list(Theatre.objects.order_by("name", "pk"))\n',
        test="tests/security/test_reports.py::test_a_foreign_theatre_is_not_found_just_as_one_that_never_was",
    ),
    Mutation(
        guard="the rows of a report",
        file="payments/reports/scope.py",
        old='        return {f"{prefix}screen__theatre": self.theatre} | film\n',
        new="        return film\n",
        test="payments/tests/test_reports.py::test_no_report_holds_anything_of_another_theatre",
    ),
    Mutation(
        guard="the rows of the reconciliation desk",
        file="payments/queues.py",
        old="        seen = rows.visible_to(self.viewer) if self.viewer else rows\n",
        new="        seen = rows\n",
        test="payments/tests/test_queues_whose.py::test_a_manager_of_two_theatres_sees_nothing_of_a_third",
    ),
    Mutation(
        guard="the theatre of a week's plan",
        file="bookings/admin/schedule.py",
        old="get_object_or_404(Theatre.objects.visible_to(request.user), pk=theatre_id)",
        new="get_object_or_404(Theatre, pk=theatre_id)",
        test="tests/security/test_schedule_pages.py::test_the_rival_finds_no_page_and_no_button_of_another_theatre",
    ),
    Mutation(
        guard="whose plan a new screen copies",
        file="theatres/screen_admin.py",
        old="Screen.objects.visible_to(request.user).select_related",
        new="Screen.objects.select_related",
        test="tests/security/test_plan_pages.py::test_a_rivals_screen_cannot_be_copied",
    ),
    Mutation(
        guard="a theatre that demands a second step shuts its office until it is there",
        file="movy/second_step.py",
        old="                and not has_second_factor(user)\n            ):\n                messages",
        new="                and False\n            ):\n                messages",
        test="movy/tests/test_second_step.py::test_a_theatre_that_demands_it_shuts_its_office_until_it_is_there",
    ),
]

STAFF = [
    Mutation(
        guard="the role that a page of desk or door is for",
        file="theatres/pages.py",
        old="                theatre = theatre_of_staff(theatre_id, user=request.user, role=role)\n",
        new="                theatre = theatre_of_staff(theatre_id, user=request.user, role=Role.DOOR)\n",
        test="payments/tests/test_desk_page.py::test_box_office_manager_and_owner_have_the_desk_and_nobody_else",
    ),
    Mutation(
        guard="the role that an endpoint is for",
        file="theatres/api/staff.py",
        old="user=request.user, role=self.role)",
        new="user=request.user, role=Role.DOOR)",
        test="payments/tests/test_desk.py::test_box_office_manager_and_owner_sell_and_nobody_else",
    ),
    Mutation(
        guard="the tickets that the desk prints are its theatre's",
        file="payments/desk_views.py",
        old="    if booking is None or booking.showtime.screen.theatre_id != theatre.pk:\n",
        new="    if booking is None:\n",
        test="payments/tests/test_desk_page.py::test_what_is_not_found_is_said",
    ),
    Mutation(
        guard="the list at the door is of its theatre's showing",
        file="bookings/attendance.py",
        old="screen__theatre=theatre",
        new="screen__isnull=False",
        test="bookings/tests/test_door_page.py::test_another_theatres_list_is_not_there",
    ),
    Mutation(
        guard="an invitation is its addressee's",
        file="theatres/people.py",
        old="    if invitation.email != user.email:\n        raise InvitationOfAnother\n",
        new="",
        test="theatres/tests/test_people.py::test_somebody_else_cannot_accept",
    ),
    Mutation(
        guard="an invitation ends",
        file="theatres/people.py",
        old="    is_first = Invitation.objects.open(now).filter(pk",
        new="    is_first = Invitation.objects.filter(pk",
        test="theatres/tests/test_invitation_links.py::test_a_link_whose_time_is_over_makes_nobody_a_member",
    ),
    Mutation(
        guard="the signature of an invitation's link",
        file="theatres/people.py",
        old="        raise InvitationGone from error\n",
        new="        pass\n",
        backed_by="the digest of 256 random bits, under which it would have to be found",
        test="theatres/tests/test_invitation_links.py::test_a_made_up_link_is_refused_before_the_database_is_asked",
    ),
    Mutation(
        guard="nobody takes away their own role",
        file="theatres/people.py",
        old="        raise OwnRole\n",
        new="        pass\n",
        test="theatres/tests/test_people.py::test_nobody_takes_away_their_own_role",
    ),
    Mutation(
        guard="the last manager stays",
        file="theatres/people.py",
        old="        raise NoManagerLeft\n",
        new="        pass\n",
        test="theatres/tests/test_people.py::test_the_last_manager_stays_even_when_the_owner_asks",
    ),
]

TENANCY = [*ROWS, *OFFICE, *STAFF]
