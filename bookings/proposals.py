"""What is said of the best seats together: where they are, and plainly when they are not all side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.seating import Group, is_right_behind


def groups_said(groups: Sequence[Group]) -> str:
    """Return a sentence about groups that seating.best_together has chosen."""
    count = sum(map(len, groups))
    if len(groups) > 1:
        return _("No %(count)s together are left: %(groups)s.") % {"count": count, "groups": _places(groups)}
    [seats] = groups
    return ngettext(
        "Seat %(first)s is marked for you.",
        "%(count)s seats together are marked for you: %(first)s to %(last)s.",
        count,
    ) % {"count": count, "first": seats[0].label, "last": seats[-1].label}


def _places(groups: Sequence[Group]) -> str:
    *others, last = [_place(groups[0], None), *(_place(group, before) for before, group in pairwise(groups))]
    return _("%(places)s and %(last)s") % {"places": ", ".join(others), "last": last}


def _place(group: Group, before: Group | None) -> str:
    """`before`: the group that was named before it."""
    count = len(group)
    if before and is_right_behind(group, before):
        said = ngettext("%(count)s right behind in row %(row)s", "%(count)s right behind in row %(row)s", count)
    elif before and group[0].row == before[0].row:
        said = ngettext("%(count)s more in row %(row)s", "%(count)s more in row %(row)s", count)
    else:
        said = ngettext("%(count)s in row %(row)s", "%(count)s in row %(row)s", count)
    return said % {"count": count, "row": group[0].row}
