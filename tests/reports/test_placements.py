"""What the page of a site says of links the team placed: which are gone, and which surges are its own campaign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from reports import views
from reports.data import MOST_LOST_PLACEMENTS, read_portfolio, read_site
from reports.messages import LANGUAGES, say
from reports.pages import render_site
from reports.sentences import Speaker, open_site
from tests.reports.invented_rows import AS_OF, HOSTILE, LINKS_ONLY, day, insert
from tests.reports.invented_warehouse import make_warehouse


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with make_warehouse() as made:
        yield made


def view_of(connection: duckdb.DuckDBPyConnection) -> views.SiteView:
    row = next(row for row in read_portfolio(connection, as_of=AS_OF).sites if row.site_domain == LINKS_ONLY)
    return read_site(connection, row, as_of=AS_OF)


def place(connection: duckdb.DuckDBPyConnection, page: str, **changes: Any) -> None:
    """A placement that was seen and is gone, unless told otherwise."""
    row = {
        "site_domain": LINKS_ONLY, "source_url": page, "source_domain": "blog.example", "kind": "bought",
        "campaign": "lente", "placed_on": day("2026-05-01"), "is_seen": True, "provider_count": 1,
        "first_seen_on": day("2026-05-04"), "is_lost": True, "lost_on": day("2026-10-01"),
    }  # fmt: skip
    insert(connection, "signals.placements_standing", row | changes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lost_placement_is_listed_and_one_taken_away_is_not(
    connection: duckdb.DuckDBPyConnection, language: str
) -> None:
    place(connection, "https://blog.example/gone", campaign=HOSTILE)
    place(connection, "https://blog.example/stands", is_lost=False, lost_on=None)
    place(connection, "https://blog.example/taken", removed_on=day("2026-09-30"))
    place(connection, "https://blog.example/unseen", is_lost=False, lost_on=None, is_seen=False)
    page = render_site(view_of(connection), Speaker(language))
    assert say("site.placements.lede", language, placements=4, seen=3, lost=1) in page
    assert "https://blog.example/gone" in page
    assert HOSTILE not in page
    for other in ("stands", "taken", "unseen"):
        assert f"https://blog.example/{other}" not in page


def test_a_page_lists_a_bounded_number_and_says_so(connection: duckdb.DuckDBPyConnection) -> None:
    for number in range(MOST_LOST_PLACEMENTS + 3):
        place(connection, f"https://blog.example/{number}")
    page = render_site(view_of(connection), Speaker("en"))
    assert page.count("https://blog.example/") == 2 * MOST_LOST_PLACEMENTS
    assert say("site.placements.more", "en", count=3) in page


def test_a_site_without_a_list_has_no_such_section_and_one_without_losses_says_so(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert say("site.placements", "en") not in render_site(view_of(connection), Speaker("en"))
    place(connection, "https://blog.example/stands", is_lost=False, lost_on=None)
    assert say("site.placements.none_lost", "en") in render_site(view_of(connection), Speaker("en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("is_declared", [True, False])
def test_a_campaign_of_the_team_is_called_that(
    connection: duckdb.DuckDBPyConnection, language: str, is_declared: bool
) -> None:
    surge_id = view_of(connection).surges[0].surge_id
    row = {
        "as_of": AS_OF, "surge_id": surge_id, "site_domain": LINKS_ONLY, "provider": "ahrefs_backlinks",
        "source_domain_count": 60, "declared_domain_count": 35 if is_declared else 5, "is_declared": is_declared,
    }  # fmt: skip
    insert(connection, "surges.surge_declarations", row)
    view, speaker = view_of(connection), Speaker(language)
    page = render_site(view, speaker)
    count = row["declared_domain_count"]
    assert speaker.say("surges.card.declared", declared_domain_count=count, source_domain_count=60) in page
    told = speaker.say("reading.declared_campaign")
    assert (told in page) == (told in open_site(view, speaker)[0]) == is_declared
    assert (speaker.say("site.next.ask_who", count=1) in open_site(view, speaker)[2]) != is_declared
