from __future__ import annotations

import random

import pytest

from catalog import searching
from catalog.models import Credit, Job, Person
from catalog.searching import Meant, Words, movies_meant, movies_near
from catalog.tests.factories import MovieFactory

FILMS = [
    ("Nosferatu", "Nosferatu, eine Symphonie des Grauens", ["F. W. Murnau", "Max Schreck"]),
    ("Sherlock Jr.", "", ["Buster Keaton"]),
    ("The General", "", ["Buster Keaton", "Clyde Bruckman"]),
    ("The Cabinet of Dr. Caligari", "Das Cabinet des Dr. Caligari", ["Robert Wiene"]),
    ("Häxan", "", ["Benjamin Christensen"]),
    ("The Gold Rush", "", ["Charlie Chaplin"]),
    ("It's a Wonderful Life", "", ["Frank Capra", "James Stewart"]),
    ("A Trip to the Moon", "Le Voyage dans la Lune", ["Georges Méliès"]),
    ("Metropolis", "", ["Fritz Lang"]),
    ("Night of the Living Dead", "", ["George A. Romero"]),
    ("His Girl Friday", "", ["Howard Hawks"]),
]


@pytest.fixture(scope="module")
def words() -> Words:
    return Words((key, f"{title} {original}", names) for key, (title, original, names) in enumerate(FILMS))


def titles(words: Words, text: str) -> set[str]:
    return {FILMS[key][0] for key in words.meant(text).movie_ids}


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("NOSFERATU", "Nosferatu"),  # case
        ("haxan", "Häxan"),  # an accent left out
        ("méliés", "A Trip to the Moon"),  # another accent
        ("nosfratu", "Nosferatu"),  # a letter missing
        ("nosferattu", "Nosferatu"),  # one too many
        ("nosfreatu", "Nosferatu"),  # two swapped
        ("bosferatu", "Nosferatu"),  # the first one wrong
        ("nosfra", "Nosferatu"),  # wrong, and not yet at the end
        ("glod rush", "The Gold Rush"),  # swapped in a short word
        ("calagiri", "The Cabinet of Dr. Caligari"),  # two vowels
        ("metropolsi", "Metropolis"),
        ("shelrok", "Sherlock Jr."),
        ("ferat", "Nosferatu"),  # from the middle
        ("moon trip", "A Trip to the Moon"),  # another order
        ("the metropolis", "Metropolis"),  # a "the" that is not there
        ("general", "The General"),  # one left out
        ("night of living dead", "Night of the Living Dead"),
        ("its a wonderful life", "It's a Wonderful Life"),  # an apostrophe left out
        ("it’s a wonderful", "It's a Wonderful Life"),  # a curly one
        ("goldrush", "The Gold Rush"),  # words run together
        ("gold-rush", "The Gold Rush"),
        ("dans la lune", "A Trip to the Moon"),  # the original title
        ("murnau", "Nosferatu"),  # the director
        ("chaplain", "The Gold Rush"),
        ("keaton sherlok", "Sherlock Jr."),  # a person and a film
        ("girl friday howard", "His Girl Friday"),
    ],
)
def test_a_film_is_found_however_it_is_typed(words, typed, title):
    assert titles(words, typed) == {title}


def test_all_films_of_a_person_are_found(words):
    assert titles(words, "buster kaeton") == {"Sherlock Jr.", "The General"}


@pytest.mark.parametrize("typed", ["casablanca", "moon general", "???", "--", "_", "xyz", "q" * 100, "zz " * 33])
def test_what_no_film_is_like_finds_none(words, typed):
    assert titles(words, typed) == set()


def test_who_types_a_word_rightly_gets_no_other_like_it():
    words = Words([(1, "House", []), (2, "Horse", [])])
    assert words.meant("house") == Meant(frozenset({1}))
    assert words.meant("houxe") == Meant(frozenset({1}), is_guess=True)


def test_a_word_of_three_letters_must_be_right():
    assert Words([(1, "Dog", [])]).meant("dig").movie_ids == set()


def test_a_word_that_is_left_out_counts_where_nothing_else_was_typed():
    assert Words([(1, "The General", []), (2, "Metropolis", [])]).meant("the").movie_ids == {1}


def test_what_may_have_been_meant_is_offered_the_likeliest_first(words):
    assert FILMS[words.near("generall electric", limit=2)[0]][0] == "The General"
    assert [FILMS[key][0] for key in words.near("nosfertatatu", limit=3)] == ["Nosferatu"]
    assert words.near("zzzz", limit=3) == words.near("???", limit=3) == []


def test_ten_thousand_films_are_searched_by_comparing_few_words(monkeypatch):
    chance = random.Random(7)  # noqa: S311
    names = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=8)) for _ in range(10_000)]
    words = Words((key, name, []) for key, name in enumerate([*names, "Nosferatu"]))
    compared: list[str] = []
    edits = searching._edits
    monkeypatch.setattr(searching, "_edits", lambda typed, word: compared.append(word) or edits(typed, word))
    assert words.meant("nosfreatu").movie_ids == {10_000}
    assert len(compared) < 100


@pytest.mark.django_db
def test_films_in_the_database_are_found_by_two_queries(django_assert_num_queries):
    film = MovieFactory(title="Sánchez", original_title="El Señor")
    Credit.objects.create(movie=film, person=Person.objects.create(name="Ada Obi"), job=Job.DIRECTOR)
    MovieFactory(title="Other")
    with django_assert_num_queries(2):
        assert movies_meant("snachez").movie_ids == {film.pk}
    assert movies_meant("senor").movie_ids == movies_meant("obi").movie_ids == {film.pk}
    assert movies_near("sanshezz senora", limit=1) == [film.pk]
