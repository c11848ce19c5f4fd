"""The seating-plan editor of a screen: drawn or typed, shown as the buyer will see it, told what it touches, saved.

Two ways to write a plan, one rule to read it: the page posts the text, or the drawing of static/js/plan-editor.js, and
theatres.plan reads either. Nothing is saved that was not looked at before: the first button shows what a plan touches,
the second, which only then is there, saves that very plan.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.maps import Hall, SeatMap
from bookings.plan import plan_html
from bookings.plans import PlanTouch, plan_touch, screen_plan_change
from bookings.seating import Place
from catalog.models import Movie, Showtime
from movy.lib.clock import database_now
from movy.lib.db import run_in_transaction
from theatres.models import Screen, Theatre
from theatres.plan import (
    Plan,
    PlanUnreadable,
    plan_drawing,
    plan_of_drawing,
    plan_of_text,
    plan_text,
)
from theatres.planning import PlanChange, PlanChanged, StoredPlan, plan_change, stored_plan
from theatres.screen_admin import ScreenAdmin


@dataclass(frozen=True)
class Posted:
    """What the page posts. `drawing`, where there is one, is the plan; else `text` is. `version`: of the plan that it
    was drawn from. `seen`: which plan was looked at, and against which one."""

    text: str
    drawing: str
    version: str
    seen: str

    def plan(self, stored: StoredPlan) -> Plan:
        """Return what was posted. Raises PlanUnreadable."""
        if self.drawing:
            return plan_of_drawing(self.drawing, categories=stored.codes)
        return plan_of_text(self.text, categories=stored.codes)


def _posted(request: HttpRequest) -> Posted:
    return Posted(**{field.name: request.POST.get(field.name, "") for field in fields(Posted)})


@admin.register(Screen)
class ScreenOfficeAdmin(ScreenAdmin):
    """Registered here because showings and who has booked them are nothing that theatres know of."""

    change_form_template = "admin/theatres/screen/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:screen_id>/plan/", self.admin_site.admin_view(self.plan_view), name="theatres_screen_plan"),
            path(
                "<int:screen_id>/plan/read/",
                self.admin_site.admin_view(self.plan_read_view),
                name="theatres_screen_plan_read",
            ),
        ]
        return [*own, *super().get_urls()]

    def response_add(self, request: HttpRequest, obj: Screen, post_url_continue: str | None = None) -> HttpResponse:
        """A new screen needs its plan next."""
        if "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(request, _("“%(name)s” was added. Now its seats.") % {"name": obj.name}, messages.SUCCESS)
        return HttpResponseRedirect(_plan_url(obj))

    def plan_view(self, request: HttpRequest, screen_id: int) -> HttpResponse:
        """GET: the plan as it is. POST: what another one touches; with `save`, and once that was seen, saves it."""
        screen = self._screen(request, screen_id)
        stored = stored_plan(screen)
        if request.method != "POST":
            return self._page(request, stored, stored.plan)
        posted = _posted(request)
        try:
            plan = posted.plan(stored)
        except PlanUnreadable as error:
            return self._page(request, stored, stored.plan, posted=posted, refusals=[str(p) for p in error.problems])
        if posted.version != stored.version:
            return self._look(request, stored, plan, refusals=[str(PlanChanged.message)])
        if "save" not in request.POST or posted.seen != _seen(stored, plan):
            return self._look(request, stored, plan)
        try:
            change = self._save(request, stored, plan)
        except PlanChanged as error:
            return self._look(request, stored_plan(screen), plan, refusals=[str(error.message)])
        self.message_user(request, _saved(change), messages.SUCCESS)
        return HttpResponseRedirect(_plan_url(screen))

    def plan_read_view(self, request: HttpRequest, screen_id: int) -> HttpResponse:
        """What the editor's script asks while somebody draws or types: the other form of it, and how it will look."""
        screen = self._screen(request, screen_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        stored = stored_plan(screen)
        try:
            plan = _posted(request).plan(stored)
        except PlanUnreadable as error:
            return JsonResponse({"problems": [str(problem) for problem in error.problems]})
        return JsonResponse(
            {
                "problems": [],
                "text": plan_text(plan, categories=stored.codes),
                "rows": plan_drawing(plan),
                "preview": _preview(stored, plan),
            }
        )

    def _screen(self, request: HttpRequest, screen_id: int) -> Screen:
        """Return a screen that this person may change. Raises Http404."""
        screen = self.get_queryset(request).select_related("theatre").filter(pk=screen_id).first()
        if screen is None:
            raise Http404
        return screen  # type: ignore[no-any-return]

    def _save(self, request: HttpRequest, stored: StoredPlan, plan: Plan) -> PlanChange:
        screen, now, actor_id = stored.screen, database_now(), request.user.pk
        change = plan_change(stored, plan)

        def save() -> PlanChange:
            saved = screen_plan_change(
                theatre_id=screen.theatre_id,
                screen_id=screen.pk,
                plan=plan,
                version=stored.version,
                actor_id=actor_id,
                now=now,
            )
            if not saved.is_none:
                self.log_change(request, screen, _("Seating plan: %(counts)s.") % {"counts": _counts(saved)})
            return saved

        def saved() -> PlanChange | None:
            return change if plan_change(stored_plan(screen), plan).is_none else None

        return run_in_transaction(save, find=saved)

    def _look(
        self, request: HttpRequest, stored: StoredPlan, plan: Plan, *, refusals: list[str] | None = None
    ) -> HttpResponse:
        touch = plan_touch(stored.screen, plan_change(stored, plan), now=database_now())
        return self._page(request, stored, plan, touch=touch, refusals=refusals or [])

    def _page(
        self,
        request: HttpRequest,
        stored: StoredPlan,
        plan: Plan,
        *,
        posted: Posted | None = None,
        touch: PlanTouch | None = None,
        refusals: list[str] | tuple[()] = (),
    ) -> HttpResponse:
        """The editor with a plan in it; `posted`: what could not be read, which stays as it was typed or drawn."""
        shown = posted or Posted(plan_text(plan, categories=stored.codes), "", stored.version, "")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Seating plan of %(screen)s") % {"screen": stored.screen.name},
            "opts": self.opts,
            "screen": stored.screen,
            "text": shown.text,
            "drawing": shown.drawing,
            "version": shown.version,
            "seen": _seen(stored, plan) if touch else "",
            "rows": plan_drawing(plan),
            "categories": [{"code": category.code, "name": category.name} for category in stored.categories],
            "legend": stored.categories,
            "plan": plan,
            "preview": _preview(stored, plan),
            "touch": touch,
            "refusals": refusals,
        }
        status = 409 if touch and refusals else 400 if refusals else 200
        return TemplateResponse(request, "admin/theatres/screen/plan.html", context, status=status)


