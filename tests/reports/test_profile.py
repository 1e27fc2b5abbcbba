"""The profile of a site: figures checked by hand on a small invented warehouse, and what it must not name."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import duckdb
import numpy as np
import plotly.graph_objects as go
import pytest
from scipy.stats import CensoredData, ecdf

from reports import profile_data
from reports.bins import find_month
from reports.data import read_portfolio, read_site
from reports.figures import lay_timeline, number_findings
from reports.link_lives import LifeParams, estimate_curve
from reports.messages import LANGUAGES, say
from reports.pages import render_site
from reports.profile_data import list_profile_tables, read_profiles
from reports.profile_figures import count_origins, draw_network, draw_sources, find_quarter
from reports.profile_page import show_profile
from reports.profile_views import LifeCount, ProfileView
from reports.sentences import Speaker
from reports.sheet import to_script_json
from reports.views import SiteView
from tests.reports.invented_rows import (
    AS_OF,
    EVERYTHING,
    HOSTILE,
    Row,
    day,
    insert,
    make_id,
    make_risk,
    make_series,
    make_surge,
)
from transforms.schemas import TABLES
from transforms.stages import SCHEMAS

SITE, SISTER, OTHERS = "winkel.example", "zus.example", "andere-klant.example"
RIVAL = "rivaal.example"
AHREFS = "ahrefs_backlinks"


def make_domain(name: str, origin: str, first: str, **changes: Any) -> Row:
    row: Row = {
        "site_domain": SITE, "provider": AHREFS, "source_domain": name, "origin": origin, "probability": 0.9,
        "first_seen_on": day(first), "link_count": 1, "source_authority": 40.0,
    }  # fmt: skip
    return {**row, **changes}


def make_text(name: str, number: int, anchor: str, first: str, path: str = "/", **changes: Any) -> Row:
    row: Row = {
        "link_id": make_id(name, number), "link_number": number, "site_domain": SITE, "provider": AHREFS,
        "source_domain": name, "source_host": name, "source_url": f"https://{name}/{number}",
        "target_url": f"https://{SITE}{path}", "anchor_text": anchor, "first_seen_on": day(first), "observed_on": AS_OF,
        "first_observed_on": AS_OF, "observation_count": 1, "merged_count": 0, "is_sponsored": False,
    }  # fmt: skip
    return {**row, **changes}


def make_anchor(anchor: str, kind: str) -> Row:
    return {"site_domain": SITE, "provider": AHREFS, "anchor": anchor, "anchor_kind": kind, "domain_count": 1,
            "is_site_keyword": False}  # fmt: skip


def make_level(segment: str, when: str, visibility: float, position: float | None = None) -> Row:
    return {"site_domain": SITE, "segment_kind": segment.partition(":")[0], "segment": segment, "position": position,
            "provider": "search_console", "day": day(when), "visibility": visibility}  # fmt: skip


def fill_links(connection: duckdb.DuckDBPyConnection) -> None:
    """Four domains: two old natural ones, two new bought ones with buying words; one link of many is disclosed."""
    insert(
        connection, "signals.domain_origins",
        make_domain("krant.example", "natural", "2024-03-01"), make_domain("blog.example", "natural", "2024-04-01"),
        make_domain("een.example", "bought", "2026-09-01", source_authority=60.0),
        make_domain("twee.example", "bought", "2026-09-02", source_authority=None),
    )  # fmt: skip
    insert(
        connection, "staging.links",
        make_text("krant.example", 1, "Winkel", "2024-03-01"), make_text("krant.example", 2, "winkel ", "2025-12-01"),
        make_text("blog.example", 3, f"https://{SITE}/", "2024-04-01"),
        make_text("een.example", 4, "goedkope stoelen", "2026-09-01", "/stoelen/"),
        make_text("twee.example", 5, "goedkope stoelen", "2026-09-02", "/stoelen/"),
        make_text("twee.example", 6, "winkel", "2026-09-02"),
        make_text("twee.example", 7, "advertentie", "2026-09-02", is_sponsored=True),
    )  # fmt: skip
    insert(
        connection, "signals.anchors", make_anchor("winkel", "brand"), make_anchor(f"https://{SITE}/", "own_address"),
        make_anchor("goedkope stoelen", "money"), make_anchor("advertentie", "keyword"),
    )  # fmt: skip
    insert(
        connection, "signals.linked_pages",
        *({"site_domain": SITE, "target_url": f"https://{SITE}{path}", "target_path": path, "target_kind": "other",
           "link_count": 2} for path in ("/", "/stoelen/")),
    )  # fmt: skip
    insert(connection, "signals.link_series", make_series(SITE, AHREFS, day("2024-03-01")))
    insert(connection, "signals.profile_origins", {
        "site_domain": SITE, "provider": AHREFS, "origin": "bought", "link_count": 2, "domain_count": 2,
        "expected_domain_count": 1.8})  # fmt: skip
    insert(
        connection, "signals.site_words",
        {"site_domain": SITE, "label": "winkel", "brands": "", "topics": "stoel|tafel|kast", "words_version": "v"},
    )  # fmt: skip
    insert(
        connection, "signals.text_marks",
        *({"link_number": number, "text_hash": number, "words_version": "v", "rule_set": "r", "site_domain": SITE,
           "provider": AHREFS, "source_domain": name, "text_bits": 0, "is_comment": False, "is_own_domain_named": False,
           "topic_count": topics, "script": script}
          for number, name, topics, script in (
              (1, "krant.example", 2, "latin"), (2, "krant.example", 0, "latin"), (3, "blog.example", 0, None),
              (4, "een.example", 0, "latin"), (5, "twee.example", 1, None))),
    )  # fmt: skip


def fill_pages(connection: duckdb.DuckDBPyConnection) -> None:
    """A surge of bought links on 1 September, after which the page they lead to falls by half, another by a tenth."""
    insert(connection, "surges.link_surges", make_surge(SITE, AHREFS, "bought", "2026-09-01", "2026-09-02"))
    for number in range(1, 15):
        before = (day("2026-09-01") - datetime.timedelta(days=number)).isoformat()
        after = (day("2026-09-01") + datetime.timedelta(days=number - 1)).isoformat()
        insert(
            connection, "signals.visibility",
            make_level("page:/stoelen/", before, 10.0, 4.0), make_level("page:/stoelen/", after, 5.0, 9.0),
            make_level("page:/tafels/", before, 20.0), make_level("page:/tafels/", after, 18.0),
            make_level("site", before, 30.0), make_level("site", after, 23.0),
            make_level("keywords:brand", before, 7.0), make_level("keywords:brand", after, 7.0),
            make_level("keywords:other", before, 23.0), make_level("keywords:other", after, 16.0),
        )  # fmt: skip


def fill_exchanges(connection: duckdb.DuckDBPyConnection) -> None:
    """A partner both ways, a ring over a domain that only another client's exports name, and a group on two sites."""
    edge = {"provider": AHREFS, "is_hub": False, "authority": 30.0}
    came, went = ({**edge, "site_domain": SITE, "direction": direction} for direction in ("in", "out"))
    insert(
        connection, "signals.domain_edges",
        {**came, "other_domain": "maat.example", "linked_on": day("2026-03-01")},
        {**went, "other_domain": "maat.example", "linked_on": day("2026-03-04")},
        {**came, "other_domain": "ring.example", "linked_on": day("2026-04-01")},
        {**went, "other_domain": "tussen.example"},
        {**edge, "site_domain": OTHERS, "direction": "out", "other_domain": "ring.example"},
    )  # fmt: skip
    base = {"site_domain": SITE, "partner_site_count": 9, "is_beyond_expected": False}
    insert(
        connection, "signals.exchange_partners",
        {**base, "source_domain": "maat.example", "form": "mutual", "days_apart": 3, "probability": 0.8,
         "is_synchronous": True, "link_out_url": f"https://{SITE}/partners/"},
        {**base, "source_domain": "ring.example", "form": "ring_of_four", "through": f"tussen.example > {OTHERS}"},
    )  # fmt: skip
    insert(
        connection, "signals.exchange_profiles",
        {"site_domain": SITE, "is_told": True, "linking_domain_count": 20, "linked_domain_count": 5, "mutual_count": 1,
         "expected_count": 0.9, "p_value": 0.6, "synchronous_count": 1, "is_beyond_expected": False},
    )  # fmt: skip
    group = {"group_id": "g", "link_count": 1, "source_count": 80, "target_count": 9, "site_count": 7,
             "starts_on": day("2020-01-01"), "ends_on": AS_OF, "chance": 0.001, "provider": AHREFS}  # fmt: skip
    for number, (site, name) in enumerate(((SITE, "een.example"), (SITE, "twee.example"), (OTHERS, "ver.example"))):
        when = day("2026-09-01") + datetime.timedelta(days=number)
        insert(connection, "signals.lockstep_members", {**group, "site_domain": site, "source_domain": name})
        insert(connection, "signals.lockstep_edges", {
            "site_domain": site, "provider": AHREFS, "source_domain": name, "target_url": f"https://{site}/stoelen/",
            "day": when, "edge_count": 1})  # fmt: skip


