"""The docs name things that are there: tests, variables, commands, other pages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
PAGES += sorted(ROOT.glob("standins/*.md"))

READ = re.compile(r'\benv\.(?:text|flag|number|whole|words|web_address)\(\s*"([A-Z_]+)"')
READ_BY_COMPOSE = re.compile(r"\$\{([A-Z_]+)")
OFFERED = re.compile(r"^#?([A-Z_]+)=", re.MULTILINE)
NAMED_TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
NAMED_TARGET = re.compile(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)")
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href|srcset)=\"([^\"\s]+)\"")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def sources(*folders: str) -> Iterator[str]:
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            if "tests" not in path.parts:
                yield path.read_text()


def anchors(page: Path) -> set[str]:
    """Return what a page's headings are linked by, as GitHub makes it from their words."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(page.read_text())}


def is_there(page: Path, link: str) -> bool:
    """Whether a link of a page leads to a file of this repository, and to a heading of it where it names one."""
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not anchor or anchor in anchors(target)


def test_every_test_that_the_list_of_faults_names_exists():
    named = NAMED_TEST.findall((ROOT / "docs/faults.md").read_text())
    assert named
    for path, name in named:
        assert (ROOT / path).is_file(), path
        functions = {node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if hasattr(node, "name")}
        assert name in functions, f"{path} has no {name}"


def test_every_variable_that_is_read_is_in_the_example_and_no_other():
    read = {name for source in sources("movy", "scripts") for name in READ.findall(source)}
    read |= set(READ_BY_COMPOSE.findall((ROOT / "docker-compose.yml").read_text()))
    assert set(OFFERED.findall((ROOT / ".env.example").read_text())) == read


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_this_repository_leads_somewhere(page):
    links = {link for pair in LINK.findall(page.read_text()) for link in pair if link}
    relative = {link for link in links if not re.match(r"[a-z]+:", link)}
    assert {link for link in relative if not is_there(page, link)} == set()


def test_every_command_that_is_named_is_in_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for page in PAGES for target in NAMED_TARGET.findall(page.read_text())}
    assert named - targets == set()
