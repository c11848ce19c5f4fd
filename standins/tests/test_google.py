"""The stand-in speaks Google's sign-in, over real HTTP, as a relying party and its visitor would use it."""

import base64
import json
import secrets
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from cryptography import x509
from jwt.algorithms import RSAAlgorithm

from standins import google
from standins.google import GoogleStandin
from standins.google.people import PEOPLE, PERSON_BY_KEY
from standins.google.signin import is_private_host
from standins.google.tokens import at_hash, challenge_of

CLIENT = {"client_id": "movy-test", "client_secret": "movy-test-secret"}
CALLBACK = "http://127.0.0.1:8000/auth/google/callback"
VERIFIER = "v" * 64


@pytest.fixture(scope="module")
def shared() -> Iterator[GoogleStandin]:
    with google.start(**CLIENT) as standin:
        yield standin


@pytest.fixture
def standin(shared) -> GoogleStandin:
    shared.router.faults.clear()
    shared.router.requests.clear()
    shared.router.clock.ahead_seconds = 0
    return shared


def sign_in_query(**changes) -> dict[str, str]:
    query = {
        "client_id": CLIENT["client_id"],
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid profile email",
        "state": "s-123",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (query | changes).items() if value is not None}


def visit(standin: GoogleStandin, **changes) -> requests.Response:
    url = f"{standin.base_url}/o/oauth2/v2/auth"
    return requests.get(url, params=sign_in_query(**changes), allow_redirects=False, timeout=20)


def post(standin: GoogleStandin, path: str, fields: dict, **changes) -> requests.Response:
    url = f"{standin.base_url}{path}?{urlencode(sign_in_query(**changes))}"
    return requests.post(url, data=fields, allow_redirects=False, timeout=20)


def agree(standin: GoogleStandin, person: str = "zainab", **changes) -> dict[str, str]:
    """Return what the visitor brings back after agreeing."""
    return led_back(post(standin, "/signin/consent", {"person": person, "decision": "allow"}, **changes))


def led_back(response: requests.Response) -> dict[str, str]:
    assert response.status_code == 302
    address, _, query = response.headers["Location"].partition("?")
    assert address == CALLBACK
    return {name: values[0] for name, values in parse_qs(query).items()}


def exchange(standin: GoogleStandin, right_code: str, **changes) -> requests.Response:
    fields = {
        "grant_type": "authorization_code",
        "code": right_code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        **CLIENT,
        **changes,
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    return requests.post(f"{standin.base_url}/token", data=fields, timeout=20)


def tokens(standin: GoogleStandin, person: str = "zainab", **changes) -> dict:
    response = exchange(standin, agree(standin, person, **changes)["code"])
    assert response.status_code == 200
    return response.json()


def decoded(standin: GoogleStandin, token: str) -> dict:
    """Verify a token as allauth does: by the certificate of its kid."""
    certificates = requests.get(f"{standin.base_url}/oauth2/v1/certs", timeout=20).json()
    kid = jwt.get_unverified_header(token)["kid"]
    if kid not in certificates:
        raise jwt.InvalidTokenError("unknown kid")
    key = x509.load_pem_x509_certificate(certificates[kid].encode()).public_key()
    return jwt.decode(token, key, algorithms=["RS256"], audience=CLIENT["client_id"], issuer=standin.router.issuer)


def test_a_visitor_chooses_and_agrees(standin):
    chooser = visit(standin)
    assert chooser.status_code == 200
    assert "127.0.0.1:8000" in chooser.text
    assert "<script" not in chooser.text
    assert (
        f"form-action 'self' {CALLBACK.removesuffix('/auth/google/callback')}"
        in chooser.headers["Content-Security-Policy"]
    )
    consent = post(standin, "/signin/account", {"person": "zainab"})
    assert "zainab@gmail.test" in consent.text
    back = agree(standin)
    assert back["state"] == "s-123"
    assert back["code"]


def test_another_account_is_the_same_one_every_time(standin):
    typed = {"email": "New.Person@example.test", "name": "New Person Ade", "verified": "no"}
    subjects = set()
    for _ in range(2):
        consent = post(standin, "/signin/account", typed).text
        key = consent.partition('name="person" value="')[2].partition('"')[0]
        claims = decoded(standin, tokens(standin, key)["id_token"])
        subjects.add(claims["sub"])
    assert len(subjects) == 1
    assert (claims["email"], claims["email_verified"]) == ("New.Person@example.test", False)
    assert (claims["given_name"], claims["family_name"]) == ("New", "Person Ade")


@pytest.mark.parametrize("fields", [{}, {"person": "nobody"}, {"email": "no-at-sign", "name": "A"}, {"email": "a@b"}])
def test_what_names_nobody_is_asked_again(standin, fields):
    response = post(standin, "/signin/account", fields)
    assert response.status_code == 200
    assert 'role="alert"' in response.text


def test_denying_leads_back_with_the_state(standin):
    assert led_back(post(standin, "/signin/consent", {"decision": "deny"})) == {
        "error": "access_denied",
        "state": "s-123",
    }


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"scope": "openid drive"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"prompt": "none"}, "interaction_required"),
    ],
)
def test_a_wrong_parameter_leads_back_with_error_and_state(standin, changes, error):
    assert led_back(visit(standin, **changes)) == {"error": error, "state": "s-123"}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"client_id": "somebody"}, 401, "invalid_client"),
        ({"redirect_uri": "http://127.0.0.1:8000/auth/google/callback/"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://127.0.0.1:8000/elsewhere"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": "https://evil.example/auth/google/callback"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://127.0.0.1@evil.example/auth/google/callback"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://8.8.8.8/auth/google/callback"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": None}, 400, "redirect_uri_mismatch"),
    ],
)
@pytest.mark.parametrize("door", ["visit", "account", "consent"])
def test_a_stranger_is_never_led_to(standin, changes, status, code, door):
    if door == "visit":
        response = visit(standin, **changes)
    else:
        response = post(standin, f"/signin/{door}", {"person": "ada", "decision": "allow"}, **changes)
    assert response.status_code == status
    assert code in response.text
    assert "Location" not in response.headers


