"""The page that shows the schema to people."""

from __future__ import annotations

import re


def test_it_leads_to_the_schema_also_without_a_script(client):
    page = client.get("/api/v1/docs").content.decode()
    assert 'href="/api/v1/schema"' in page
    assert "<noscript>" in page


def test_it_is_under_the_policy_of_every_page_and_has_nothing_from_outside(client):
    docs, page = client.get("/api/v1/docs"), client.get("/nothing")
    parts = re.findall(r'(?:src|href)="(/static/[^"]+)"', docs.content.decode())
    assert len(parts) > 3
    assert {client.get(part).status_code for part in parts} == {200}
    assert not re.findall(r'<(?:script|link)[^>]+(?:src|href)="(?!/[^/])', docs.content.decode())
    assert directives(docs) == directives(page)


def directives(answer) -> set[str]:
    return set(answer["Content-Security-Policy"].split("; "))
