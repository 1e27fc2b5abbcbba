"""Cards of surges: what a page says of a composition, in words, bounded and harmless."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterator

import duckdb
import pytest

from reports import views
from reports.data import read_portfolio, read_site
from reports.messages import LANGUAGES, catalogue
from reports.pages import render_site
from reports.sentences import Speaker, open_site
from reports.surge_cards import MOST_BARS, MOST_CARDS, MOST_LETTERS, list_cards
from reports.surge_words import say_excess
from tests.reports.invented_rows import AS_OF, HOSTILE, HOSTILE_SITE, insert, make_composition, make_parts, make_surge
from tests.reports.invented_warehouse import make_warehouse
from transforms.pipeline import query_of
from transforms.schemas.vocabulary import SURGE_CORRECTIONS, SURGE_READINGS, SURGE_SHAPES


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with make_warehouse() as made:
        yield made


def view_of(connection: duckdb.DuckDBPyConnection) -> views.SiteView:
    """The hostile site, which has no surge of its own."""
    row = next(row for row in read_portfolio(connection, as_of=AS_OF).sites if row.site_domain == HOSTILE_SITE)
    return read_site(connection, row, as_of=AS_OF)


def add_surge(connection: duckdb.DuckDBPyConnection, reading: str, *reasons: str, day: str = "2026-11-01") -> None:
    surge = make_surge(HOSTILE_SITE, "ahrefs_backlinks", "unknown", day, "2026-11-14", is_active=True)
    insert(connection, "surges.link_surges", surge)
    insert(connection, "surges.surge_composition", make_composition(surge, reading, *reasons, top_target=HOSTILE))
    insert(connection, "surges.surge_parts", *make_parts(surge, "anchor", (HOSTILE, 0.3), ("w" * 4000, 0.2)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_earned_growth_is_shown_calmly(connection: duckdb.DuckDBPyConnection, language: str) -> None:
    add_surge(connection, "earned_growth", "many_sources", "inner_page")
    view, speaker = view_of(connection), Speaker(language)
    calm = speaker.say("reading.earned_growth")
    assert calm in open_site(view, speaker)[0]
    assert calm.split(":")[0] in render_site(view, speaker)
    assert speaker.unspoken == set()
    quiet = dataclasses.replace(
        view,
        link_series=tuple(dataclasses.replace(one, export_count=9, is_truncated=False) for one in view.link_series),
        visibility_days=(views.VisibilityDay(provider="p", segment="site", day=AS_OF, visibility=1.0),),
        assessed=tuple(
            views.AssessedSeries(
                kind=kind, provider="p", what="site", status="tested", tested_from_on=AS_OF, tested_until_on=AS_OF,
                history_days=400,
            )
            for kind in ("surge", "drop")
        ),
    )  # fmt: skip
    assert open_site(quiet, speaker)[2] == speaker.say("site.next.earned")


def test_text_from_exports_is_cut_and_harmless(connection: duckdb.DuckDBPyConnection) -> None:
    add_surge(connection, "unclear", "inner_page", "no_such_reason")
    speaker = Speaker("en")
    page = render_site(view_of(connection), speaker)
    assert HOSTILE not in page
    assert "w" * MOST_LETTERS not in page
    assert "no_such_reason" in page
    assert speaker.unspoken >= {"reading.reason.no_such_reason"}


def test_a_page_has_a_bounded_number_of_cards_and_says_so(connection: duckdb.DuckDBPyConnection) -> None:
    for number in range(MOST_CARDS + 8):
        add_surge(connection, "unclear", day=str(datetime.date(2026, 1, 1) + datetime.timedelta(days=number)))
    view = view_of(connection)
    cards = list_cards(view)
    assert len(cards) == MOST_CARDS
    assert min(card.surge.starts_on for card in cards) == datetime.date(2026, 1, 9)
    assert Speaker("en").say("surges.card.older", count=8) in render_site(view, Speaker("en"))


def test_the_profile_has_a_bar_a_day_or_a_week(connection: duckdb.DuckDBPyConnection) -> None:
    add_surge(connection, "unclear", day="2026-11-01")
    add_surge(connection, "unclear", day="2026-06-01")
    short, long = list_cards(view_of(connection))
    assert len(short.profile) == 14
    assert len(long.profile) <= MOST_BARS
    counted = connection.execute(
        "SELECT sum(new_domain_count) FROM signals.daily_links WHERE site_domain = ? AND origin = 'unknown' "
        "AND day BETWEEN DATE '2026-06-01' AND DATE '2026-11-14'",
        [HOSTILE_SITE],
    ).fetchall()[0][0]
    assert sum(long.profile) == (counted or 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_shape_excess_and_corrections_stand_on_the_page(connection: duckdb.DuckDBPyConnection, language: str) -> None:
    burst = make_surge(HOSTILE_SITE, "ahrefs_backlinks", "unknown", "2026-11-01", "2026-11-14", window_days=1)
    drip = make_surge(
        HOSTILE_SITE, "ahrefs_backlinks", "bought", "2026-05-01", "2026-11-07", shape="drip",
        excess_low_count=1040.0, excess_high_count=1058.0, corrections=json.dumps(SURGE_CORRECTIONS),
    )  # fmt: skip
    insert(connection, "surges.link_surges", burst, drip)
    insert(
        connection, "surges.surge_composition", make_composition(burst, "unclear"), make_composition(drip, "unclear")
    )
    speaker = Speaker(language)
    page = render_site(view_of(connection), speaker)
    assert page.count(speaker.say("surges.shape.burst", days=1)) == 2
    assert page.count(speaker.say("surges.shape.drip")) == 2
    assert {"en": "1,040 to 1,058 more than expected", "nl": "1.040 tot 1.058 meer dan verwacht"}[language] in page
    assert all(page.count(speaker.say(f"correction.{key}")) == 1 for key in SURGE_CORRECTIONS)
    assert speaker.unspoken == set()


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (40.4, 57.6, "40 to 58 more than expected"),
        (3.0, 3.0, "3 more than expected"),
        (-2.0, 9.0, "up to 9 more than expected"),
    ],
)
def test_an_interval_is_told_in_whole_domains(low: float, high: float, said: str) -> None:
    assert say_excess(low, high, "en") == said


def test_every_shape_and_correction_has_a_sentence() -> None:
    keys = set(catalogue())
    assert {key for key in keys if key.startswith("correction.")} == {f"correction.{key}" for key in SURGE_CORRECTIONS}
    assert {key for key in keys if key.startswith("surges.shape.")} == {f"surges.shape.{key}" for key in SURGE_SHAPES}


def test_every_reading_and_reason_has_a_sentence() -> None:
    keys = set(catalogue())
    assert {f"reading.{reading}" for reading in SURGE_READINGS} <= keys
    query = query_of("surges.surge_composition")
    reasons = {json.loads(part) for part in query.split("'") if part.startswith('"') and part.endswith('"')}
    assert {f"reading.reason.{reason}" for reason in reasons} == {key for key in keys if "reading.reason." in key}