def fill_competitors(connection: duckdb.DuckDBPyConnection) -> None:
    """Three named competitors with loaded exports: not watched, watched for the same group, for another client."""
    for site, standing, owner in (
        (SITE, "listed", "klant"), (SISTER, "listed", "klant"), (OTHERS, "listed", "ander"), (RIVAL, "unlisted", None),
    ):  # fmt: skip
        insert(connection, "ingest.listed_sites", {"site_domain": site, "standing": standing, "owner_group": owner})
    for number, competitor in enumerate((SISTER, OTHERS, RIVAL)):
        file_id = make_id(competitor)
        insert(connection, "ingest.competitors", {"site_domain": SITE, "competitor_domain": competitor})
        connection.execute(
            "INSERT INTO ingest.export_files BY NAME SELECT ? AS file_id, ? AS path, ? AS site_domain, ? AS provider, "
            "'loaded' AS status, ? AS exported_on, 'x' AS sha256, 1 AS byte_count, 4 AS row_count, 4 AS loaded_count, "
            "0 AS merged_count, 0 AS rejected_count, 0 AS passed_over_count, now()::TIMESTAMP AS ingested_at",
            [file_id, f"{competitor}.csv", competitor, AHREFS, AS_OF],
        )
        for place, anchor in enumerate(("rivaal", "goedkope kast", "goedkope kast", "goedkope kast")):
            name = f"bron-{number}-{place}.example"
            insert(connection, "staging.hosts", {"host_id": 10 * number + place, "host": name, "domain": name})
            connection.execute(
                "INSERT INTO staging.link_observations BY NAME SELECT ? AS link_id, ? AS file_id, ? AS described_in, "
                "? AS site_domain, ? AS provider, ? AS source_host_id, 0 AS text_hash, ? AS anchor_text, "
                "? AS observed_on, 0 AS merged_count",
                [10 * number + place, file_id, file_id, competitor, AHREFS, 10 * number + place, anchor, AS_OF],
            )


