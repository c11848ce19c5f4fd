"""The endpoints under /3 and the pictures under /t/p, over a Shelf of films."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from standins.control import ControlledRouter, json_object
from standins.http import BadRequest, Handler, Request, Response, html_response, json_response
from standins.tmdb import shapes
from standins.tmdb.faults import SPOILERS, failure
from standins.tmdb.films import GENRES, Film, Shelf
from standins.tmdb.pictures import SIZES, jpeg

PAGE_LENGTH = 20
LAST_PAGE = 500
APPENDED_MAX = 20
CHANGES_DAYS_MAX = 14
NOW_PLAYING_DAYS = (-42, 2)  # the window around today
UPCOMING_DAYS = (3, 28)


class TmdbRouter(ControlledRouter):
    """TMDb. Its films, its one access token, and how many requests a second it takes before it answers 429."""

    def __init__(self, shelf: Shelf, *, access_token: str, requests_per_second: int = 40) -> None:
        super().__init__(SPOILERS)
        self.shelf = shelf
        self.access_token = access_token
        self.requests_per_second = requests_per_second
        self._recent: deque[float] = deque()
        self._recent_lock = threading.Lock()
        self._movie_parts: dict[str, Callable[[Film, Request], dict[str, Any]]] = {
            "credits": lambda film, request: shapes.credits(film),
            "videos": lambda film, request: shapes.videos(film, language(request)),
            "release_dates": lambda film, request: shapes.release_dates(film, self.today()),
            "images": lambda film, request: shapes.images(film, image_languages(request)),
            "translations": lambda film, request: shapes.translations(film),
        }
        routes: dict[str, Handler] = {
            "/t/p/{size}/{file}": self._picture,
            "/3/authentication": self._authentication,
            "/3/configuration": self._configuration,
            "/3/configuration/languages": self._languages,
            "/3/configuration/countries": self._countries,
            "/3/genre/movie/list": self._genres,
            "/3/certification/movie/list": self._certifications,
            "/3/search/movie": self._search,
            "/3/discover/movie": self._discover,
            "/3/find/{external_id}": self._find,
            "/3/movie/now_playing": lambda request: self._window(request, NOW_PLAYING_DAYS),
            "/3/movie/upcoming": lambda request: self._window(request, UPCOMING_DAYS),
            "/3/movie/changes": self._changes,
            "/3/movie/{movie_id}": self._movie,
            "/3/movie/{movie_id}/{part}": self._movie_part,
        }
        for path, handler in routes.items():
            self.route("GET", path)(handler)
        self.control_route("POST", "/rate-limit")(self._set_rate_limit)

    def today(self) -> date:
        return self.clock.now().date()

    def dispatch(self, request: Request) -> Response:
        if not request.path.startswith("/3/"):
            return super().dispatch(request)
        refusal = self._refused_key(request) or self._over_the_limit()
        return self.faults.spoil(request.path, refusal) if refusal else super().dispatch(request)

    def not_found(self, request: Request) -> Response:
        return failure(34)

    def not_allowed(self, request: Request, allowed: Iterable[str]) -> Response:
        return failure(34)

    def bad_request(self, request: Request, reason: str) -> Response:
        return failure(47)

    def _refused_key(self, request: Request) -> Response | None:
        bearer = request.headers.get("authorization", "")
        if bearer == f"Bearer {self.access_token}" or request.arg("api_key") == self.access_token:
            return None
        return failure(7)

    def _over_the_limit(self) -> Response | None:
        now = time.monotonic()
        with self._recent_lock:
            while self._recent and self._recent[0] <= now - 1:
                self._recent.popleft()
            self._recent.append(now)
            count = len(self._recent)
        if count <= self.requests_per_second:
            return None
        return failure(25, {"Retry-After": "1"}, count=count, limit=self.requests_per_second)

    def _set_rate_limit(self, request: Request) -> Response:
        wanted = json_object(request).get("per_second")
        if not isinstance(wanted, int) or wanted < 0:
            raise BadRequest("per_second is a whole number.")
        self.requests_per_second = wanted
        return json_response({"per_second": wanted})

    # what never changes

    def _authentication(self, request: Request) -> Response:
        return json_response({"success": True, "status_code": 1, "status_message": "Success."})

    def _configuration(self, request: Request) -> Response:
        base = f"{request.base_url}/t/p/"
        sizes = {f"{kind}_sizes": list(names) for kind, names in SIZES.items()}
        return json_response(
            {
                "images": {"base_url": base, "secure_base_url": base, **sizes},
                "change_keys": ["adult", "cast", "crew", "genres", "images", "overview", "release_dates", "title"],
            }
        )

    def _languages(self, request: Request) -> Response:
        rows = [
            {"iso_639_1": code, "english_name": english, "name": own}
            for code, (english, own, _) in shapes.LANGUAGES.items()
        ]
        return json_response(rows)

    def _countries(self, request: Request) -> Response:
        rows = [
            {"iso_3166_1": code, "english_name": name, "native_name": name} for code, name in shapes.COUNTRIES.items()
        ]
        return json_response(rows)

    def _genres(self, request: Request) -> Response:
        return json_response({"genres": [{"id": genre_id, "name": name} for genre_id, name in GENRES.items()]})

    def _certifications(self, request: Request) -> Response:
        return json_response(
            {
                "certifications": {
                    country: [
                        {"certification": name, "meaning": "", "order": order} for order, name in enumerate(names, 1)
                    ]
                    for country, names in shapes.CERTIFICATIONS.items()
                }
            }
        )

    # lists of films

    def _search(self, request: Request) -> Response:
        words = request.arg("query").strip()
        films = self.shelf.search(words) if words else []
        region, today = request.arg("region"), self.today()
        if year := request.arg("primary_release_year"):
            films = [film for film in films if film.release_date(today).startswith(year)]
        if year := request.arg("year"):
            films = [
                film
                for film in films
                if year in {film.release_date(today)[:4], film.release_date_in(region, today)[:4]}
            ]
        return self._page(request, films)

    def _discover(self, request: Request) -> Response:
        region, today = request.arg("region"), self.today()
        first, last = request.arg("release_date.gte"), request.arg("release_date.lte")
        kinds = {int(kind) for kind in request.arg("with_release_type").replace("|", ",").split(",") if kind.isdigit()}
        films = [film for film in self.shelf.films if not kinds or kinds & release_kinds(film, region)]
        if first or last:
            dated = [(film, film.release_date_in(region, today)) for film in films]
            films = [film for film, released in dated if released and first <= released <= (last or "9999")]
        order, _, direction = request.arg("sort_by", "popularity.desc").partition(".")
        keys: dict[str, Callable[[Film], Any]] = {
            "popularity": lambda film: film.popularity,
            "title": lambda film: film.title,
            "primary_release_date": lambda film: film.release_date(today),
            "release_date": lambda film: film.release_date_in(region, today),
        }
        if order not in keys:
            return failure(5)
        return self._page(request, sorted(films, key=keys[order], reverse=direction == "desc"))

    def _window(self, request: Request, days: tuple[int, int]) -> Response:
        region, today = request.arg("region"), self.today()
        first, last = ((today + timedelta(days=count)).isoformat() for count in days)
        films = [film for film in self.shelf.films if first <= film.release_date_in(region, today) <= last]
        return self._page(request, films, dates={"maximum": last, "minimum": first})

    def _page(self, request: Request, films: Iterable[Film], **extra: Any) -> Response:
        number = request.arg("page", "1")
        if not (number.isascii() and number.isdigit() and 1 <= int(number) <= LAST_PAGE):
            return failure(22)
        if request.arg("include_adult") != "true":
            films = [film for film in films if not film.adult]
        films = list(films)
        start = (int(number) - 1) * PAGE_LENGTH
        return json_response(
            {
                **extra,
                "page": int(number),
                "results": [
                    shapes.list_item(film, language(request), self.today(), request.arg("region"))
                    for film in films[start : start + PAGE_LENGTH]
                ],
                "total_pages": max(1, -(-len(films) // PAGE_LENGTH)),
                "total_results": len(films),
            }
        )

    def _find(self, request: Request, external_id: str) -> Response:
        if not request.arg("external_source"):
            return failure(5)
        found = [
            film
            for film in self.shelf.films
            if request.arg("external_source") == "imdb_id" and film.imdb_id == external_id and not film.adult
        ]
        others = ("person_results", "tv_results", "tv_episode_results", "tv_season_results")
        items = [shapes.list_item(film, language(request), self.today()) for film in found]
        return json_response({"movie_results": items, **{name: [] for name in others}})

    def _changes(self, request: Request) -> Response:
        """A film here changes once a month, on a day that its id says: a range has the same films every time."""
        try:
            last = date.fromisoformat(request.arg("end_date", self.today().isoformat()))
            first = date.fromisoformat(request.arg("start_date", (last - timedelta(days=1)).isoformat()))
        except ValueError:
            return failure(23)
        length = (last - first).days
        if not 0 <= length <= CHANGES_DAYS_MAX:
            return failure(20)
        days = {(first + timedelta(days=count)).day for count in range(length + 1)}
        changed = [film for film in self.shelf.films if film.id % 28 + 1 in days]
        rows = [{"id": film.id, "adult": film.adult} for film in changed]
        return json_response({"results": rows, "page": 1, "total_pages": 1, "total_results": len(rows)})

    # one film

    def _film(self, movie_id: str) -> Film | Response:
        if not (movie_id.isascii() and movie_id.isdigit()):
            return failure(6)
        return self.shelf.by_id.get(int(movie_id)) or failure(34)

    def _movie(self, request: Request, movie_id: str) -> Response:
        film = self._film(movie_id)
        if isinstance(film, Response):
            return film
        names = [name for name in request.arg("append_to_response").split(",") if name]
        if len(names) > APPENDED_MAX:
            return failure(27)
        parts = {name: self._movie_parts[name](film, request) for name in names if name in self._movie_parts}
        return json_response(shapes.details(film, language(request), self.today()) | parts)

    def _movie_part(self, request: Request, movie_id: str, part: str) -> Response:
        film = self._film(movie_id)
        if isinstance(film, Response):
            return film
        if part not in self._movie_parts:
            return failure(34)
        return json_response({"id": film.id} | self._movie_parts[part](film, request))

    def _picture(self, request: Request, size: str, file: str) -> Response:
        picture = self.shelf.pictures.get(f"/{file}")
        if picture is None or size not in SIZES[picture.kind]:
            return html_response("<h1>File not Found</h1>", 404)
        return Response(200, jpeg(picture, size), "image/jpeg", {"Cache-Control": "public, max-age=31919000"})


def language(request: Request) -> str:
    return request.arg("language", "en-US")


def image_languages(request: Request) -> set[str | None] | None:
    """Return the languages of the pictures asked for, None for all: include_image_language wins over language."""
    wanted = request.arg("include_image_language")
    if wanted:
        return {None if code == "null" else shapes.language_code(code) for code in wanted.split(",")}
    return {shapes.language_code(request.arg("language"))} if request.arg("language") else None


def release_kinds(film: Film, region: str) -> set[int]:
    releases = film.releases.get(region, ()) if region else [r for rows in film.releases.values() for r in rows]
    return {release.kind for release in releases}
