"""Films in the office: found at TMDb, typed in by hand, fetched again, and whose they are to change."""

from __future__ import annotations

import errno
import io
import zlib
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from catalog.admin import films
from catalog.models import Credit, Listing, Movie, Person
from catalog.tests.factories import ListingFactory, MovieFactory
from demo.films import FILM_BY_SLUG
from tests.security.admin_walk import form_data, url
from tests.security.admin_world import House, house
from theatres.models import Membership, Role
from theatres.tests.factories import TheatreFactory

FIND = "/admin/catalog/listing/find/"
FILM = FILM_BY_SLUG["metropolis"]


@pytest.fixture(autouse=True)
def _own_pictures(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def own(db: None) -> House:
    return house("Velvet", 1)


@pytest.fixture
def rival(own: House) -> House:
    return house("Quartz", 2)


@pytest.fixture
def client(own: House) -> Client:
    return signed_in(own)


def signed_in(of: House) -> Client:
    client = Client()
    client.force_login(of.manager)
    return client


def refresh_url(movie: Movie) -> str:
    return reverse("admin:catalog_movie_refresh", args=[movie.pk])


# ---- Found at TMDb


def test_a_search_shows_posters_from_the_one_picture_host_and_no_other_page_allows_it(
    client: Client, own: House, tmdb: Any
) -> None:
    answer = client.get(FIND, {"q": "metropolis"})
    page = answer.content.decode()
    assert "Metropolis" in page
    assert f'src="{tmdb.base_url}/t/p/w342/' in page
    assert f"img-src 'self' data: {tmdb.base_url}" in answer["Content-Security-Policy"]
    assert tmdb.base_url not in client.get(url(Listing, "changelist"))["Content-Security-Policy"]
    assert "not endorsed, certified, or otherwise approved by" in page


def test_one_click_puts_a_film_on_the_list_and_marks_it_there(client: Client, own: House, tmdb: Any) -> None:
    data = {"q": "metropolis", "theatre": own.theatre.pk, "page": 1, "tmdb_id": FILM.tmdb_id}
    answer = client.post(FIND, data, follow=True)
    movie = Movie.objects.get(tmdb_id=FILM.tmdb_id)
    assert Listing.objects.filter(theatre=own.theatre, movie=movie).count() == 1
    page = answer.content.decode()
    assert "is on the list of Velvet Cinema now" in page
    assert "On the list" in page
    assert f'value="{FILM.tmdb_id}"' not in page  # the button is gone
    assert client.post(FIND, data).status_code == 302
    assert Listing.objects.filter(theatre=own.theatre, movie=movie).count() == 1


def test_a_manager_of_two_theatres_chooses_whose_list(client: Client, own: House, tmdb: Any) -> None:
    second = TheatreFactory(name="Second Cinema")
    Membership.objects.create(theatre=second, user=own.manager, role=Role.MANAGER)
    assert "Second Cinema" in client.get(FIND).content.decode()
    client.post(FIND, {"q": "", "theatre": second.pk, "tmdb_id": FILM.tmdb_id})
    assert [listing.theatre for listing in Listing.objects.filter(movie__tmdb_id=FILM.tmdb_id)] == [second]


@pytest.mark.parametrize("number", ["", "0", "-3", "abc", str(10**30)])
def test_a_number_that_is_none_is_refused_without_asking(client: Client, own: House, tmdb: Any, number: str) -> None:
    assert client.post(FIND, {"theatre": own.theatre.pk, "tmdb_id": number}).status_code == 400
    assert not tmdb.router.requests


@pytest.mark.parametrize("query", ["?q=x&page=abc", "?q=x&page=9999", "?theatre=0", f"?q={'x' * 300}", "?theatre=%00"])
def test_a_search_that_cannot_be_read_is_no_error_of_ours(client: Client, tmdb: Any, query: str) -> None:
    assert client.get(FIND + query).status_code in (200, 400)


def test_without_tmdb_the_page_says_so_and_leads_to_typing_by_hand(client: Client, own: House, settings: Any) -> None:
    settings.TMDB_ACCESS_TOKEN = ""
    count = Listing.objects.count()
    for answer in (
        client.get(FIND, {"q": "Metropolis"}),
        client.post(FIND, {"q": "Metropolis", "theatre": own.theatre.pk, "tmdb_id": FILM.tmdb_id}),
    ):
        page = answer.content.decode()
        assert answer.status_code == 502
        assert "Type the film in by hand" in page
        assert "title=Metropolis" in page
        assert 'value="Metropolis"' in page
    assert Listing.objects.count() == count


def test_the_rivals_list_is_neither_offered_nor_taken(own: House, rival: House, tmdb: Any) -> None:
    MovieFactory(tmdb_id=FILM.tmdb_id, title="Metropolis")
    ListingFactory(theatre=own.theatre, movie=Movie.objects.get(tmdb_id=FILM.tmdb_id))
    client = signed_in(rival)
    for asked in (own.theatre.pk, 987_654_321):
        answer = client.get(FIND, {"q": "metropolis", "theatre": asked})
        assert answer.status_code == 400
        assert "Velvet" not in answer.content.decode()
        assert client.post(FIND, {"theatre": asked, "tmdb_id": FILM.tmdb_id}).status_code == 400
    assert "On the list" not in client.get(FIND, {"q": "metropolis"}).content.decode()
    assert Listing.objects.filter(movie__tmdb_id=FILM.tmdb_id).count() == 1


@pytest.mark.parametrize("role", [Role.BOX_OFFICE, Role.DOOR])
def test_box_office_and_door_find_no_films(own: House, role: Role) -> None:
    client = Client()
    client.force_login(own.staff[role])
    for page in (FIND, refresh_url(own.rows[Movie])):
        for answer in (client.get(page), client.post(page)):
            assert answer.status_code == 302
            assert answer["Location"].startswith(reverse("admin:login"))


def test_a_film_with_coming_showings_stays_on_the_list(client: Client, own: House) -> None:
    page = url(Listing, "delete", own.rows[Listing].pk)
    response = client.post(page, {"post": "yes"}, follow=True)
    assert "still has showtimes here" in response.content.decode()
    assert Listing.objects.filter(pk=own.rows[Listing].pk).exists()
    spare = ListingFactory(theatre=own.theatre)
    assert client.post(url(Listing, "delete", spare.pk), {"post": "yes"}).status_code == 302
    assert not Listing.objects.filter(pk=spare.pk).exists()


# ---- Whose it is


def test_a_theatres_note_is_its_own_whoever_else_lists_the_film(client: Client, own: House, rival: House) -> None:
    film = own.rows[Movie]
    ListingFactory(theatre=rival.theatre, movie=film)
    page = url(Listing, "change", own.rows[Listing].pk)
    assert client.post(page, form_data(client.get(page)) | {"note": "With a live organ", "movie": 1}).status_code == 302
    assert dict(Listing.objects.filter(movie=film).values_list("theatre__name", "note")) == {
        "Velvet Cinema": "With a live organ",
        "Quartz Cinema": "",
    }


def test_a_film_that_another_theatre_lists_is_read_only_and_the_page_says_why(
    client: Client, own: House, rival: House
) -> None:
    film = own.rows[Movie]
    page = url(Movie, "change", film.pk)
    assert client.post(page, form_data(client.get(page))).status_code == 302
    ListingFactory(theatre=rival.theatre, movie=film)
    assert "Other theatres list this film too" in client.get(page).content.decode()
    assert client.post(page, {"title": "Mine now"}).status_code == 403
    Movie.objects.filter(pk=film.pk).update(tmdb_id=FILM.tmdb_id)
    assert client.get(refresh_url(film)).status_code == 403


def test_a_film_that_the_rival_typed_in_does_not_exist(own: House, rival: House, tmdb: Any) -> None:
    film = own.rows[Movie]
    Movie.objects.filter(pk=film.pk).update(tmdb_id=FILM.tmdb_id)
    client = signed_in(rival)
    for ask in (client.get, client.post):
        answer = ask(refresh_url(film))
        assert answer.status_code == 404
        assert "Velvet" not in answer.content.decode()
        assert ask("/admin/catalog/movie/987654321/refresh/").status_code == 404
    assert not tmdb.router.requests


# ---- By hand


def film_data(own: House, **changes: Any) -> dict[str, Any]:
    inline = {f"credits-{name}_FORMS": count for name, count in (("TOTAL", 0), ("INITIAL", 0))}
    return {"theatre": own.theatre.pk, "title": "Our Town", "runtime_minutes": "90", **inline, **changes}


def picture(form: str, **options: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (40, 60), "red").save(written, form, **options)
    return written.getvalue()


def bomb() -> bytes:
    """A small PNG that says it has 30,000 by 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    side = (30_000).to_bytes(4, "big")
    header = chunk(b"IHDR", side + side + bytes([8, 2, 0, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(90_001))) + chunk(b"IEND", b"")


def test_a_film_typed_in_by_hand_is_on_the_list(client: Client, own: House) -> None:
    star = Person.objects.create(name="Somebody")
    credit = {"credits-TOTAL_FORMS": 1, "credits-0-person": star.pk, "credits-0-job": "cast", "credits-0-position": 0}
    assert client.post(url(Movie, "add"), film_data(own, **credit)).status_code == 302
    assert Listing.objects.filter(theatre=own.theatre, movie__title="Our Town").exists()
    assert Credit.objects.get(movie__title="Our Town").person == star


def test_an_uploaded_poster_is_written_anew_as_a_jpeg(client: Client, own: House) -> None:
    upload = SimpleUploadedFile("<b>.svg.png", picture("PNG"), content_type="image/png")
    assert client.post(url(Movie, "add"), film_data(own, poster=upload)).status_code == 302
    with Movie.objects.get(title="Our Town").poster.open() as stored:
        assert Image.open(stored).format == "JPEG"
        assert stored.name.endswith(".jpg")


def test_an_uploaded_poster_tells_nothing_about_its_maker(client: Client, own: House) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Secret camera", 6  # the maker; held sideways
    upload = SimpleUploadedFile("a.jpg", picture("JPEG", exif=exif, comment=b"Secret place"))
    assert client.post(url(Movie, "add"), film_data(own, poster=upload)).status_code == 302
    with Movie.objects.get(title="Our Town").poster.open() as stored:
        data = stored.read()
    assert b"Secret" not in data
    assert Image.open(io.BytesIO(data)).size == (60, 40)  # upright


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("poster.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "no picture that"),
        ("poster.png", b"<html><script>alert(1)</script></html>", "no picture that"),
        ("poster.jpg", picture("JPEG")[:200], "no picture that"),
        ("poster.gif", picture("GIF"), "no picture that"),
        ("poster.png", b"\0" * (films.UPLOAD_BYTES_MAX + 1), "at most 8 MB"),
        ("poster.png", bomb(), "too many pixels"),
    ],
    ids=["svg", "html", "cut", "gif", "large", "bomb"],
)
def test_what_is_no_picture_is_refused_and_nothing_typed_is_lost(
    client: Client, own: House, name: str, content: bytes, told: str
) -> None:
    response = client.post(url(Movie, "add"), film_data(own, poster=SimpleUploadedFile(name, content)))
    page = response.content.decode()
    assert response.status_code == 200
    assert told in page
    assert 'value="Our Town"' in page
    assert not Movie.objects.filter(title="Our Town").exists()


def test_a_full_disk_is_a_sentence_and_nothing_is_saved(
    client: Client, own: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(storage: Any, name: str, content: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    upload = SimpleUploadedFile("a.png", picture("PNG"))
    page = client.post(url(Movie, "add"), film_data(own, poster=upload)).content.decode()
    assert "could not be stored" in page
    assert "no picture that" not in page
    assert 'value="Our Town"' in page
    assert not Movie.objects.filter(title="Our Town").exists()


# ---- Fetched again


@pytest.fixture
def fetched(client: Client, own: House, tmdb: Any) -> Movie:
    """A film from TMDb, whose title and length a person has then changed."""
    client.post(FIND, {"theatre": own.theatre.pk, "tmdb_id": FILM.tmdb_id})
    movie = Movie.objects.get(tmdb_id=FILM.tmdb_id)
    page = url(Movie, "change", movie.pk)
    changes = {"title": "Metropolis, restored", "runtime_minutes": "153"}
    assert client.post(page, form_data(client.get(page)) | changes).status_code == 302
    Movie.objects.filter(pk=movie.pk).update(tagline="An old line", overview="")
    movie.refresh_from_db()
    return movie


def test_what_a_person_changed_is_remembered(client: Client, fetched: Movie) -> None:
    assert fetched.edited_fields == ["title", "runtime_minutes"]
    assert "title, length in minutes" in client.get(url(Movie, "change", fetched.pk)).content.decode()


def test_fetching_again_shows_first_and_keeps_what_was_changed_here(client: Client, fetched: Movie) -> None:
    changes = {change.name: change for change in client.get(refresh_url(fetched)).context["changes"]}
    assert set(changes) == {"title", "runtime_minutes", "tagline", "overview"}
    assert {name for name, change in changes.items() if change.is_edited} == {"title", "runtime_minutes"}
    assert (changes["title"].ours, changes["title"].theirs) == ("Metropolis, restored", "Metropolis")
    assert Movie.objects.get(pk=fetched.pk).tagline == "An old line"  # looking changes nothing
    assert client.post(refresh_url(fetched), {"take": ["tagline", "overview", "slug", "nonsense"]}).status_code == 302
    after = Movie.objects.get(pk=fetched.pk)
    assert (after.title, after.runtime_minutes) == ("Metropolis, restored", 153)
    assert after.tagline != "An old line"
    assert after.overview
    assert after.edited_fields == ["title", "runtime_minutes"]
    assert "TMDb" in client.get(url(Movie, "history", fetched.pk)).content.decode()


def test_a_change_is_given_up_by_ticking_it(client: Client, fetched: Movie) -> None:
    assert client.post(refresh_url(fetched), {"take": ["title", "poster"]}).status_code == 302
    after = Movie.objects.get(pk=fetched.pk)
    assert (after.title, after.edited_fields) == ("Metropolis", ["runtime_minutes"])
    again = {change.name for change in client.get(refresh_url(fetched)).context["changes"]}
    assert again == {"runtime_minutes", "tagline", "overview"}  # the second copy of the poster is the same picture


def test_nothing_ticked_changes_nothing(client: Client, fetched: Movie, tmdb: Any) -> None:
    tmdb.router.requests.clear()
    assert client.post(refresh_url(fetched), {}).status_code == 302
    assert not tmdb.router.requests


def test_tmdb_away_leaves_the_film_as_it_is(client: Client, fetched: Movie, settings: Any) -> None:
    settings.TMDB_ACCESS_TOKEN = ""
    assert client.get(refresh_url(fetched)).status_code == 502
    assert client.post(refresh_url(fetched), {"take": ["title"]}).status_code == 502
    assert Movie.objects.get(pk=fetched.pk).title == "Metropolis, restored"


def test_a_film_typed_in_by_hand_cannot_be_fetched(client: Client, own: House) -> None:
    assert client.get(refresh_url(own.rows[Movie])).status_code == 404
    assert "Fetch from TMDb again" not in client.get(url(Movie, "change", own.rows[Movie].pk)).content.decode()
