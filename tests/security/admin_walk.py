"""A manager's walk through the office that looks for a foreign row by every way in and yields a line for each leak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

NO_SUCH_PK = 987_654_321
Model = type[models.Model]
Rows = dict[Model, models.Model]


def url(model: Model, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def model_admin(model: Model) -> admin.ModelAdmin[Any]:
    return admin.site._registry[model]


def snapshot(row: models.Model) -> dict[str, Any] | None:
    """What the database holds of a row, None once it is gone."""
    return type(row)._default_manager.filter(pk=row.pk).values().first()


class Walk:
    """`client` is signed in as the manager who owns `mine` and must not find `foreign`; `words` mark foreign text."""

    def __init__(self, client: Client, *, mine: Rows, foreign: Rows, words: list[str]) -> None:
        self.client, self.mine, self.foreign, self.words = client, mine, foreign, [word.lower() for word in words]

    def leaks(self, model: Model) -> list[str]:
        ways = (self.lists, self.filters, self.pages, self.autocomplete, self.actions, self.forms, self.on_site)
        return [leak for way in ways for leak in way(model)]

    # ---- Ways in

    def lists(self, model: Model) -> Iterator[str]:
        """The list, plain, as a popup, searched; the foreign row's own page is never linked."""
        row = self.foreign[model]
        for query in ("", "?all=", "?_popup=1&_to_field=id", *self._searches(row)):
            response = self.client.get(url(model, "changelist") + query)
            shown = self._listed(response)
            if row.pk in shown:
                yield f"listed under {query!r}"
            if not query.startswith("?q="):  # a search shows what was searched for
                yield from self._words(response, f"list {query!r}")

    def _searches(self, row: models.Model) -> Iterator[str]:
        """Each of the foreign row's own texts as a search."""
        for value in filter(None, (snapshot(row) or {}).values()):
            if isinstance(value, str):
                yield "?" + urlencode({"q": value})

    def filters(self, model: Model) -> Iterator[str]:
        """Every relation of the model, two steps far: a filter that answers otherwise for a foreign row than for one
        that never was is an oracle."""
        for path, related in relations(model, steps=2):
            row = self.foreign.get(related)
            if row is None:
                continue
            for lookup in ("", "__id__exact", "__pk__in"):
                asked = [self.client.get(url(model, "changelist"), {path + lookup: pk}) for pk in (row.pk, NO_SUCH_PK)]
                yield from self._differ(asked, f"?{path}{lookup}=")
            for text in text_fields(related):
                value = str(getattr(row, text))[:3]
                asked = [
                    self.client.get(url(model, "changelist"), {f"{path}__{text}__startswith": start})
                    for start in (value, "no such text")
                ]
                yield from self._differ(asked, f"?{path}__{text}__startswith=")

    def pages(self, model: Model) -> Iterator[str]:
        """The pages of one row, read and posted to, answer as for a row that never was, and change nothing."""
        row = self.foreign[model]
        before = snapshot(row)
        for page in ("change", "history", "delete"):
            for query in ("", "?_popup=1", "?_to_field=id"):
                for ask in (self.client.get, self.client.post):
                    data = {"post": "yes"} if page == "delete" else {}
                    answers = [ask(url(model, page, pk) + query, data) for pk in (row.pk, NO_SUCH_PK)]
                    told = [(answer.status_code, answer.get("Location")) for answer in answers]
                    if told[0] != told[1] or told[0][0] not in (302, 403, 405):
                        yield f"{ask.__name__} {page}{query} answers {told[0]}, a missing row {told[1]}"
                    yield from self._words(answers[0], page)
        if snapshot(row) != before:
            yield "changed by its page"

    def autocomplete(self, model: Model) -> Iterator[str]:
        """Every foreign key that points at the model, as the source of an autocomplete."""
        for field in fields_to(model):
            for term in ("", *self.words):
                query = {
                    "app_label": field.model._meta.app_label,
                    "model_name": field.model._meta.model_name,
                    "field_name": field.name,
                    "term": term,
                }
                response = self.client.get(reverse("admin:autocomplete"), query)
                yield from self._words(response, f"autocomplete of {field}")

    def actions(self, model: Model) -> Iterator[str]:
        """Every action, with the foreign key among the ticked ones."""
        row = self.foreign[model]
        before = snapshot(row)
        for action in [*model_admin(model).actions, "delete_selected"]:
            data = {"action": action, "index": 0, ACTION_CHECKBOX_NAME: [row.pk]}
            response = self.client.post(url(model, "changelist"), data, follow=True)
            yield from self._words(response, f"action {action}")
            if snapshot(row) != before:
                yield f"changed by action {action}"

    def forms(self, model: Model) -> Iterator[str]:
        """The add form and the own row's form: foreign choices are neither offered nor taken."""
        own = self.mine.get(model)
        pages = [url(model, "add")]
        if own is not None:
            pages.append(url(model, "change", own.pk))
        for page in pages:
            response = self.client.get(page)
            if response.status_code != 200:
                continue
            yield from self._words(response, f"form {page}")
            for name, field in choice_fields(response):
                foreign = self.foreign.get(field.queryset.model)
                if foreign is None:
                    continue
                offered = self.client.get(page, {name: foreign.pk})
                yield from self._words(offered, f"form {page} with {name} given")
                yield from self._taken(model, page, form_data(response) | {name: foreign.pk}, name)

    def _taken(self, model: Model, page: str, data: dict[str, Any], name: str) -> Iterator[str]:
        before = list(model._default_manager.order_by("pk").values())
        response = self.client.post(page, data)
        yield from self._words(response, f"{page} answered to a foreign {name}")
        if response.status_code != 200 or list(model._default_manager.order_by("pk").values()) != before:
            yield f"{page} takes a foreign {name}"

    def on_site(self, model: Model) -> Iterator[str]:
        """Django's "view on site" leads to a row's public address, which may hold a secret."""
        kind = ContentType.objects.get_for_model(model)
        response = self.client.get(reverse("admin:view_on_site", args=[kind.pk, self.foreign[model].pk]))
        if response.status_code != 404:
            yield f"view on site answers {response.status_code}"

    # ---- Looking

    def _listed(self, response: HttpResponse) -> set[Any]:
        return {row.pk for row in response.context["cl"].result_list} if response.status_code == 200 else set()

    def _differ(self, answers: list[Any], asked: str) -> Iterator[str]:
        foreign, missing = ((answer.status_code, self._listed(answer)) for answer in answers)
        if foreign != missing:
            yield f"{asked} answers {foreign} for a foreign row, {missing} for none"

    def _words(self, response: Any, where: str) -> Iterator[str]:
        text = response.content.decode().lower()
        yield from (f"{word!r} stands in {where}" for word in self.words if word in text)


