"""What an application may ask for: its id, where it may be led back to, and the parameters of a sign-in."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from standins.http import Request

MOVYS_CALLBACK = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?/auth/google/callback")
SCOPES = {"openid", "email", "profile"}
SCOPE_URLS = {  # Google's long names for two of them
    "https://www.googleapis.com/auth/userinfo.email": "email",
    "https://www.googleapis.com/auth/userinfo.profile": "profile",
}
PRIVATE_SUFFIXES = (".localhost", ".local", ".test", ".internal", ".lan")
CHALLENGE_FORM = re.compile(r"[A-Za-z0-9_-]{43}")
PARAMETERS = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "access_type",
    "prompt",
)


@dataclass(frozen=True)
class Application:
    """The one application that is registered. redirect_uris empty: Movy's callback on any private host."""

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...] = ()

    def may_lead_to(self, redirect_uri: str) -> bool:
        if self.redirect_uris:
            return redirect_uri in self.redirect_uris
        match = MOVYS_CALLBACK.fullmatch(redirect_uri)
        return match is not None and is_private_host(match[1])


@dataclass(frozen=True)
class SignIn:
    """The parameters of one sign-in, as they travel through the pages."""

    client_id: str
    redirect_uri: str
    response_type: str
    scope: str
    state: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    access_type: str
    prompt: str

    @property
    def scopes(self) -> set[str]:
        return {SCOPE_URLS.get(name, name) for name in self.scope.split()}

    @property
    def query(self) -> str:
        return urlencode({name: value for name in PARAMETERS if (value := getattr(self, name))})

    @property
    def application_host(self) -> str:
        return urlsplit(self.redirect_uri).netloc

    @property
    def application_origin(self) -> str:
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"

    def error(self) -> str:
        """Return the error to lead back with, "" when the parameters are right."""
        if self.response_type != "code":
            return "unsupported_response_type" if self.response_type else "invalid_request"
        if not self.scopes or not self.scopes <= SCOPES:
            return "invalid_scope"
        is_s256 = self.code_challenge_method == "S256" and CHALLENGE_FORM.fullmatch(self.code_challenge)
        if (self.code_challenge or self.code_challenge_method) and not is_s256:
            return "invalid_request"
        return "interaction_required" if self.prompt == "none" else ""


def sign_in_of(request: Request) -> SignIn:
    return SignIn(**{name: request.arg(name) for name in PARAMETERS})


def is_private_host(name: str) -> bool:
    """Return whether a host is this machine or on a private network: a stand-in lets anybody in as anybody."""
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        lower = name.lower()
        return bool(lower) and ("." not in lower or lower.endswith(PRIVATE_SUFFIXES))
    return address.is_private or address.is_loopback or address.is_link_local