@pytest.fixture(scope="module")
def small() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory with one site that has a bit of everything."""
    connection = duckdb.connect()
    for schema in SCHEMAS:
        connection.execute(f"CREATE SCHEMA {schema}")
    for declared in TABLES:
        connection.execute(declared.create_statement())
    for fill in (fill_links, fill_pages, fill_exchanges, fill_competitors):
        fill(connection)
    insert(connection, "risk.site_risk", make_risk(SITE, AS_OF, 30.0, "raised", "both", []))
    insert(connection, "staging.planned_events", {
        "event_id": "p", "kind": "site_change", "site_domain": SITE, "name": f"New shop {HOSTILE}", "source": "team",
        "starts_on": AS_OF + datetime.timedelta(days=9)})  # fmt: skip
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def view(small: duckdb.DuckDBPyConnection) -> SiteView:
    """The site of the small warehouse; the portfolio lists sites with links or rankings."""
    sites = {site.site_domain: site for site in read_portfolio(small, as_of=AS_OF).sites}
    return read_site(small, sites[SITE], as_of=AS_OF)


@pytest.fixture(scope="module")
def profile(small: duckdb.DuckDBPyConnection, view: SiteView) -> ProfileView:
    """Its profile."""
    return read_profiles(small, [view])[0]


def test_link_texts_count_a_domain_once_and_leave_out_what_is_disclosed(profile: ProfileView) -> None:
    recent, past = profile.anchors[:2]
    assert (recent.name, recent.pair_count, past.name, past.pair_count) == ("recent", 3, "past", 2)
    assert recent.shares["money"] == pytest.approx(2 / 3)
    assert recent.shares["brand"] == pytest.approx(1 / 3)
    assert (past.shares["brand"], past.shares["address"]) == (0.5, 0.5)
    assert recent.shares["keyword"] == 0


def test_competitors_are_those_that_no_other_client_has(profile: ProfileView) -> None:
    competitors = {one.name: one for one in profile.anchors if one.is_competitor}
    assert set(competitors) == {RIVAL, SISTER}
    assert competitors[RIVAL].pair_count == 4
    assert competitors[RIVAL].shares["money"] == 0.75
    assert competitors[RIVAL].shares["brand"] == 0.25  # its own name, not the site's
    assert competitors[SISTER].shares["brand"] == 0


def test_a_competitor_of_many_sites_is_read_once(
    small: duckdb.DuckDBPyConnection, view: SiteView, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = Mock(wraps=profile_data.competitor_query)
    monkeypatch.setattr(profile_data, "competitor_query", query)
    twin = dataclasses.replace(view, site=dataclasses.replace(view.site, site_domain=SISTER))
    small.execute("BEGIN")
    try:
        insert(small, "ingest.competitors", {"site_domain": SISTER, "competitor_domain": RIVAL})
        read_profiles(small, [view, twin])
    finally:
        small.execute("ROLLBACK")
    assert query.call_count == 2  # RIVAL of both, SISTER of one


def test_relevance_is_the_words_found_and_unknown_without_a_title(profile: ProfileView) -> None:
    assert profile.sources is not None
    counts = {count.origin: count for count in profile.sources.counts}
    natural, bought = counts["natural"], counts["bought"]
    assert (natural.domain_count, natural.relevance_known_count, natural.relevant_count) == (2, 1, 1)
    assert (bought.domain_count, bought.relevance_known_count, bought.relevant_count) == (2, 2, 1)
    assert (bought.authority_known_count, bought.authority_median) == (1, 60.0)
    assert {source.source_domain: source.topic_count for source in profile.sources.sources} == {
        "krant.example": 2, "blog.example": None, "een.example": 0, "twee.example": 1,
    }  # fmt: skip
    assert profile.sources.is_relevance_known


def test_the_map_falls_back_to_authority_where_the_subject_is_not_known(profile: ProfileView) -> None:
    assert profile.sources is not None
    known = draw_sources(profile.sources, "en")
    blind = tuple(dataclasses.replace(source, relevance_known_count=0) for source in profile.sources.sources)
    unknown = draw_sources(dataclasses.replace(profile.sources, sources=blind), "en")
    assert known is not None
    assert unknown is not None
    assert known["layout"]["xaxis"]["ticktext"][-1] == "4+"
    assert unknown["layout"]["xaxis"]["ticktext"] == ["natural", "bought"]
    assert sum(len(trace["x"]) for trace in known["data"]) == 2  # twee has no authority, of blog no subject is known


def test_pages_with_arranged_links_are_compared_around_the_surge(profile: ProfileView) -> None:
    linked = profile.linked
    assert (linked.turn.kind, linked.turn.day) == ("surge", day("2026-09-01"))
    by_path = {page.page_path: page for page in linked.pages}
    chairs = by_path["/stoelen/"]
    assert (chairs.arranged_count, chairs.domain_count, chairs.page_count) == (2, 2, 2)
    assert (chairs.before_visibility, chairs.after_visibility, chairs.before_position, chairs.after_position) == (
        10.0, 5.0, 4.0, 9.0,
    )  # fmt: skip
    assert by_path["/"].before_visibility is None
    assert linked.linked_change == pytest.approx(-0.5)
    assert linked.other_change == pytest.approx(-0.1)


def test_only_domains_of_the_sites_own_exports_are_named(profile: ProfileView) -> None:
    partners = {partner.source_domain: partner for partner in profile.partners}
    assert partners["ring.example"].through == ("tussen.example", None)
    assert partners["maat.example"].is_synchronous
    assert (partners["maat.example"].in_on, partners["maat.example"].out_on) == (day("2026-03-01"), day("2026-03-04"))
    assert OTHERS not in repr(profile)


def test_a_group_counts_what_this_site_sees_of_it(profile: ProfileView) -> None:
    assert [member.source_domain for member in profile.members] == ["een.example", "twee.example"]
    assert {(member.source_count, member.starts_on, member.ends_on) for member in profile.members} == {
        (2, day("2026-09-01"), day("2026-09-02"))
    }
    assert profile.members[0].page_paths == ("/stoelen/",)


def test_parts_of_the_site_are_weekly_means_that_end_on_the_last_day(profile: ProfileView) -> None:
    brand = [week for week in profile.segments if week.segment == "keywords:brand"]
    assert [week.ends_on for week in brand] == [
        day("2026-08-24"),
        day("2026-08-31"),
        day("2026-09-07"),
        day("2026-09-14"),
    ]
    assert {week.visibility for week in brand} == {7.0}
    assert profile.segments[0].segment == "keywords:other"  # the largest first


def test_reading_many_sites_at_once_changes_nothing(
    small: duckdb.DuckDBPyConnection, view: SiteView, profile: ProfileView
) -> None:
    site = dataclasses.replace(view.site, site_domain=SISTER)
    sister = dataclasses.replace(view, site=site, link_series=(), surges=(), drops=())
    both = read_profiles(small, [sister, view])
    assert both[1] == profile
    assert (both[0].anchors, both[0].sources, both[0].partners, both[0].segments) == ((), None, (), ())
    assert list(list_profile_tables(profile)["profile_pages"]) == list(profile.linked.pages)


def life(entry: int, age: int, *, is_lost: bool, count: int = 1) -> LifeCount:
    return LifeCount(
        provider=AHREFS, origin_group="natural", entry_days=entry, age_days=age, is_lost=is_lost, domain_count=count
    )


def test_a_late_start_takes_a_domain_out_of_the_days_before() -> None:
    rows = [
        life(-1, 100, is_lost=True, count=2), life(-1, 400, is_lost=False, count=8),
        life(150, 200, is_lost=True, count=3), life(150, 400, is_lost=False, count=9),
    ]  # fmt: skip
    curve = estimate_curve("natural", rows, LifeParams(least_at_risk=5))
    # Day 100: 2 of the 10 watched from their first day; day 200: 3 of 8 + 3 + 9.
    assert [(at, round(share, 4)) for at, share in curve.steps] == [(0, 1.0), (100, 0.8), (200, 0.68), (400, 0.68)]
    marks = {mark.age_days: mark for mark in curve.marks}
    assert marks[90].share == 1.0
    assert marks[180].share == pytest.approx(0.8)
    assert marks[730].share is None
    assert marks[180].low is not None
    assert marks[180].high is not None
    assert 0 < marks[180].low < 0.8 < marks[180].high < 1


def test_without_late_starts_the_curve_is_that_of_scipy() -> None:
    random = np.random.default_rng(7)
    ages, is_lost = random.integers(1, 900, 300), random.random(300) < 0.6
    rows = [life(-1, int(age), is_lost=bool(lost)) for age, lost in zip(ages, is_lost, strict=True)]
    curve = estimate_curve("natural", rows, LifeParams(most_steps=1000, least_at_risk=1))
    expected = ecdf(CensoredData(uncensored=ages[is_lost].tolist(), right=ages[~is_lost].tolist())).sf
    ours = np.array([share for _, share in curve.steps[1:-1]])
    np.testing.assert_allclose(ours, expected.evaluate([at for at, _ in curve.steps[1:-1]]), atol=1e-12)


def test_too_few_domains_make_no_curve(profile: ProfileView) -> None:
    assert profile.lives is None
    assert sum(row.domain_count for row in profile.life_counts) == 4


def test_quarters_begin_and_end_with_the_calendar() -> None:
    period = find_quarter(day("2026-12-31"))
    assert (period.starts_on, period.ends_on) == (day("2026-10-01"), day("2026-12-31"))
    assert find_quarter(day("2024-02-29")).ends_on == day("2024-03-31")


def check_figure(figure: dict[str, Any]) -> go.Figure:
    """The figure as Plotly takes it: an unknown name or a wrong value is an error there."""
    drawn = go.Figure(json.loads(str(to_script_json(figure))))
    assert any(len(trace.x) for trace in drawn.data)
    assert all(trace.meta for trace in drawn.data)
    return drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_one_that_plotly_takes(view: SiteView, profile: ProfileView, language: str) -> None:
    shown = show_profile(view, profile, number_findings(view.surges, "S"), {}, Speaker(language))
    drawn = {name: text for name, text in shown["profile_figures"].items() if text is not None}
    assert set(drawn) == {"anchors", "sources", "network", "pages", "segments"}
    for text in drawn.values():
        check_figure(json.loads(text))
    assert json.loads(drawn["segments"])["layout"]["meta"]["follows"] == "time"


def test_the_time_axis_has_lost_domains_below_zero_and_plotly_takes_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(
        "UPDATE signals.daily_links SET lost_domain_count = 2 "
        "WHERE site_domain = ? AND provider = ? AND origin = 'spam'",
        [EVERYTHING, AHREFS],
    )
    sites = {site.site_domain: site for site in read_portfolio(warehouse, as_of=AS_OF).sites}
    view = read_site(warehouse, sites[EVERYTHING], as_of=AS_OF)
    figure = lay_timeline(view, "en")
    assert figure is not None
    below = [trace for trace in figure["data"] if trace["type"] == "bar" and min(trace["y"]) < 0]
    assert {trace["meta"] for trace in below} == {"origin-spam"}
    lost = sum(row.lost_domain_count for row in view.link_days if row.provider == AHREFS)
    assert -sum(sum(trace["y"]) for trace in below) == lost > 0
    assert [sum(trace["text"]) for trace in below] == [lost]
    check_figure(figure)
    page = render_site(view, Speaker("en"))
    assert say("figure.table.lost", "en", provider="Ahrefs backlinks") in page
    counts = count_origins(view.link_days, AHREFS)
    assert list(counts)[-1] == find_month(AS_OF)
    whole = sum(
        row.new_domain_count for row in view.link_days if row.provider == AHREFS and row.day >= day("2026-11-01")
    )
    assert counts[find_month(AS_OF)].total() == whole > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_missing_is_said_and_no_chart_is_empty(view: SiteView, language: str) -> None:
    page = render_site(view, Speaker(language))
    for key in ("anchors.none", "sources.none", "lives.none", "network.untold", "pages.none", "segments.none"):
        assert say(f"profile.{key}", language) in page.replace("&#39;", "'")
    for name in ("anchors", "sources", "lives", "network", "pages", "segments"):
        assert f'data-figure="figure-{name}"' not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_text(view: SiteView, profile: ProfileView, language: str) -> None:
    sources = profile.sources
    assert sources is not None
    hostile = dataclasses.replace(
        profile,
        sources=dataclasses.replace(
            sources, sources=tuple(dataclasses.replace(source, source_domain=HOSTILE) for source in sources.sources)
        ),
        partners=tuple(
            dataclasses.replace(
                partner, source_domain=HOSTILE, link_out_url=f"javascript:{HOSTILE}", through=(HOSTILE,)
            )
            for partner in profile.partners
        ),
        members=tuple(
            dataclasses.replace(one, source_domain=HOSTILE, page_paths=(HOSTILE,)) for one in profile.members
        ),
        anchors=tuple(dataclasses.replace(one, name=HOSTILE) if one.is_competitor else one for one in profile.anchors),
        linked=dataclasses.replace(
            profile.linked,
            pages=tuple(dataclasses.replace(page, page_path=f"/{HOSTILE}") for page in profile.linked.pages),
        ),
    )
    page = render_site(view, Speaker(language), hostile)
    assert "<script>window" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert "\u202e" not in page
    assert page.count("<!--stale-->") == 1
    network = draw_network(SITE, hostile.partners, hostile.members, language)
    assert network is not None
    assert "<script>" not in json.dumps(network)
    assert "%{x}" not in json.dumps(network)