def test_only_listed_addresses_are_led_to_when_there_is_a_list():
    with google.start(**CLIENT, redirect_uris=("https://staging.example/auth/google/callback",)) as standin:
        assert visit(standin).status_code == 400
        assert visit(standin, redirect_uri="https://staging.example/auth/google/callback").status_code == 200


def test_the_id_token_says_who_it_is(standin):
    answer = tokens(standin, nonce="n-1")
    claims = decoded(standin, answer["id_token"])
    person = PERSON_BY_KEY["zainab"]
    assert claims["iss"] == standin.router.issuer
    assert (claims["aud"], claims["azp"]) == (CLIENT["client_id"], CLIENT["client_id"])
    assert (claims["sub"], claims["email"], claims["email_verified"]) == (person.sub, person.email, True)
    assert (claims["given_name"], claims["family_name"], claims["name"]) == ("Zainab", "Oyelaran", "Zainab Oyelaran")
    assert claims["exp"] - claims["iat"] == 3600
    assert (claims["nonce"], claims["at_hash"]) == ("n-1", at_hash(answer["access_token"]))
    assert requests.get(claims["picture"], timeout=20).headers["Content-Type"] == "image/svg+xml"
    assert len(person.sub) == 21
    assert person.sub.isdigit()


def test_the_scope_decides_what_is_told(standin):
    claims = decoded(standin, tokens(standin, scope="openid")["id_token"])
    assert not {"email", "name", "picture"} & claims.keys()
    assert "id_token" not in tokens(standin, scope="email profile")


def test_the_issuer_is_the_one_configured_whatever_the_host_header():
    with google.start(**CLIENT, base="http://localhost:8004/") as standin:
        url = f"{standin.base_url}/.well-known/openid-configuration"
        answer = requests.get(url, headers={"Host": "192.168.1.20:8004"}, timeout=20).json()
        assert answer["issuer"] == "http://localhost:8004"
        assert answer["token_endpoint"] == "http://192.168.1.20:8004/token"
        assert decoded(standin, tokens(standin)["id_token"])["iss"] == "http://localhost:8004"


