"""The pages people see: choosing an account, agreeing, errors, and a token for the mobile sign-in. No script."""

from collections.abc import Iterable
from html import escape

from standins.google.people import PEOPLE, Person
from standins.google.signin import SignIn
from standins.http import Response
from standins.pages import page

NOTICE = "This is Movy's stand-in for Google. Nobody's real account is here, and anybody may be anybody."
SHOWN_NAME_MAX = 60


def chooser(sign_in: SignIn, *, problem: str = "") -> Response:
    action = escape(f"/signin/account?{sign_in.query}")
    bad = f'<p class="bad" role="alert">{escape(problem)}</p>' if problem else ""
    ready, odd = (_buttons(person for person in PEOPLE if person.is_odd is is_odd) for is_odd in (False, True))
    body = f"""
<div class="card">
<h1>Choose an account</h1>
<p>to continue to <strong>{escape(sign_in.application_host)}</strong></p>
{bad}
<form method="post" action="{action}">
{ready}
<details><summary>Odd accounts, for testing</summary>{odd}</details>
</form>
<details{" open" if problem else ""}><summary>Use another account</summary>
<form method="post" action="{action}">
<label>E-mail <input name="email" type="email" maxlength="254" required autocomplete="off"></label>
<label>Name <input name="name" maxlength="300" required autocomplete="off"></label>
<label>Has Google verified the e-mail?
<select name="verified"><option value="yes">Yes</option><option value="no">No</option></select></label>
<button>Next</button>
</form></details>
<form method="post" action="{escape(f"/signin/consent?{sign_in.query}")}">
<button class="plain" name="decision" value="deny">Cancel</button>
</form>
</div>"""
    return page("Choose an account", body, notice=NOTICE, form_targets=(sign_in.application_origin,))


def consent(sign_in: SignIn, person: Person) -> Response:
    wanted = {"email": "your e-mail address", "profile": "your name and picture"}
    rows = [text for scope, text in wanted.items() if scope in sign_in.scopes] or ["that you have an account"]
    body = f"""
<div class="card">
<h1>Sign in to {escape(sign_in.application_host)}</h1>
<p>as <strong>{escape(_shown(person.name))}</strong></p>
<p class="quiet">{escape(person.email or "no e-mail")}</p>
<p>It will learn:</p>
<ul>{"".join(f"<li>{escape(row)}</li>" for row in rows)}</ul>
<form method="post" action="{escape(f"/signin/consent?{sign_in.query}")}">
<input type="hidden" name="person" value="{escape(person.key)}">
<button name="decision" value="allow">Continue</button>
<button class="plain" name="decision" value="deny">Cancel</button>
</form>
</div>"""
    return page("Sign in with Google", body, notice=NOTICE, form_targets=(sign_in.application_origin,))


def refusal(code: str, text: str, *, status: int = 400) -> Response:
    """Return the page Google shows when it cannot lead back: the address to lead back to is what is wrong."""
    body = f"""
<div class="card">
<h1>Access blocked: the request is invalid</h1>
<p>{escape(text)}</p>
<p class="quiet">Error {status}: {escape(code)}</p>
</div>"""
    return page(f"Error {status}: {code}", body, notice=NOTICE, status=status)


def token_page(token: str = "") -> Response:
    shown = f'<div class="card"><h2>id_token</h2><p class="quiet">{escape(token)}</p></div>' if token else ""
    body = f"""
<div class="card">
<h1>A token for the mobile sign-in</h1>
<p>What Google's SDK would hand to the app, to be sent to <code>POST /api/v1/auth/google</code>. It lives an hour.</p>
</div>
{shown}
<div class="card"><form method="post" action="/dev/id-token">{_buttons(PEOPLE)}</form></div>"""
    return page("A token for the mobile sign-in", body, notice=NOTICE)


def _buttons(people: Iterable[Person]) -> str:
    return "\n".join(
        f'<button class="row plain" name="person" value="{escape(person.key)}">'
        f"<span>{escape(_shown(person.name))}</span>"
        f"<span>{escape(person.email or 'no e-mail')} · {escape(person.what)}</span></button>"
        for person in people
    )


def _shown(name: str) -> str:
    return name if len(name) <= SHOWN_NAME_MAX else f"{name[:SHOWN_NAME_MAX]}…"
