"""The page of a theatre's people in the office: who works there, who is invited, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from movy.lib.admin import TenantAdmin
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import DomainError
from movy.lib.references import hex_digest
from theatres.history import MEMBERSHIP, THEATRE
from theatres.models import Invitation, Membership, Role, Theatre
from theatres.people import (
    invitation_resend,
    invitation_send,
    invitation_withdraw,
    membership_change,
    membership_remove,
    token_new,
)


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=gettext_lazy("May work as"), choices=Role, initial=Role.BOX_OFFICE)


class RowForm(forms.Form):
    """One line of the page, and what is to become of it."""

    id = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    role = forms.ChoiceField(choices=Role, required=False)


class PeoplePage(TenantAdmin):
    """Mixed into the theatre's admin class."""

    kept = [(THEATRE, "id"), (MEMBERSHIP, "theatre")]
    change_form_template = "admin/theatres/theatre/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        people = path(
            "<path:object_id>/people/", self.admin_site.admin_view(self.people_view), name="theatres_theatre_people"
        )
        return [people, *super().get_urls()]

    def people_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        theatre = self.get_object(request, unquote(object_id))
        if theatre is None:
            raise Http404
        form = InviteForm()
        refusal: DomainError | None = None
        if request.method == "POST":
            wish = request.POST.get("wish", "")
            form = InviteForm(request.POST) if wish == "invite" else form
            try:
                done = self._invite(request, theatre, form) if wish == "invite" else self._do(request, theatre, wish)
            except DomainError as error:
                refusal = error
            else:
                if done:
                    self.message_user(request, done)
                    return HttpResponseRedirect(reverse("admin:theatres_theatre_people", args=[theatre.pk]))
        status = refusal.status if refusal else 400 if request.method == "POST" else 200
        return self._people_page(request, theatre, form, refusal, status)

    def _people_page(
        self, request: HttpRequest, theatre: Theatre, form: InviteForm, refusal: DomainError | None, status: int
    ) -> HttpResponse:
        now = database_now()
        context = {
            **self.admin_site.each_context(request),
            "title": _("People"),
            "subtitle": str(theatre),
            "opts": self.opts,
            "theatre": theatre,
            "form": form,
            "refusal": refusal.message if refusal else None,
            "roles": Role.choices,
            "people": Membership.objects.filter(theatre=theatre).select_related("user").order_by("role", "user__email"),
            "invitations": [
                (invitation, invitation.expires_at <= now)
                for invitation in Invitation.objects.unanswered().filter(theatre=theatre)
            ],
        }
        return TemplateResponse(request, "admin/theatres/theatre/people.html", context, status=status)

    def _invite(self, request: HttpRequest, theatre: Theatre, form: InviteForm) -> str | None:
        """Return what to tell the person, None when the form was not filled in well. Raises DomainError."""
        if not form.is_valid():
            return None
        token, now = token_new(), database_now()
        role, email = Role(form.cleaned_data["role"]), form.cleaned_data["email"]

        def send() -> Invitation:
            invitation = invitation_send(
                theatre=theatre, email=email, role=role, invited_by=cast(User, request.user), token=token, now=now
            )
            self._log(request, theatre, "added", invitation)
            return invitation

        invitation = run_in_transaction(send, find=_found(theatre, token))
        return _("We have sent an invitation to %(email)s.") % {"email": invitation.email}

    def _do(self, request: HttpRequest, theatre: Theatre, wish: str) -> str | None:
        """The same for a button beside a line."""
        form = RowForm(request.POST)
        wishes: dict[str, Callable[[HttpRequest, Theatre, dict[str, Any]], str]] = {
            "resend": self._resend,
            "withdraw": self._withdraw,
            "role": self._change_role,
            "remove": self._remove,
        }
        if wish not in wishes or not form.is_valid():
            return None
        return wishes[wish](request, theatre, form.cleaned_data)

    def _resend(self, request: HttpRequest, theatre: Theatre, row: dict[str, Any]) -> str:
        token, now, user = token_new(), database_now(), cast(User, request.user)
        invitation = run_in_transaction(
            lambda: invitation_resend(theatre=theatre, invitation_id=row["id"], invited_by=user, token=token, now=now),
            find=_found(theatre, token),
        )
        return _("We have sent a new link to %(email)s. The old one is dead.") % {"email": invitation.email}

    def _withdraw(self, request: HttpRequest, theatre: Theatre, row: dict[str, Any]) -> str:
        now = database_now()

        def withdraw() -> Invitation:
            invitation = invitation_withdraw(theatre=theatre, invitation_id=row["id"], now=now)
            self._log(request, theatre, "deleted", invitation)
            return invitation

        invitation = run_in_transaction(
            withdraw, find=lambda: Invitation.objects.filter(pk=row["id"], withdrawn_at=now).first()
        )
        return _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email}

    def _change_role(self, request: HttpRequest, theatre: Theatre, row: dict[str, Any]) -> str:
        user, role = cast(User, request.user), Role(row["role"] or Role.DOOR)
        changed = run_in_transaction(
            lambda: membership_change(theatre=theatre, membership_id=row["id"], role=role, asked_by=user), find=again
        )
        return _("%(email)s works here as: %(role)s.") % {
            "email": changed.user.email,
            "role": changed.get_role_display(),
        }

    def _remove(self, request: HttpRequest, theatre: Theatre, row: dict[str, Any]) -> str:
        user = cast(User, request.user)
        gone = Membership.objects.select_related("user").filter(theatre=theatre, pk=row["id"]).first()
        run_in_transaction(
            lambda: membership_remove(theatre=theatre, membership_id=row["id"], asked_by=user),
            find=lambda: None if Membership.objects.filter(pk=row["id"]).exists() else gone,
        )
        return _("%(email)s does not work here any more.") % {"email": gone.user.email if gone else ""}

    def _log(self, request: HttpRequest, theatre: Theatre, what: str, invitation: Invitation) -> None:
        """Roles have a history of their own (Membership.history); invitations stand in the office's log."""
        self.log_change(request, theatre, [{what: {"name": str(_("invitation")), "object": str(invitation)}}])


def _found(theatre: Theatre, token: str) -> Callable[[], Invitation | None]:
    """The look-up after a commit whose answer was lost: the token is new, so its digest is ours."""
    return lambda: Invitation.objects.filter(theatre=theatre, token_digest=hex_digest(token)).first()
