"""What search engines read of films, showings and theatres: schema.org's words as JSON-LD, built from what the page
shows anyway, so without a query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Movie
from catalog.selectors import Showing
from movy.lib.addresses import canonical
from movy.lib.money import minor_to_major
from theatres.models import Theatre

DAYS_MAX, SHOWINGS_MAX = 7, 30  # of a page's budget of 40 kB, packed, some 1.5 kB

Node = dict[str, Any]


def graph(*nodes: Node) -> Node:
    return {"@context": "https://schema.org", "@graph": list(nodes)}


def site_nodes() -> list[Node]:
    """Return who we are, and how our films are searched."""
    home, search = canonical(reverse("catalog:home")), canonical(reverse("catalog:movies"))
    who = {"@type": "Organization", "@id": f"{home}#movy", "name": "Movy", "url": home}
    finding = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?search={{words}}"},
        "query-input": "required name=words",
    }
    site = {"@type": "WebSite", "name": "Movy", "url": home, "publisher": {"@id": who["@id"]}}
    return [who, site | {"potentialAction": finding}]


def movie_nodes(movie: Movie, showings: Sequence[Showing], *, directors: Sequence[str], now: datetime) -> list[Node]:
    """Return a film that came with its genres, its next showings, and where its page stands."""
    film = movie_node(movie) | {"director": [{"@type": "Person", "name": name} for name in directors]}
    film["genre"] = [genre.name for genre in movie.genres.all()]
    if movie.overview:
        film["description"] = movie.overview
    if movie.runtime_minutes:
        film["duration"] = f"PT{movie.runtime_minutes}M"
    trail = breadcrumbs((_("Films"), reverse("catalog:movies")), (movie.title, movie.get_absolute_url()))
    return [film, trail, *showing_nodes(showings, now=now)]


def theatre_nodes(theatre: Theatre, showings: Sequence[Showing], *, now: datetime) -> list[Node]:
    """Return a theatre, its next showings, and where its page stands."""
    trail = breadcrumbs((_("Theatres"), reverse("theatres:list")), (theatre.name, theatre.get_absolute_url()))
    return [theatre_node(theatre), trail, *showing_nodes(showings, now=now)]


def movie_node(movie: Movie) -> Node:
    url = canonical(movie.get_absolute_url())
    node: Node = {"@type": "Movie", "@id": f"{url}#film", "name": movie.title, "url": url}
    if movie.release_date:
        node["dateCreated"] = movie.release_date.isoformat()
    if movie.poster:
        node["image"] = canonical(movie.poster.url)
    return node


def theatre_node(theatre: Theatre) -> Node:
    url = canonical(theatre.get_absolute_url())
    address = {"streetAddress": theatre.address, "addressLocality": theatre.city, "addressCountry": theatre.country}
    node: Node = {"@type": "MovieTheater", "@id": f"{url}#theatre", "name": theatre.name, "url": url}
    node["address"] = {"@type": "PostalAddress"} | address
    if theatre.phone:
        node["telephone"] = theatre.phone
    if theatre.latitude is not None and theatre.longitude is not None:
        place = {"latitude": str(theatre.latitude), "longitude": str(theatre.longitude)}
        node["geo"] = {"@type": "GeoCoordinates"} | place
    return node


def showing_nodes(showings: Sequence[Showing], *, now: datetime) -> list[Node]:
    """Return those that can be booked in the next days, the soonest first. Times are the theatre's own."""
    until = now + timedelta(days=DAYS_MAX)
    coming = [showing for showing in showings if showing.is_open and showing.showtime.starts_at < until]
    return [_showing_node(showing) for showing in coming[:SHOWINGS_MAX]]


def _showing_node(showing: Showing) -> Node:
    showtime, theatre = showing.showtime, showing.theatre
    node: Node = {
        "@type": "ScreeningEvent",
        "name": showtime.movie.title,
        "startDate": showtime.starts_at.astimezone(theatre.zone).isoformat(),
        "endDate": showtime.ends_at.astimezone(theatre.zone).isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "videoFormat": showtime.format,
        "workPresented": movie_node(showtime.movie),
        "location": theatre_node(theatre),
    }
    if showing.from_price is not None:
        price = showing.from_price
        node["offers"] = {
            "@type": "Offer",
            "price": str(minor_to_major(price.amount_minor, price.currency)),
            "priceCurrency": price.currency,
            "availability": "https://schema.org/InStock",
            "url": canonical(showtime.get_absolute_url()),
        }
    return node


def breadcrumbs(*steps: tuple[str, str]) -> Node:
    """Return where a page stands: names with their paths, from the outside in."""
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": canonical(path)}
        for position, (name, path) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}
