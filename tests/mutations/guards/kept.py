"""What keeps a kept page from being old, or another's."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

_PAGES = "movy/tests/test_public_pages.py"
_STAMP = "movy/tests/test_freshness.py"

KEPT = [
    Mutation(
        guard="a page is kept under the stamp",
        file="movy/public_pages.py",
        old='(now, _release(), get_language() or "", address)',
        new='("", _release(), get_language() or "", address)',
        test=f"{_PAGES}::test_another_stamp_is_another_page[movies]",
    ),
    Mutation(
        guard="a page is kept under its host",
        file="movy/public_pages.py",
        old='f"{request.scheme}://{request.get_host()}{request.get_full_path()}"',
        new="request.get_full_path()",
        test=f"{_PAGES}::test_two_hosts_get_their_own_addresses",
    ),
    Mutation(
        guard="a page is kept under its language",
        file="movy/public_pages.py",
        old='get_language() or "", address)',
        new='"", address)',
        test=f"{_PAGES}::test_two_languages_are_not_mixed",
    ),
    Mutation(
        guard="a page that looked at its visitor is kept for nobody",
        file="movy/public_pages.py",
        old="response.status_code != 200 or _is_somebodys(request, response)",
        new="response.status_code != 200",
        test=f"{_PAGES}::test_what_is_somebodys_own_is_not_kept",
    ),
    Mutation(
        guard="who is to be told something once gets a page of their own",
        file="movy/public_pages.py",
        old="if CookieStorage.cookie_name in request.COOKIES:",
        new="if False:",
        test=f"{_PAGES}::test_what_one_visitor_is_told_is_shown_to_nobody_else",
    ),
    Mutation(
        guard="parameters that no view reads reach no link",
        file="movy/public_pages.py",
        old="    request.GET = asked  # type: ignore[assignment]\n",
        new="",
        test=f"{_PAGES}::test_parameters_that_no_view_reads_make_no_page_and_reach_no_link",
    ),
    Mutation(
        guard="a change that is committed after a later one is counted",
        file="movy/lib/stamp.py",
        old='f"SELECT {now_sql()}, COUNT(*), SUM(id) FROM {table}"',
        new='f"SELECT {now_sql()}, MAX(id), MAX(id) FROM {table}"',
        test=f"{_STAMP}::test_of_two_changes_the_one_that_ends_last_is_seen_though_it_began_first",
    ),
    Mutation(
        guard="a change of nothing is none",
        file="movy/freshness.py",
        old='(change["adds"] or context["cursor"].rowcount) and not',
        new="not",
        test=f"{_STAMP}::test_a_change_of_nothing_makes_no_other_stamp",
    ),
]
