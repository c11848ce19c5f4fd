"""Names that theatres give are read in one's own language where nearly all give the same."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from demo.theatres import THEATRES
from movy.lib.names import KNOWN, name_text


@pytest.mark.parametrize(
    ("name", "french"), [("Adult", "Adulte"), ("Comedy", "Comédie"), ("Ada's corner", "Ada's corner")]
)
def test_a_known_name_is_translated_and_another_stays(name, french):
    with override("en"):
        assert name_text(name) == name
    with override("fr"):
        assert name_text(name) == french


def test_the_demos_names_are_known():
    names = {name for theatre in THEATRES for name in (*theatre.ticket_types.values(), *theatre.categories.values())}
    assert names <= {str(name) for name in KNOWN}
