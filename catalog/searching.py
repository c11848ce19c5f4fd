"""Finding films by what somebody typed: by words of titles and of the names of who made them, in any order, without
minding case, accents, a letter too many or too few, or two that changed places.

It is done here and not in the database, so that SQLite and MariaDB find the same. The words of all films are kept under
the catalogue's stamp (docs/caching.md); a search then asks the database nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from catalog.models import Credit, Movie
from movy.lib.recent import Recent
from movy.lib.stamp import KEPT_SECONDS, stamp
from movy.lib.text import search_form

LEFT_OUT = frozenset(["the", "a", "an", "and", "of", "in", "le", "la", "les", "der", "die", "das"])
"""Words that people add, forget or mistake. They are looked for where nothing else was typed."""

WORDS_MAX = 8  # of what was typed: the rest would only cost time
JOINED_MIN = 5  # letters from which "goldrush" is looked for in "gold rush"
NEAR_LEAST = 0.4  # of the pairs of letters that were typed, for a title to be what may have been meant

_kept: Recent[Words] = Recent(size=1, seconds=KEPT_SECONDS)


@dataclass(frozen=True)
class Meant:
    """Films that somebody may have meant. `is_guess`: none has the words as they were typed."""

    movie_ids: frozenset[int] = frozenset()
    is_guess: bool = False


def movies_meant(text: str) -> Meant:
    """Return the films that were meant. Two queries where the words are not at hand."""
    return words_of_films().meant(text)


def movies_near(text: str, *, limit: int) -> list[int]:
    """Return films to offer where movies_meant knows none, the likeliest first. Queries as there."""
    return words_of_films().near(text, limit=limit)


def words_of_films() -> Words:
    now = stamp()
    found = None if now is None else _kept.find(now)
    return found or (_read() if now is None else _kept.keep(now, _read()))


class Words:
    """The words of films, and which films have them."""

    def __init__(self, films: Iterable[tuple[int, str, Iterable[str]]]) -> None:
        """`films`: of each its key, its titles, and the names of its people."""
        self._films_of: dict[str, set[int]] = defaultdict(set)
        self._joined: dict[int, str] = {}
        self._pairs: dict[int, set[str]] = {}
        for film, titles, names in films:
            of_title = _split(titles)
            self._joined[film] = "".join(of_title)
            self._pairs[film] = {pair for word in of_title for pair in _pairs(word)}
            for word in [*of_title, *(word for name in names for word in _split(name))]:
                self._films_of[word].add(film)
        self._words_with: dict[str, list[str]] = defaultdict(list)
        for word in self._films_of:
            for pair in set(_pairs(word)):
                self._words_with[pair].append(word)

    def meant(self, text: str) -> Meant:
        """Return the films that have every word, or its letters, as it was typed; only where there is none, those that
        have words like them: who types a name rightly gets no other."""
        typed = _typed(text)
        if not typed:
            return Meant()
        if as_typed := self._with_all(typed, self._having) | self._run_together(typed):
            return Meant(frozenset(as_typed))
        return Meant(frozenset(self._with_all(typed, self._like)), is_guess=True)

    def near(self, text: str, *, limit: int) -> list[int]:
        """Return films by how many of the pairs of letters that were typed their titles have, shorter titles first."""
        typed = {pair for word in _typed(text) for pair in _pairs(word)}
        shares = {film: len(typed & pairs) / len(typed) for film, pairs in self._pairs.items()} if typed else {}
        near = [film for film, share in shares.items() if share >= NEAR_LEAST]
        return sorted(near, key=lambda film: (-shares[film], len(self._joined[film]), film))[:limit]

    def _with_all(self, typed: list[str], alike: Callable[[str], Iterable[str]]) -> set[int]:
        """Return the films that have, for every typed word, one that is like it."""
        return set.intersection(*({film for word in alike(one) for film in self._films_of[word]} for one in typed))

    def _having(self, typed: str) -> list[str]:
        return [word for word in self._films_of if typed in word]

    def _run_together(self, typed: list[str]) -> set[int]:
        joined = "".join(typed)
        return {film for film, title in self._joined.items() if len(joined) >= JOINED_MIN and joined in title}

    def _like(self, typed: str) -> list[str]:
        """Return words that have the letters, or that begin like them but for a few. An edit takes at most three pairs
        of letters from a word, so words that share too few with it need not be looked at."""
        edits = _edits_allowed(typed)
        if not edits:
            return self._having(typed)
        shared = Counter(word for pair in set(_pairs(typed)) for word in self._words_with.get(pair, ()))
        least = max(1, len(set(_pairs(typed))) - 3 * edits)
        near = [word for word, count in shared.items() if count >= least and len(word) >= len(typed) - edits]
        return [word for word in near if _edits(typed, word) <= edits] + self._having(typed)


def _read() -> Words:
    """Two queries."""
    names: dict[int, list[str]] = defaultdict(list)
    for film, name in Credit.objects.order_by().values_list("movie_id", "person__name"):
        names[film].append(name)
    films = Movie.objects.order_by().values_list("pk", "title", "original_title")
    return Words((film, f"{title} {original}", names[film]) for film, title, original in films)


def _split(text: str) -> list[str]:
    """Return the words: "It's a Café-Noir" is its, a, cafe, noir."""
    return re.findall(r"[^\W_]+", re.sub(r"['’]", "", search_form(text)))


def _typed(text: str) -> list[str]:
    words = _split(text)[:WORDS_MAX]
    return [word for word in words if word not in LEFT_OUT] or words


def _pairs(word: str) -> list[str]:
    """Return the pairs of neighbouring letters, the first letter's own with a space before it."""
    return [f" {word}"[place : place + 2] for place in range(len(word))]


def _edits_allowed(typed: str) -> int:
    """Return how many mistakes a word may have: none in three letters, or everything would be like everything."""
    return 0 if len(typed) < 4 else 1 if len(typed) < 7 else 2


def _edits(typed: str, word: str) -> int:
    """Return how many letters must be added, left out, changed or swapped with their neighbour to make of what was
    typed how the word begins: people search while they type. The distance is Damerau and Levenshtein's, in its form
    that touches no letter twice."""
    before: list[int] = []
    last = list(range(len(word) + 1))
    for i, letter in enumerate(typed, 1):
        row = [i]
        for j, other in enumerate(word, 1):
            edits = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == word[j - 2] and other == typed[i - 2]:
                edits = min(edits, before[j - 2] + 1)
            row.append(edits)
        before, last = last, row
    return min(last)