def test_userinfo_has_googles_old_words(standin):
    answer = tokens(standin)
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    info = requests.get(f"{standin.base_url}/oauth2/v2/userinfo", headers=headers, timeout=20).json()
    assert info.keys() == {
        "id",
        "email",
        "verified_email",
        "name",
        "given_name",
        "family_name",
        "picture",
        "locale",
    }
    assert requests.get(f"{standin.base_url}/v1/userinfo", headers=headers, timeout=20).json()["sub"] == info["id"]
    refused = requests.get(f"{standin.base_url}/oauth2/v2/userinfo", timeout=20)
    assert (refused.status_code, refused.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_certificates_and_jwks_are_the_same_keys(standin):
    token = tokens(standin)["id_token"]
    kid = jwt.get_unverified_header(token)["kid"]
    jwks = requests.get(f"{standin.base_url}/oauth2/v3/certs", timeout=20).json()["keys"]
    key = RSAAlgorithm.from_jwk(json.dumps(next(key for key in jwks if key["kid"] == kid)))
    assert jwt.decode(token, key, algorithms=["RS256"], audience=CLIENT["client_id"]) == decoded(standin, token)


def test_a_token_outlives_one_rotation_of_the_keys(standin):
    before = tokens(standin)["id_token"]
    rotate = f"{standin.base_url}/_standin/keys/rotate"
    assert requests.post(rotate, timeout=20).json()["kid"] != jwt.get_unverified_header(before)["kid"]
    decoded(standin, before)
    decoded(standin, tokens(standin)["id_token"])
    requests.post(rotate, timeout=20)
    with pytest.raises(jwt.InvalidTokenError):
        decoded(standin, before)


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code": None}, 400, "invalid_request"),
        ({"code": "made-up"}, 400, "invalid_grant"),
        ({"redirect_uri": "http://localhost:8000/auth/google/callback"}, 400, "redirect_uri_mismatch"),
        ({"code_verifier": "x" * 64}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_grant"),
    ],
)
def test_a_wrong_exchange_is_refused(standin, changes, status, error):
    response = exchange(standin, agree(standin)["code"], **changes)
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert response.json()["error_description"]


def test_a_verifier_without_a_challenge_is_refused(standin):
    code = agree(standin, code_challenge=None, code_challenge_method=None)["code"]
    assert exchange(standin, code).json()["error"] == "invalid_grant"


def test_a_code_works_once_and_a_second_try_ends_what_the_first_got(standin):
    code = agree(standin)["code"]
    access_token = exchange(standin, code).json()["access_token"]
    assert exchange(standin, code).json()["error"] == "invalid_grant"
    headers = {"Authorization": f"Bearer {access_token}"}
    assert requests.get(f"{standin.base_url}/oauth2/v2/userinfo", headers=headers, timeout=20).status_code == 401


@pytest.mark.parametrize(("later", "status"), [(58, 200), (61, 400)])
def test_a_code_lives_a_minute(standin, later, status):
    code = agree(standin)["code"]
    standin.router.clock.ahead_seconds = later
    assert exchange(standin, code).status_code == status


def test_a_secret_in_the_address_is_refused(standin):
    code = agree(standin)["code"]
    response = requests.post(f"{standin.base_url}/token", params={**CLIENT, "code": code}, timeout=20)
    assert response.json()["error"] == "invalid_request"


def test_the_log_shows_pkce_and_scope_and_no_secret_in_an_address(standin):
    visit(standin)
    tokens(standin)
    rows = requests.get(f"{standin.base_url}/_standin/requests", timeout=20).json()
    assert rows[0]["query"]["code_challenge_method"] == "S256"
    assert rows[0]["query"]["scope"] == "openid profile email"
    assert all(CLIENT["client_secret"] not in json.dumps(row["query"]) for row in rows)
    assert CLIENT["client_secret"] in rows[-1]["body"]


@pytest.mark.parametrize(
    "fault", ["wrong-issuer", "wrong-audience", "expired", "early", "unknown-kid", "bad-signature"]
)
def test_a_bad_token_can_be_asked_for(standin, fault):
    standin.router.faults.arm(fault, path="/token", times=1)
    bad = tokens(standin)["id_token"]
    with pytest.raises(jwt.InvalidTokenError):
        decoded(standin, bad)
    decoded(standin, tokens(standin)["id_token"])


def test_an_unsigned_token_can_be_asked_for(standin):
    standin.router.faults.arm("alg-none", times=1)
    token = tokens(standin)["id_token"]
    assert jwt.get_unverified_header(token)["alg"] == "none"
    assert token.endswith(".")


def test_faults_on_the_way_back(standin):
    faults = standin.router.faults
    faults.arm("lost-state", times=1)
    assert "state" not in agree(standin)
    faults.arm("foreign-state", times=1)
    assert agree(standin)["state"] != "s-123"
    faults.arm("deny", times=1)
    assert led_back(visit(standin))["error"] == "access_denied"