def _plan_url(screen: Screen) -> str:
    return reverse("admin:theatres_screen_plan", args=[screen.pk])


def _seen(stored: StoredPlan, plan: Plan) -> str:
    """Name a plan as it was looked at: against the one that is stored."""
    return hashlib.blake2b(f"{stored.version} {plan}".encode(), digest_size=8).hexdigest()


def _saved(change: PlanChange) -> str:
    if change.is_none:
        return str(_("The plan is as it was: nothing had to be changed."))
    return str(_("The plan is saved: %(counts)s.") % {"counts": _counts(change)})


def _counts(change: PlanChange) -> str:
    added = ngettext("%d seat added", "%d seats added", change.seats_added) % change.seats_added
    retired = ngettext("%d retired", "%d retired", len(change.retired)) % len(change.retired)
    return f"{added}, {retired}"


def _preview(stored: StoredPlan, plan: Plan) -> SafeString:
    """Return the plan as the booking page draws it, every seat free."""
    names = {category.code: category.name for category in stored.categories}
    places = [
        Place(number, seat.label, *seat[:4], seat.kind, None, seat.category, names.get(seat.category, seat.category))
        for number, seat in enumerate(plan.places())
    ]
    of_no_film = Showtime(movie=Movie(), screen=Screen(theatre=Theatre()))
    hall = Hall(of_no_film, list(stored.categories), ticket_types=[], prices={}, seats=places)
    return plan_html(SeatMap(hall, taken={}, version=0, now=timezone.now()), picked=())
