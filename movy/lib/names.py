"""Names that theatres and TMDb give, which are the same nearly everywhere: "Adult", "Drama". They are stored, and
answered by the API, as they were given; people read them in their language."""

from __future__ import annotations

from django.utils.translation import pgettext, pgettext_lazy

KNOWN = (
    # Ticket types
    pgettext_lazy("given name", "Adult"),
    pgettext_lazy("given name", "Child"),
    pgettext_lazy("given name", "Child under 12"),
    pgettext_lazy("given name", "Student"),
    pgettext_lazy("given name", "Senior"),
    pgettext_lazy("given name", "Senior 60+"),
    # Seat categories
    pgettext_lazy("given name", "Standard"),
    pgettext_lazy("given name", "Regular"),
    pgettext_lazy("given name", "Premium"),
    pgettext_lazy("given name", "Premium stalls"),
    pgettext_lazy("given name", "Stalls"),
    pgettext_lazy("given name", "Balcony"),
    pgettext_lazy("given name", "Recliner"),
    pgettext_lazy("given name", "Sofa row"),
    # TMDb's genres of films
    pgettext_lazy("given name", "Action"),
    pgettext_lazy("given name", "Adventure"),
    pgettext_lazy("given name", "Animation"),
    pgettext_lazy("given name", "Comedy"),
    pgettext_lazy("given name", "Crime"),
    pgettext_lazy("given name", "Documentary"),
    pgettext_lazy("given name", "Drama"),
    pgettext_lazy("given name", "Family"),
    pgettext_lazy("given name", "Fantasy"),
    pgettext_lazy("given name", "History"),
    pgettext_lazy("given name", "Horror"),
    pgettext_lazy("given name", "Music"),
    pgettext_lazy("given name", "Mystery"),
    pgettext_lazy("given name", "Romance"),
    pgettext_lazy("given name", "Science Fiction"),
    pgettext_lazy("given name", "TV Movie"),
    pgettext_lazy("given name", "Thriller"),
    pgettext_lazy("given name", "War"),
    pgettext_lazy("given name", "Western"),
)
"""What catalogues have; any other name stays as it is in every language."""


def name_text(name: str) -> str:
    """Return "Adult" as "Adulte" in French, and "Ada's corner" as it is."""
    return pgettext("given name", name)
