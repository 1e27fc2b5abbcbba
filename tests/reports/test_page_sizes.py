"""Pages after a year of nights over many sites: what they list has a bound, and they say how much more there is."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import duckdb
import pytest

from reports.data import MOST_FILES, MOST_FILES_OF_SITE, MOST_UNMET_CHECKS, read_portfolio, read_quality, read_site
from reports.link_lives import estimate_curves
from reports.messages import LANGUAGES
from reports.pages import render_site
from reports.profile_data import (
    MOST_GROUPS,
    MOST_MEMBERS,
    MOST_PAGES,
    MOST_PARTNERS,
    MOST_POINTS,
    MOST_SEGMENTS,
    MOST_WEEKS,
)
from reports.profile_views import (
    ANCHOR_GROUPS,
    NO_PROFILE,
    AnchorProfile,
    ExchangePartner,
    GroupMember,
    LifeCount,
    LinkedPage,
    LinkedPages,
    Lives,
    ProfileView,
    SegmentWeek,
    Source,
    SourceMap,
    Turn,
)
from reports.quality_page import render_quality
from reports.sentences import Speaker
from tests.reports.invented_rows import AS_OF, EVERYTHING, make_file
from transforms.schemas.vocabulary import ORIGINS

MEGABYTE = 1_000_000
MOST_BYTES_OF_SITE = 400_000
"""A site's own page beside the one shared script."""
SITES, NIGHTS = 40, 365
LONG = 'a page address that goes on & on, with a quote " and so forth ' * 3

_SITES = f"""CREATE TEMP TABLE many_sites AS
SELECT CASE WHEN number = 0 THEN '{EVERYTHING}' ELSE 'site-' || number || '.example' END AS site_domain, number
FROM range({SITES}) AS t(number)"""

_FILES = f"""
INSERT INTO ingest.export_files BY NAME
SELECT model.* REPLACE (
  left(md5(sites.site_domain || night || part), 16) AS file_id,
  concat(sites.site_domain, '/incoming/nightly/', part, '-links-', DATE '{AS_OF}' - CAST(night AS INTEGER)) AS path,
  sites.site_domain AS site_domain,
  DATE '{AS_OF}' - CAST(night AS INTEGER) AS exported_on,
  CASE WHEN (night + number) % 9 = 0 THEN 'set_aside' ELSE 'loaded' END AS status,
  CASE WHEN (night + number) % 9 = 0 THEN 'no known format: ' || $long END AS reason,
  'Mood | Weather | Temper' AS unknown_columns,
  CASE WHEN night % 2 = 0 THEN 25 ELSE 0 END AS rejected_count
)
FROM model, many_sites AS sites, range({NIGHTS}) AS n(night), range(2) AS p(part)
"""

_REJECTED_ROWS = """
INSERT INTO ingest.rejected_rows
SELECT file_id, row_number, 'First seen', left($long, 200), 'expected a date as YYYY-MM-DD'
FROM ingest.export_files, range(1, 26) AS r(row_number)
WHERE rejected_count = 25
"""

_OUTCOMES = f"""
INSERT INTO expectations.outcomes BY NAME
SELECT DATE '{AS_OF}' AS as_of, 'signals' AS stage, 'signals.link_origins' AS table_name, site_domain,
  'a_check_with_a_name_' || number AS check_name,
  CASE WHEN number % 2 = 0 THEN 'maximum' ELSE 'minimum' END AS severity,
  number >= 10 AS is_met, 0.5 AS observed_value, 0.1 AS least_value, 0.2 AS most_value, 4000 AS failing_count
FROM many_sites AS sites(site_domain, place), range(120) AS c(number)
"""

_FAILING_ROWS = """
INSERT INTO expectations.failing_rows BY NAME
SELECT as_of, stage, check_name, site_domain, number AS row_number,
  to_json({source_url: $long, target_url: $long, anchor_text: $long, ingested_at: now()}) AS row
FROM expectations.outcomes, range(1, 21) AS r(number)
WHERE NOT is_met
"""

_RISK_DAYS = f"""
INSERT INTO risk.site_risk BY NAME
SELECT site_domain, DATE '{AS_OF}' - CAST(night AS INTEGER) AS day, 61.5 AS risk_score, 'high' AS tier, 'both' AS basis,
  '[]' AS reasons
FROM many_sites, range(1, {NIGHTS}) AS n(night)
WHERE NOT EXISTS (
  SELECT 1 FROM risk.site_risk AS known
  WHERE known.site_domain = many_sites.site_domain AND known.day = DATE '{AS_OF}' - CAST(night AS INTEGER)
)
"""


