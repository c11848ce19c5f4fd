"""The endpoints: sign-in pages, token, userinfo, keys, discovery."""

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from standins.control import ControlledRouter, Spoiler, json_object
from standins.google import pages
from standins.google.people import PERSON_BY_KEY, Person, typed_person
from standins.google.signin import Application, SignIn, is_private_host, sign_in_of
from standins.google.tokens import TOKEN_FAULTS, KeyRing, at_hash, challenge_of, claims_for, id_token
from standins.http import BadRequest, Request, Response, json_response, redirect_response

CODE_SECONDS = 60
ACCESS_SECONDS = 3599
MOMENTS = (*TOKEN_FAULTS, "deny", "foreign-state", "lost-state", "no-id-token", "userinfo-401")
SPOILERS: dict[str, Spoiler] = {
    "server-error": lambda response, seconds: json_response({"error": "internal_failure"}, 500),
}
INITIAL_COLOURS = ("#7b3f00", "#0b6e4f", "#274690", "#8f2d56", "#5b5f97")


@dataclass(frozen=True)
class Grant:
    """What a code stands for until it is exchanged."""

    sign_in: SignIn
    person: Person
    expires_at: datetime


@dataclass(frozen=True)
class Access:
    person: Person
    scopes: set[str]
    expires_at: datetime