def test_faults_of_the_token_endpoint(standin):
    faults = standin.router.faults
    faults.arm("server-error", path="/token", times=1)
    assert exchange(standin, agree(standin)["code"]).status_code == 500
    faults.arm("no-id-token", times=1)
    answer = tokens(standin)
    assert "id_token" not in answer
    faults.arm("userinfo-401", times=1)
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert requests.get(f"{standin.base_url}/oauth2/v2/userinfo", headers=headers, timeout=20).status_code == 401
    faults.arm("html", path="/token", times=1)
    assert exchange(standin, agree(standin)["code"]).text.startswith("<html>")
    faults.arm("delay", path="/token", times=1, seconds=0.3)
    started = time.monotonic()
    tokens(standin)
    assert time.monotonic() - started >= 0.3


def mobile_token(standin: GoogleStandin, **who) -> str:
    return requests.post(f"{standin.base_url}/_standin/id-token", json=who, timeout=20).json()["id_token"]


def test_a_mobile_token_is_minted_for_people_and_tests(standin):
    page = requests.post(f"{standin.base_url}/dev/id-token", data={"person": "ada"}, timeout=20)
    assert page.status_code == 200
    assert "ey" in page.text
    claims = decoded(standin, mobile_token(standin, person="ada"))
    assert claims["email"] == "ada@movy.test"
    assert claims["jti"] != decoded(standin, mobile_token(standin, person="ada"))["jti"]
    assert decoded(standin, mobile_token(standin, email="x@y.test", name="X Y"))["given_name"] == "X"
    standin.router.faults.arm("reused-jti")
    assert len({decoded(standin, mobile_token(standin, person="ada"))["jti"] for _ in range(2)}) == 1
    refused = requests.post(f"{standin.base_url}/_standin/id-token", json={"person": "nobody"}, timeout=20)
    assert refused.status_code == 400


def test_the_people_cover_the_odd_cases():
    by_key = PERSON_BY_KEY
    assert by_key["moved-before"].sub == by_key["moved-after"].sub
    assert by_key["moved-before"].email != by_key["moved-after"].email
    assert by_key["twin-one"].email == by_key["twin-two"].email
    assert by_key["twin-one"].sub != by_key["twin-two"].sub
    assert len(by_key["long"].name) == 300
    assert len({person.key for person in PEOPLE}) == len(PEOPLE)


def test_names_are_shown_as_text(standin):
    text = visit(standin).text + post(standin, "/signin/account", {"person": "markup"}).text
    text += visit(standin, state='"><script>x', nonce="'><b>").text
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_an_account_without_an_email_shares_none(standin):
    claims = decoded(standin, tokens(standin, "no-email")["id_token"])
    assert not {"email", "email_verified"} & claims.keys()


def test_a_public_host_is_refused(standin):
    for host in ("accounts.google.com", "8.8.8.8", "movy.example"):
        response = requests.get(f"{standin.base_url}/oauth2/v1/certs", headers={"Host": host}, timeout=20)
        assert response.status_code == 403
    with pytest.raises(ValueError, match="public"):
        google.make(base="https://login.movy.example")
    with pytest.raises(ValueError, match="public"):
        google.make(host="8.8.8.8")


@pytest.mark.parametrize(
    ("host", "is_private"),
    [
        ("127.0.0.1", True),
        ("192.168.4.2", True),
        ("0.0.0.0", True),
        ("::1", True),
        ("localhost", True),
        ("google", True),
        ("laptop.local", True),
        ("8.8.8.8", False),
        ("2001:4860:4860::8888", False),
        ("movy.example", False),
        ("", False),
    ],
)
def test_which_hosts_are_private(host, is_private):
    assert is_private_host(host) is is_private


def test_an_unknown_page_is_a_page(standin):
    response = requests.get(f"{standin.base_url}/nowhere/{secrets.token_hex(4)}", timeout=20)
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")
    assert requests.get(f"{standin.base_url}/token", timeout=20).status_code == 405


def test_pkce_and_at_hash_are_those_of_the_standards():
    # The example of RFC 7636, appendix B.
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert len(base64.urlsafe_b64decode(at_hash("x") + "==")) == 16


def test_the_page_leads_to_the_applications_origin_only(standin):
    policy = visit(standin).headers["Content-Security-Policy"]
    parts = urlsplit(CALLBACK)
    assert f"form-action 'self' {parts.scheme}://{parts.netloc};" in policy
