"""Who has a Google account here: people to sign in as, and one for each way in which an account can be odd."""

import hashlib
from dataclasses import dataclass

from demo.people import PEOPLE as DEMO_PEOPLE

_DEMO_BY_EMAIL = {person.email: person for person in DEMO_PEOPLE}


def subject(text: str) -> str:
    """Return Google's kind of account id, 21 digits, the same for the same text every time."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:12], "big")
    return f"1{number % 10**20:020d}"


@dataclass(frozen=True)
class Person:
    """A Google account. `key` names it in forms and tests; `what` tells people why it is here."""

    key: str
    sub: str
    email: str
    given_name: str
    family_name: str
    what: str
    is_email_verified: bool = True
    hosted_domain: str = ""
    is_odd: bool = False

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


def _person(key: str, email: str, given_name: str, family_name: str, what: str) -> Person:
    return Person(key, subject(key), email, given_name, family_name, what)


def _odd(
    key: str,
    email: str,
    given_name: str,
    family_name: str,
    what: str,
    *,
    sub: str = "",
    is_email_verified: bool = True,
    hosted_domain: str = "",
) -> Person:
    return Person(
        key, sub or subject(key), email, given_name, family_name, what, is_email_verified, hosted_domain, is_odd=True
    )


def _from_demo(key: str, what: str, *, is_odd: bool = False) -> Person:
    """Return a Google account with the e-mail and the name of one of the demo's accounts."""
    person = _DEMO_BY_EMAIL[f"{key}@movy.test"]
    return Person(key, subject(key), person.email, person.first_name, person.last_name, what, is_odd=is_odd)


PEOPLE = (
    _person("zainab", "zainab@gmail.test", "Zainab", "Oyelaran", "new to Movy"),
    _person("kwame", "kwame@gmail.test", "Kwame", "Boateng-Osei", "new to Movy"),
    _from_demo("ada", "has a Movy account with a password"),
    _from_demo("kofi", "has a Movy account with a password"),
    _from_demo("manager", "e-mail of a theatre's manager", is_odd=True),
    _from_demo("admin", "e-mail of the platform's owner", is_odd=True),
    _odd("unverified", "unsure@gmail.test", "Unsure", "Adjei", "e-mail not verified", is_email_verified=False),
    _odd("unverified-ada", "ada@movy.test", "Not", "Ada", "Ada's e-mail, not verified", is_email_verified=False),
    _odd("no-email", "", "Nomail", "Wambui", "shares no e-mail"),
    _odd("moved-before", "old.address@gmail.test", "Moving", "Mensah", "before a new e-mail", sub=subject("moved")),
    _odd("moved-after", "new.address@gmail.test", "Moving", "Mensah", "after a new e-mail", sub=subject("moved")),
    _odd("twin-one", "twin@gmail.test", "Twin", "One", "two accounts, one e-mail"),
    _odd("twin-two", "twin@gmail.test", "Twin", "Two", "two accounts, one e-mail"),
    _odd("shouting", "SHOUTING@GMAIL.TEST", "Shouting", "Eze", "e-mail in capitals"),
    _odd("diacritics", "omolara@gmail.test", "Ọmọlará", "Àdùkẹ́", "name with marks"),
    _odd("arabic", "layla@gmail.test", "ليلى", "القاسم", "name from right to left"),
    _odd("markup", "markup@gmail.test", "<script>alert(1)</script>", "O'Brien & <b>Co</b>", "markup for a name"),
    _odd("long", "long@gmail.test", "Very " * 30 + "Long", "Name " * 28 + "Final", "name of 300 letters"),
    _odd("mononym", "mono@gmail.test", "Amaka", "", "no family name"),
    _odd("workspace", "staff@cinema.test", "Workspace", "Njoroge", "company account", hosted_domain="cinema.test"),
)
PERSON_BY_KEY = {person.key: person for person in PEOPLE}


def typed_person(email: str, name: str, *, is_email_verified: bool) -> Person:
    """Return the account behind "use another account": the same e-mail is the same account every time."""
    given_name, _, family_name = name.strip().partition(" ")
    return Person(
        key=f"typed-{subject(email.lower())}",
        sub=subject(email.lower()),
        email=email,
        given_name=given_name,
        family_name=family_name.strip(),
        what="typed in",
        is_email_verified=is_email_verified,
    )
