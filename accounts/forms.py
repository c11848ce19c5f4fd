"""Forms of accounts: allauth's, with the API's field names, and without what nobody needs to type."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MfaReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.socialaccount import forms as allauth_social_forms
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import password_reset, registration, user_register


class NameForm(forms.Form):
    """How tickets and mails address a person."""

    first_name = forms.CharField(
        label=_("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )


class ContractNames(forms.Form):
    """A form whose inputs are called as the contract says, whatever allauth calls its fields."""

    html_names: ClassVar[dict[str, str]] = {"login": "email", "password1": "password"}
    labels: ClassVar[dict[str, Any]] = {
        "login": _("E-mail"),
        "email": _("E-mail"),
        "oldpassword": _("Current password"),
        "password1": _("New password"),
    }
    helps: ClassVar[dict[str, Any]] = {
        "password": "",  # the page has the way to a new one, with `next` in it
        "password1": _("At least 8 characters. A few words in a row are easy to remember."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, field.help_text)
            field.widget.attrs.pop("placeholder", None)  # the label says it, and stays

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix(self.html_names.get(field_name, field_name))


class LoginForm(ContractNames, allauth_forms.LoginForm):
    pass


class SignupForm(ContractNames, NameForm, allauth_forms.SignupForm):
    field_order = ("first_name", "last_name", "email", "password1")
    labels = ContractNames.labels | {"password1": _("Password")}

    def save(self, request: HttpRequest) -> User:
        """Make the account. Raises EmailTaken when somebody else was faster with this e-mail."""
        data = self.cleaned_data
        return user_register(
            registration(
                email=data["email"],
                password=data["password1"],
                first_name=data["first_name"],
                last_name=data["last_name"],
            )
        )


class GoogleSignupForm(ContractNames, NameForm, allauth_social_forms.SignupForm):
    """Asked of somebody whose Google account gives no e-mail."""

    field_order = ("first_name", "last_name", "email")


class ResetPasswordForm(ContractNames, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(ContractNames, allauth_forms.ResetPasswordKeyForm):
    password2 = None

    def save(self) -> None:
        """Raises InvalidKey when the key was used since the page looked at it."""
        password_reset(self.user, password=self.cleaned_data["password1"])


class ChangePasswordForm(ContractNames, allauth_forms.ChangePasswordForm):
    password2 = None


class ReauthenticateForm(ContractNames, allauth_forms.ReauthenticateForm):
    labels = ContractNames.labels | {"password": _("Password")}


class CodeForm(forms.Form):
    """Six digits of the app on one's phone, or one of the codes for the day when the phone is gone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Code")
        code.widget.attrs = {"autocomplete": "one-time-code", "autofocus": True}  # no placeholder: the label stays


class SecondStepForm(CodeForm, AuthenticateForm):
    pass


class SecondStepAgainForm(CodeForm, MfaReauthenticateForm):
    pass


class AppAddForm(CodeForm, ActivateTOTPForm):
    pass


class SetPasswordForm(ContractNames, allauth_forms.SetPasswordForm):
    password2 = None