def relations(model: Model, *, steps: int) -> Iterator[tuple[str, Model]]:
    """Paths over foreign keys, forwards and back."""
    for field in model._meta.get_fields():
        if field.is_relation and field.related_model is not None:
            yield field.name, field.related_model
            if steps > 1:
                for path, related in relations(field.related_model, steps=steps - 1):
                    yield f"{field.name}__{path}", related


def text_fields(model: Model) -> list[str]:
    """One text column is enough to guess a row by."""
    texts = (field.name for field in model._meta.concrete_fields if isinstance(field, models.CharField))
    return [name for name in texts if name not in ("status", "currency")][:1]


def fields_to(model: Model) -> list[Any]:
    """Foreign keys and many-to-many of the office's models that point at this one."""
    office = {*admin.site._registry}
    for registered in admin.site._registry.values():
        office |= {inline.model for inline in registered.get_inlines(None, None)}
    return [
        field
        for source in sorted(office, key=lambda source: source.__name__)
        for field in (*source._meta.concrete_fields, *source._meta.many_to_many)
        if field.is_relation and field.related_model is model
    ]


def choice_fields(response: Any) -> list[tuple[str, forms.ModelChoiceField]]:
    """The fields of a form and of its inlines' empty forms that choose rows, by the name they are posted under."""
    bound = list(response.context["adminform"].form)
    return [(field.html_name, field.field) for field in bound if isinstance(field.field, forms.ModelChoiceField)]


def form_data(response: Any) -> dict[str, Any]:
    """What a browser would post if the person changed nothing."""
    every = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        every += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {}
    for form in every:
        for field in form:
            value = field.value()
            if value is not None and value is not False and not isinstance(field.field, forms.FileField):
                data[field.html_name] = (
                    [getattr(item, "pk", item) for item in value] if isinstance(value, list) else value
                )
    return data
