"""Catalogues: everything a visitor may read is gathered, and a catalogue with a hole or a slip is noticed."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from scripts import messages
from scripts.messages import faults, gathered, main, write


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def template(folder) -> Catalog:
    """What a small site says."""
    return site(
        folder,
        python='A = gettext("Pay %(total)s")\nB = ngettext("%(count)d seat", "%(count)d seats", n)\n',
        html="{% translate 'Seats' %}{% blocktranslate %}Hello {{ name }}!{% endblocktranslate %}",
    )


def site(folder, *, python: str = "", html: str = "") -> Catalog:
    for path, text in (("bookings/pages.py", python), ("templates/page.html", html)):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    return gathered()


def french(template: Catalog, **changed: str) -> None:
    """Write and compile a catalogue: these translations, for all the others a right one."""
    right = {
        "Pay %(total)s": "Payer %(total)s",
        "%(count)d seat": ("%(count)d place", "%(count)d places"),
        "Seats": "Places",
        "Hello %(name)s!": "Bonjour %(name)s\u202f!",
    }
    catalog = messages.catalogue("fr")
    for message in template:
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[0]
            catalog.add(message.id, changed.get(first, right[first]))
    write(catalog, "fr")


def test_texts_of_code_and_templates_are_gathered_with_their_plurals_and_contexts(folder):
    template = site(
        folder,
        python='A = [_("One"), pgettext_lazy("given name", "Adult"), npgettext("seat", "%d free", "%d free", n)]\n',
        html="{% translate 'It’s \"two\"' %}{{ page|default:_('Three') }}{% include 'x' with text=_('Four') %}"
        "{% blocktranslate trimmed count n=n %}\n one \n{% plural %}\n {{ n }} many \n{% endblocktranslate %}",
    )
    assert {(message.context, message.id) for message in template if message.id} == {
        (None, "One"),
        ("given name", "Adult"),
        ("seat", ("%d free", "%d free")),
        (None, 'It’s "two"'),
        (None, "Three"),
        (None, "Four"),
        (None, ("one", "%(n)s many")),
    }


def test_what_only_theatres_see_is_not_gathered(folder):
    for path in ("bookings/admin/pages.py", "bookings/tests/test_x.py", "payments/desk_views.py", "catalog/admin.py"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text('_("Takings")')
    assert [message.id for message in site(folder) if message.id] == []


def test_a_whole_catalogue_has_no_faults(template):
    french(template)
    assert faults("fr", template) == []


@pytest.mark.parametrize(
    ("message", "text", "said"),
    [
        ("Seats", "", "not translated"),
        ("%(count)d seat", ("%(count)d place", ""), "not translated"),
        ("Pay %(total)s", "Payer", "other values"),
        ("Pay %(total)s", "Payer %(totl)s", "unknown named placeholder"),
        ("Hello %(name)s!", "Bonjour %(name)s !", "typography"),
        ("Hello %(name)s!", "Bonjour %(name)s!", "typography"),
        ("Seats", "Places : A", "typography"),
    ],
)
def test_a_slip_is_noticed(template, message, text, said):
    french(template, **{message: text})
    found = faults("fr", template)
    assert found
    assert said in found[0]


def test_a_guess_is_noticed(template):
    french(template)
    catalog = messages.catalogue("fr")
    catalog["Seats"].flags.add("fuzzy")
    write(catalog, "fr")
    assert faults("fr", template) == ["guessed: 'Seats'"]


def test_a_sentence_that_was_written_or_taken_away_since_is_noticed(folder, template):
    french(template)
    since = site(folder, python='A = gettext("Pay %(total)s")\nC = gettext("New")\n', html="{% translate 'Seats' %}")
    assert sorted(fault.partition(":")[0] for fault in faults("fr", since)) == [
        "no longer said",
        "no longer said",
        "not gathered",
    ]


def test_a_catalogue_that_was_not_compiled_is_noticed(template):
    french(template)
    path = messages.po_path("fr")
    path.write_text(path.read_text().replace("Places", "Sièges"))
    assert faults("fr", template) == ["compiled from another catalogue: run `make messages`"]


def test_gathering_again_keeps_what_was_translated_and_guesses_nothing(folder, template, monkeypatch, capsys):
    french(template)
    site(folder, html="{% translate 'Seats' %}{% translate 'Seat' %}")
    monkeypatch.setattr("sys.argv", ["messages"])
    assert main() == 1
    assert capsys.readouterr().out == "locale/fr/LC_MESSAGES/django.po: not translated: 'Seat'\n"
    catalog = messages.catalogue("fr")
    assert {message.id: message.string for message in catalog if message.id} == {"Seats": "Places", "Seat": ""}
    assert not list(catalog.obsolete)
