"""`make messages`: what pages and mails say, gathered into each language's catalogue, and the catalogues compiled.

    python -m scripts.messages           gather, compile, and say what is left to translate
    python -m scripts.messages --check   change nothing; fail when a catalogue is not as it must be

All by Babel, which Movy has anyway: GNU gettext need not be there. docs/languages.md tells what is gathered.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
BEGUN = datetime(2026, 11, 23, tzinfo=UTC)
PYTHON = ("accounts", "theatres", "catalog", "bookings", "payments", "movy")
SINGLE, PLURAL = None, (1, 2)
KEYWORDS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], SINGLE),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], PLURAL),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}

STAFF = re.compile(
    r"""
    (^|/)(tests|migrations|management|admin|reports)/ | admin(_site)?\.py$ | ^movy/outbox/ | ^theatres/plan/
    | ^bookings/(attendance|door_views|schedule_forms|verdicts)\.py$
    | ^catalog/(imports|series|sheet|staff_views|week)\.py$
    | ^payments/(desk_forms|desk_views|queue_rows|queues|reconciliation_views|report_forms|report_views|till)\.py$
    | ^theatres/(office|planning)\.py$
    | ^movy/(changes|lib/(batch|exports|given_up|history|long_lists))\.py$ | ^[a-z]+/history\.py$
    | ^templates/(bookings/_?door\w* | payments/desk\w* | catalog/add_movie | theatres/(staff|_staff_nav))\.html$
    """,
    re.VERBOSE,
)
"""Files of what only the people of theatres see, who see it in English (movy/languages.py)."""

Identity = tuple[str | None, str | tuple[str, ...]]
"""A message as a catalogue knows it: its context; its words, or those of singular and plural."""

_TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"(?<!\w)(n?p?gettext|_)\(\s*({_TEXT}(?:,\s*{_TEXT})*)(?:,\s*count)?\)")

_PART = re.compile(r"%\(\w+\)[sd]|%[sd]|(?<!\{)\{\w+\}(?!\})|</?\w[^>]*>")
"""What stands in a message for something else: a value, in Python or for a script, and a tag."""

_LOOSE = {"fr": re.compile(r"[\w)%] *[;!?](?!\w)|[\w)%] ?:(?=\s|$)|« | »|«\w|\w»")}
"""Marks that stand too close, or on the next line: French wants a space before them that doesn't break."""


def gathered() -> Catalog:
    """Return every message that visitors may get to see, each with the files that say it."""
    catalog = Catalog(project="Movy", charset="utf-8")
    for path, (context, message) in _found():
        catalog.add(message, locations=[(path, 0)], context=context)
    return catalog


def _found() -> Iterator[tuple[str, Identity]]:
    sources = [path for top in PYTHON for path in (ROOT / top).rglob("*.py")]
    for path in sorted([*sources, *(ROOT / "templates").rglob("*.*")]):
        name = path.relative_to(ROOT).as_posix()
        if not STAFF.search(name):
            for identity in _of_python(path) if path.suffix == ".py" else _of_template(path):
                yield name, identity


def _of_python(path: Path) -> Iterator[Identity]:
    with path.open("rb") as file:
        for _line, message, _comments, context in extract("python", file, KEYWORDS):
            yield context, message


def _of_template(path: Path) -> Iterator[Identity]:
    """Django turns a template into calls of gettext amid blots; only the calls are read."""
    for function, arguments in _CALL.findall(templatize(path.read_text())):
        texts = ast.literal_eval(f"({arguments},)")
        context = texts[0] if "p" in function else None
        words = texts[1:] if "p" in function else texts
        yield context, words if len(words) > 1 else words[0]


def po_path(code: str) -> Path:
    return ROOT / "locale" / code / "LC_MESSAGES" / "django.po"


def catalogue(code: str) -> Catalog:
    """Return a language's catalogue as it is written, an empty one for a new language."""
    path = po_path(code)
    catalog = Catalog(locale=code, fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=code, abort_invalid=True)
    catalog.project, catalog.version = "Movy", "1"
    catalog.header_comment = "# Gathered by `make messages`, translated by hand: docs/languages.md"
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = "CONTRIBUTING.md"
    catalog.creation_date = catalog.revision_date = BEGUN  # the same file for the same messages
    return catalog


def compiled(catalog: Catalog) -> bytes:
    target = BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def renewed(code: str, template: Catalog) -> Catalog:
    """Return a language's catalogue with today's messages: new ones empty, old ones gone, none guessed."""
    catalog = catalogue(code)
    catalog.update(template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def write(catalog: Catalog, code: str) -> None:
    path = po_path(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:  # without line numbers, which would change with every commit
        write_po(file, catalog, width=0, include_lineno=False, sort_output=True)
    path.with_suffix(".mo").write_bytes(compiled(catalog))


def faults(code: str, template: Catalog) -> list[str]:
    """Return what is wrong with a language's catalogue, a line each; nothing when it is as it must be."""
    catalog = catalogue(code)
    found = [f"not gathered: {_name(message)}" for message in _missing(template, catalog)]
    found += [f"no longer said: {_name(message)}" for message in _missing(catalog, template)]
    for message in catalog:
        if not message.id:
            continue
        texts = _texts(message)
        if not all(texts):
            found.append(f"not translated: {_name(message)}")
        elif message.fuzzy:
            found.append(f"guessed: {_name(message)}")
        else:
            found += [f"{error}: {_name(message)}" for error in message.check(catalog)]
            found += [f"other values or tags, {text!r}" for text in texts if _parts(text) not in _parts_of(message)]
            found += [f"typography, {text!r}" for text in texts if code in _LOOSE and _LOOSE[code].search(text)]
    if not found and po_path(code).with_suffix(".mo").read_bytes() != compiled(catalog):
        found.append("compiled from another catalogue: run `make messages`")
    return found


def _parts(text: str) -> set[str]:
    return set(_PART.findall(text))


def _parts_of(message: Message) -> list[set[str]]:
    """Return what a translation has to have in it: as the singular, or as the plural."""
    return [_parts(text) for text in ([message.id] if isinstance(message.id, str) else message.id)]


def _texts(message: Message) -> list[str]:
    """Return a translation's text, or that of each of its plurals."""
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def _missing(wanted: Catalog, catalog: Catalog) -> list[Message]:
    return [message for message in wanted if message.id and not _holds(catalog, message)]


def _holds(catalog: Catalog, message: Message) -> bool:
    """Whether a catalogue has a message with the same context, singular and plural."""
    other = catalog.get(message.id, message.context)
    return other is not None and other.id == message.id


def _name(message: Message) -> str:
    return repr(message.id) if message.context is None else f"{message.context}: {message.id!r}"


def main() -> int:
    template = gathered()
    failed = False
    for code, _own_name in settings.LANGUAGES:
        if code == settings.LANGUAGE_CODE:  # what the code says
            continue
        if "--check" not in sys.argv[1:]:
            write(renewed(code, template), code)
        for fault in faults(code, template):
            failed = True
            print(f"{po_path(code).relative_to(ROOT)}: {fault}")
    return int(failed)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movy.settings")
    sys.exit(main())