class TokenRefused(Exception):
    """The token endpoint says no: an OAuth 2.0 error code and a sentence."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.response = json_response({"error": error, "error_description": description}, status)


class GoogleRouter(ControlledRouter):
    """Google's sign-in for one application. issuer: what `iss` says, whatever host it is asked under."""

    def __init__(self, application: Application) -> None:
        super().__init__(SPOILERS, MOMENTS)
        self.application = application
        self.issuer = ""  # set once the address is known
        self.keys = KeyRing()
        self._lock = threading.Lock()
        self._typed: dict[str, Person] = {}
        self._grants: dict[str, Grant] = {}
        self._spent: dict[str, str] = {}  # used code → the access token it was exchanged for
        self._accesses: dict[str, Access] = {}
        self.route("GET", "/o/oauth2/v2/auth")(self._authorize)
        self.route("POST", "/signin/account")(self._choose)
        self.route("POST", "/signin/consent")(self._decide)
        self.route("POST", "/token")(self._token)
        self.route("GET", "/oauth2/v2/userinfo")(self._userinfo_v2)
        self.route("GET", "/v1/userinfo")(self._userinfo_oidc)
        self.route("GET", "/oauth2/v1/certs")(self._certificates)
        self.route("GET", "/oauth2/v3/certs")(self._jwks)
        self.route("GET", "/.well-known/openid-configuration")(self._discovery)
        self.route("GET", "/a/{key}")(self._picture)
        self.route("GET", "/")(lambda request: redirect_response("/dev/id-token"))
        self.route("GET", "/dev/id-token")(lambda request: pages.token_page())
        self.route("POST", "/dev/id-token")(self._token_page)
        self.control_route("POST", "/id-token")(self._token_json)
        self.control_route("POST", "/keys/rotate")(lambda request: json_response({"kid": self.keys.rotate().kid}))

    def answer(self, request: Request) -> Response:
        if not is_private_host(urlsplit(request.base_url).hostname or ""):
            return pages.refusal("public_host", "A stand-in answers on private networks only.", status=403)
        return super().answer(request)

    # signing in

    def _authorize(self, request: Request) -> Response:
        sign_in = sign_in_of(request)
        refused = self._refused(sign_in)
        if refused:
            return refused
        if error := sign_in.error():
            return self._lead_back(sign_in, request, error=error)
        if self.faults.strikes("deny", request.path):
            return self._lead_back(sign_in, request, error="access_denied")
        return pages.chooser(sign_in)

    def _choose(self, request: Request) -> Response:
        sign_in = sign_in_of(request)
        refused = self._refused(sign_in)
        if refused:
            return refused
        person = PERSON_BY_KEY.get(request.field("person")) or self._typed_person(request)
        if person is None:
            return pages.chooser(sign_in, problem="Give an e-mail address and a name.")
        return pages.consent(sign_in, person)

    def _decide(self, request: Request) -> Response:
        sign_in = sign_in_of(request)
        refused = self._refused(sign_in)
        if refused:
            return refused
        key = request.field("person")
        person = PERSON_BY_KEY.get(key) or self._typed.get(key)
        if error := sign_in.error():
            return self._lead_back(sign_in, request, error=error)
        if request.field("decision") != "allow":
            return self._lead_back(sign_in, request, error="access_denied")
        if person is None:  # typed in before this stand-in was started again
            return pages.chooser(sign_in, problem="Choose the account again.")
        code = f"4/0{secrets.token_urlsafe(48)}"
        expires_at = self.clock.now() + timedelta(seconds=CODE_SECONDS)
        with self._lock:
            self._grants[code] = Grant(sign_in, person, expires_at)
        return self._lead_back(sign_in, request, code=code, scope=sign_in.scope, authuser="0", prompt="consent")

    def _refused(self, sign_in: SignIn) -> Response | None:
        """Return a page where leading back would be wrong: to an unknown application, or to a stranger's address."""
        if sign_in.client_id != self.application.client_id:
            return pages.refusal("invalid_client", "The OAuth client was not found.", status=401)
        if not self.application.may_lead_to(sign_in.redirect_uri):
            text = f"The redirect URI {sign_in.redirect_uri} is not one that this application may use."
            return pages.refusal("redirect_uri_mismatch", text)
        return None

    def _lead_back(self, sign_in: SignIn, request: Request, **answer: str) -> Response:
        state = sign_in.state
        if self.faults.strikes("lost-state", request.path):
            state = ""
        if self.faults.strikes("foreign-state", request.path):
            state = secrets.token_urlsafe(12)
        parameters = {"state": state, **answer} if state else answer
        return redirect_response(f"{sign_in.redirect_uri}?{urlencode(parameters)}")

    def _typed_person(self, request: Request) -> Person | None:
        email, name = request.field("email").strip(), request.field("name").strip()
        if not (3 <= len(email) <= 254 and "@" in email[1:-1] and 1 <= len(name) <= 300):
            return None
        person = typed_person(email, name, is_email_verified=request.field("verified") != "no")
        with self._lock:
            self._typed[person.key] = person
        return person

    # tokens

    def _token(self, request: Request) -> Response:
        try:
            grant, code = self._spend(request)
        except TokenRefused as refusal:
            return refusal.response
        access_token = f"ya29.{secrets.token_urlsafe(60)}"
        scopes = grant.sign_in.scopes
        with self._lock:
            self._spent[code] = access_token
            expires_at = self.clock.now() + timedelta(seconds=ACCESS_SECONDS)
            self._accesses[access_token] = Access(grant.person, scopes, expires_at)
        answer: dict[str, Any] = {
            "access_token": access_token,
            "expires_in": ACCESS_SECONDS,
            "scope": grant.sign_in.scope,
            "token_type": "Bearer",
        }
        if "openid" in scopes and not self.faults.strikes("no-id-token", request.path):
            extra = {"at_hash": at_hash(access_token)}
            extra |= {"nonce": grant.sign_in.nonce} if grant.sign_in.nonce else {}
            answer["id_token"] = self._id_token(grant.person, scopes, request, extra)
        return json_response(answer, headers={"Cache-Control": "no-store"})

    def _spend(self, request: Request) -> tuple[Grant, str]:
        """Return the grant of a code that is right in every way, and take the code away. Raises TokenRefused."""
        if "client_secret" in request.query or "code" in request.query:
            raise TokenRefused("invalid_request", "Parameters belong into the body, not into the address.")
        if request.field("client_id") != self.application.client_id:
            raise TokenRefused("invalid_client", "The OAuth client was not found.", 401)
        if not secrets.compare_digest(request.field("client_secret").encode(), self.application.client_secret.encode()):
            raise TokenRefused("invalid_client", "The provided client secret is invalid.", 401)
        if request.field("grant_type") != "authorization_code":
            raise TokenRefused("unsupported_grant_type", f"Invalid grant_type: {request.field('grant_type')}")
        code = request.field("code")
        if not code:
            raise TokenRefused("invalid_request", "Missing required parameter: code")
        with self._lock:
            grant = self._grants.pop(code, None)
            if code in self._spent:  # somebody has the code who shouldn't: what it bought is worth nothing now
                self._accesses.pop(self._spent[code], None)
        if grant is None or grant.expires_at <= self.clock.now():
            raise TokenRefused("invalid_grant", "Bad Request")
        if request.field("redirect_uri") != grant.sign_in.redirect_uri:
            raise TokenRefused("redirect_uri_mismatch", "Bad Request")
        verifier = request.field("code_verifier")
        if (grant.sign_in.code_challenge or verifier) and challenge_of(verifier) != grant.sign_in.code_challenge:
            raise TokenRefused("invalid_grant", "Invalid code verifier." if verifier else "Missing code verifier.")
        return grant, code

    def _id_token(self, person: Person, scopes: set[str], request: Request, extra: dict[str, Any]) -> str:
        return id_token(
            claims_for(person, scopes, request.base_url),
            issuer=self.issuer,
            client_id=self.application.client_id,
            keys=self.keys,
            now=self.clock.now(),
            strikes=lambda name: self.faults.strikes(name, request.path),
            extra=extra,
        )

    def _mobile_token(self, person: Person, request: Request) -> str:
        """Return what an SDK hands to an app: such a token has an id of its own, so that it works once."""
        return self._id_token(person, {"openid", "email", "profile"}, request, {"jti": secrets.token_hex(20)})

    def _token_page(self, request: Request) -> Response:
        person = PERSON_BY_KEY.get(request.field("person"))
        return pages.token_page(self._mobile_token(person, request) if person else "")

    def _token_json(self, request: Request) -> Response:
        """{"person": key}, or {"email", "name"?, "email_verified"?} for somebody new."""
        wanted = json_object(request)
        person = PERSON_BY_KEY.get(str(wanted.get("person")))
        if person is None and isinstance(wanted.get("email"), str):
            is_verified = wanted.get("email_verified") is not False
            person = typed_person(wanted["email"], str(wanted.get("name", "")), is_email_verified=is_verified)
        if person is None:
            raise BadRequest(f"person is one of {', '.join(PERSON_BY_KEY)}, or give an email.")
        return json_response({"id_token": self._mobile_token(person, request)})

    # what applications read

    def _access(self, request: Request) -> Access | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        access = self._accesses.get(token) if scheme.lower() == "bearer" else None
        if access is None or access.expires_at <= self.clock.now() or self.faults.strikes("userinfo-401", request.path):
            return None
        return access

    def _userinfo_v2(self, request: Request) -> Response:
        access = self._access(request)
        if access is None:
            return _unauthenticated()
        claims = claims_for(access.person, access.scopes, request.base_url)
        names = {"sub": "id", "email_verified": "verified_email"}
        info = {names.get(name, name): value for name, value in claims.items()}
        return json_response(info | ({"locale": "en"} if "profile" in access.scopes else {}))

    def _userinfo_oidc(self, request: Request) -> Response:
        access = self._access(request)
        if access is None:
            return _unauthenticated()
        return json_response(claims_for(access.person, access.scopes, request.base_url))

    def _certificates(self, request: Request) -> Response:
        return json_response({key.kid: key.certificate for key in self.keys.keys})

    def _jwks(self, request: Request) -> Response:
        return json_response({"keys": [key.jwk() for key in self.keys.keys]})

    def _discovery(self, request: Request) -> Response:
        base = request.base_url
        return json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{base}/o/oauth2/v2/auth",
                "token_endpoint": f"{base}/token",
                "userinfo_endpoint": f"{base}/v1/userinfo",
                "jwks_uri": f"{base}/oauth2/v3/certs",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "email", "profile"],
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "claims_supported": ["aud", "email", "email_verified", "exp", "family_name", "given_name", "iat"]
                + ["iss", "name", "picture", "sub"],
                "code_challenge_methods_supported": ["S256"],
                "grant_types_supported": ["authorization_code"],
            }
        )

    def _picture(self, request: Request, key: str) -> Response:
        person = PERSON_BY_KEY.get(key) or self._typed.get(key)
        if person is None:
            return self.not_found(request)
        colour = INITIAL_COLOURS[int(person.sub[-6:]) % len(INITIAL_COLOURS)]
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">'
            f'<rect width="96" height="96" fill="{colour}"/>'
            f'<text x="48" y="64" font-family="sans-serif" font-size="46" fill="#fff" text-anchor="middle">'
            f"{escape(person.given_name[:1])}</text></svg>"
        )
        return Response(200, svg.encode(), "image/svg+xml")

    def not_found(self, request: Request) -> Response:
        return pages.refusal("not_found", "The requested URL was not found on this server.", status=404)

    def not_allowed(self, request: Request, allowed: Iterable[str]) -> Response:
        response = pages.refusal("method_not_allowed", "This address is asked in another way.", status=405)
        response.headers["Allow"] = ", ".join(sorted(set(allowed)))
        return response


def _unauthenticated() -> Response:
    error = {
        "code": 401,
        "message": "Request had invalid authentication credentials. Expected OAuth 2 access token.",
        "status": "UNAUTHENTICATED",
    }
    return json_response({"error": error}, 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