def full_profile() -> ProfileView:
    """A profile with as much of everything as the queries give."""
    name = "a-partner-with-a-long-name-{}.of-some-provider.example"
    sources = [
        Source(provider="ahrefs_backlinks", origin=origin, domain_count=900, authority_known_count=900,
               authority_median=33.0, relevance_known_count=900, relevant_count=99, topic_count=number % 6,
               source_domain=name.format(f"{origin}-{number}"), source_authority=number + 0.5)
        for origin in ORIGINS for number in range(MOST_POINTS)
    ]  # fmt: skip
    lives = [
        LifeCount(provider="ahrefs_backlinks", origin_group=group, entry_days=-1, age_days=3 * day,
                  is_lost=day % 2 == 0, domain_count=9)
        for group in ("natural", "arranged", "spam") for day in range(360)
    ]  # fmt: skip
    partners = [
        ExchangePartner(source_domain=name.format(number), form="ring_of_four", days_apart=3, probability=0.5,
                        link_out_url=LONG, is_synchronous=True, partner_count=99, through=(name, None), in_on=AS_OF,
                        lost_on=AS_OF, out_on=AS_OF)
        for number in range(MOST_PARTNERS)
    ]  # fmt: skip
    members = [
        GroupMember(group_id=str(number % MOST_GROUPS), source_count=80, starts_on=AS_OF, ends_on=AS_OF, first_on=AS_OF,
                    source_domain=name.format(number), page_paths=(LONG,) * 4)
        for number in range(MOST_GROUPS * MOST_MEMBERS)
    ]  # fmt: skip
    pages = [
        LinkedPage(page_path=f"/{number}/{LONG}", domain_count=9, arranged_count=9, first_on=AS_OF, last_on=AS_OF,
                   page_count=99, provider="search_console", before_visibility=9.5, after_visibility=4.5,
                   before_position=3.5, after_position=9.5, other_before=50.0, other_after=49.0, other_count=9)
        for number in range(MOST_PAGES)
    ]  # fmt: skip
    weeks = [
        SegmentWeek(provider="search_console", segment_kind="directory", segment=f"directory:/{part}/{name}/",
                    ends_on=AS_OF - datetime.timedelta(days=7 * week), visibility=1234.5 + week)
        for part in range(3 * MOST_SEGMENTS) for week in range(MOST_WEEKS)
    ]  # fmt: skip
    shares = dict.fromkeys(ANCHOR_GROUPS, 1 / 6)
    return dataclasses.replace(
        NO_PROFILE, segments=tuple(weeks), anchor_provider="ahrefs_backlinks",
        anchors=tuple(AnchorProfile(name=who, is_competitor=who != "all", pair_count=9, shares=shares)
                      for who in ("all", *map(name.format, range(4)))),
        sources=SourceMap(provider="ahrefs_backlinks", sources=tuple(sources)),
        lives=Lives(provider="ahrefs_backlinks", horizon_on=AS_OF, curves=estimate_curves(lives)),
        partners=tuple(partners), members=tuple(members),
        linked=LinkedPages(turn=Turn(day=AS_OF, kind="recent"), pages=tuple(pages)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def many_nights(warehouse_file: Path) -> duckdb.DuckDBPyConnection:
    """The invented warehouse after a year of two deliveries a night for forty sites, in memory."""
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{warehouse_file}' AS invented (READ_ONLY)")
    connection.execute("COPY FROM DATABASE invented TO memory")
    connection.execute("DETACH invented")
    connection.execute("CREATE TEMP TABLE model AS SELECT * FROM ingest.export_files WHERE path = $path", {
        "path": make_file(EVERYTHING, f"{EVERYTHING}/audit.csv", None)["path"],
    })  # fmt: skip
    connection.execute(_SITES)
    for statement in (_FILES, _REJECTED_ROWS, _OUTCOMES, _FAILING_ROWS, _RISK_DAYS):
        connection.execute(statement, {"long": LONG} if "$long" in statement else None)
    return connection


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_page_stays_small_beside_the_shared_script(
    many_nights: duckdb.DuckDBPyConnection, language: str
) -> None:
    site = next(row for row in read_portfolio(many_nights, as_of=AS_OF).sites if row.site_domain == EVERYTHING)
    view = read_site(many_nights, site, as_of=AS_OF)
    page = render_site(view, Speaker(language), full_profile())
    assert MOST_FILES_OF_SITE <= len(view.files.listed) <= 2 * MOST_FILES_OF_SITE
    assert view.files.file_count == 2 * NIGHTS + 3
    assert f"{view.files.older_count} " in page
    assert page.count("data-figure=") >= 8
    assert len(page.encode()) <= MOST_BYTES_OF_SITE


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_quality_page_stays_below_a_megabyte(many_nights: duckdb.DuckDBPyConnection, language: str) -> None:
    view = read_quality(many_nights, as_of=AS_OF)
    page = render_quality(view, Speaker(language))
    assert view.unmet_count > len(view.unmet) == MOST_UNMET_CHECKS
    assert view.met_count > 100 * SITES > len(view.met)
    assert [len(files.listed) for files in (view.set_aside, view.with_rejected_rows)] == [MOST_FILES, MOST_FILES]
    assert len(view.read_sites) >= SITES
    assert "ingested_at" not in page
    assert len(page.encode()) <= MEGABYTE
