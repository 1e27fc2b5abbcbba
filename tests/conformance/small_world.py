"""A small hand-made warehouse whose rows reach every branch of the relational stages; its tables stand beside it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.transforms.text_tables import JUDGED, KNOWN_LINKS, fill, make, observe_links, open_memory
from transforms.schemas import signals_visibility
from transforms.schemas.staging import REPORTED
from transforms.schemas.table import Column

FOLDER = Path(__file__).parent / "small_world_tables"
AS_OF = "2026-06-30"
SITE = "kaas.example"
FARM_HOSTS = ("zh-tw", "sk", "ur", "he", "ja", "th")
FARM_LINK_ID = 1000
FARM_DOMAINS = ("aaa1.example", "bbb2.example", "ccc3.example", "ddd4.example", "eee5.example")

STAGING = (
    *KNOWN_LINKS, "staging.export_reach", "staging.outlinks", "staging.rankings", "staging.search_performance",
    "staging.search_performance_periods", "staging.search_events", "staging.planned_events",
    *(declared.name for declared in REPORTED if not declared.name.endswith("_observations")),
    "staging.labels",
)  # fmt: skip
SIGNALS = (
    "signals.placements_standing", *JUDGED, "signals.domain_origins", "signals.daily_links",
    "signals.link_series", "signals.discovery_lag", "signals.shared_sources",
    *(declared.name for declared in signals_visibility.TABLES),
)  # fmt: skip
COMPOSITION = ("surges.surge_members", "surges.surge_parts", "surges.surge_composition", "surges.surge_declarations")


def build_small_world() -> duckdb.DuckDBPyConnection:
    """A warehouse in memory with observations of one site, and every relational table made from them."""
    connection = open_memory()
    site = {"site_domain": SITE, "merged_count": 0}
    fill(connection, "ingest.export_files", _text("export_files"))
    observe_links(connection, _text("link_observations"), **site)
    _add_farm(connection)
    _add_burst(connection)
    _add_late_links(connection)
    _add_other_site(connection)
    _add_exchanges(connection)
    fill(connection, "staging.outlink_observations", _text("outlink_observations"), provider="screaming_frog", **site)
    fill(
        connection,
        "staging.performance_observations",
        _text("performance_observations"),
        provider="search_console",
        **site,
    )
    fill(connection, "staging.event_observations", _text("event_observations"))
    _add_rankings(connection)
    _add_daily_search(connection)
    _add_lists(connection)
    _add_judgements(connection)
    _add_feeds(connection)
    _add_customer(connection)
    make(connection, *STAGING, *SIGNALS, as_of=AS_OF)
    fill(
        connection,
        "signals.link_batches",
        """
        batch_id | site_domain  | kind     | placed_from_on | placed_to_on | lost_from_on | lost_to_on | target_url
        r1       | kaas.example | rented   | 2025-01-01     | 2026-12-31   | 2025-01-01   | 2026-12-31 |
        p1       | geit.example | purchase | 2026-02-20     | 2026-03-01   |              |            | a://g/winkel
        """,
        provider="ahrefs_backlinks", authority_low=20, authority_high=40,
    )  # fmt: skip
    make(connection, "signals.batch_members", as_of=AS_OF)
    fill(
        connection,
        "surges.link_surges",
        """
        surge_id | site_domain   | origin | starts_on  | ends_on
        s1       | kaas.example  | spam   | 2026-05-10 | 2026-05-25
        s2       | boter.example | spam   | 2026-05-11 | 2026-05-13
        s3       | kaas.example  | bought | 2026-05-10 | 2026-05-12
        """,
        as_of=AS_OF, provider="ahrefs_backlinks",
    )  # fmt: skip
    make(connection, *COMPOSITION, as_of=AS_OF)
    fill(
        connection,
        "drops.ranking_drops",
        """
        drop_id | site_domain  | starts_on  | recovered_on
        d1      | kaas.example | 2026-05-01 | 2026-06-25
        d2      | geit.example | 2026-03-01 |
        d3      | kaas.example | 2026-05-20 |
        """,
        as_of=AS_OF, provider="search_console", segment="site",
    )  # fmt: skip
    make(connection, "correlation.recovery_events", as_of=AS_OF)
    fill(
        connection,
        "signals.visibility",
        """
        segment              | day        | visibility
        page:/winkel/belegen | 2026-05-19 | 8.5
        page:/winkel/belegen | 2026-05-21 | 3.25
        page:/k              | 2026-05-19 | 4
        page:/k              | 2026-05-21 | 1
        page:/               | 2026-05-19 | 20
        page:/               | 2026-05-21 | 12
        page:/rest           | 2026-05-19 | 7
        page:/rest           | 2026-05-21 | 7
        """,
        site_domain="kaas.example", provider="search_console", segment_kind="page",
    )  # fmt: skip
    make(connection, "correlation.linked_segments", "correlation.arranged_pages", as_of=AS_OF)
    return connection


def _text(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def _add_farm(connection: duckdb.DuckDBPyConnection) -> None:
    """The same page on many subdomains of five weak domains."""
    header = "link_id | source_domain | source_host | source_url | first_seen_on"
    rows = [
        f"{FARM_LINK_ID + 10 * number + offset} | {domain} | {host}.{domain} | https://{host}.{domain}/social/315305 "
        f"| 2026-05-{10 + number + offset}"
        for number, domain in enumerate(FARM_DOMAINS)
        for offset, host in enumerate(FARM_HOSTS)
    ]
    observe_links(
        connection, "\n".join([header, *rows]),
        file_id="f2", site_domain=SITE, provider="ahrefs_backlinks", merged_count=0, observed_on="2026-06-01",
        target_url=f"https://{SITE}/", source_title=f"Backlinks for {SITE}", anchor_text=f"Backlinks for {SITE}",
        source_authority=0.0, is_nofollow=False, last_seen_on="2026-05-31",
    )  # fmt: skip


def _add_burst(connection: duckdb.DuckDBPyConnection) -> None:
    """One keyword of six domains for one page, within a week."""
    header = "link_id | source_domain | source_host | source_url | first_seen_on"
    rows = [
        f"{FARM_LINK_ID + 200 + number} | vlaag{number}.example | vlaag{number}.example "
        f"| https://vlaag{number}.example/stuk-{number} | 2026-04-{10 + number}"
        for number in range(6)
    ]
    observe_links(
        connection, "\n".join([header, *rows]),
        file_id="f2", site_domain=SITE, provider="ahrefs_backlinks", merged_count=0, observed_on="2026-06-01",
        target_url=f"https://{SITE}/winkel/belegen", source_title="Een stuk", anchor_text="belegen gouda",
        source_authority=30.0, is_nofollow=False, last_seen_on="2026-05-31",
    )  # fmt: skip


def _add_late_links(connection: duckdb.DuckDBPyConnection) -> None:
    """Two exports of another site: the second lists all of 60 domains of one day and 10 older ones, the first fewer."""
    connection.execute(
        """
        INSERT INTO staging.hosts
        SELECT 900000 + n AS host_id, 'laat' || n || '.example' AS host, 'laat' || n || '.example' AS domain
        FROM range(70) AS numbers (n)
        """
    )
    connection.execute(
        """
        INSERT INTO staging.link_observations BY NAME
        SELECT
          900000 + n AS link_id, file_id, 'geit.example' AS site_domain, 'ahrefs_backlinks' AS provider,
          file_id AS described_in, 900000 + n AS source_host_id, 'https://laat' || n || '.example/' AS source_url,
          'https://geit.example/' AS target_url, 1 AS text_hash,
          CASE WHEN n < 45 THEN 'Kaas ' ELSE 'Сыр ' END || n AS source_title,
          CASE WHEN n < 5 THEN DATE '2025-12-01' WHEN n < 10 THEN DATE '2025-12-20' ELSE DATE '2026-02-27' END
            AS first_seen_on,
          observed_on, 0 AS merged_count
        FROM range(70) AS numbers (n)
        CROSS JOIN (VALUES ('m1', DATE '2026-03-01'), ('m3', DATE '2026-05-01')) AS exports (file_id, observed_on)
        WHERE file_id = 'm3' OR n < 40
        """
    )


def _add_other_site(connection: duckdb.DuckDBPyConnection) -> None:
    """Another site of the same owner, to which three domains of the farm came on the days on which they came first."""
    header = "link_id | source_domain | source_host | source_url | first_seen_on"
    rows = [
        f"{FARM_LINK_ID + 100 + number} | {domain} | zh-tw.{domain} | https://zh-tw.{domain}/social/315305 "
        f"| 2026-05-{10 + number}"
        for number, domain in enumerate(FARM_DOMAINS[1:4], start=1)
    ]
    observe_links(
        connection, "\n".join([header, *rows]),
        file_id="b1", site_domain="boter.example", provider="ahrefs_backlinks", merged_count=0,
        observed_on="2026-06-01", target_url="https://boter.example/", source_title="Backlinks for boter.example",
        anchor_text="Backlinks for boter.example", source_authority=0.0, is_nofollow=False, last_seen_on="2026-05-31",
    )  # fmt: skip


def _add_exchanges(connection: duckdb.DuckDBPyConnection) -> None:
    """A swap, a ring of three and one of four between two sites and two others, and keyword links to one page."""
    links = """
        link_id | site_domain   | source_domain | target_url    | anchor_text    | first_seen_on | lost_on
        2001    | geit.example  | ruil.example  | a://g/        | Geit           | 2026-03-03    | 2026-04-10
        2002    | geit.example  | twee.example  | a://g/        | Geit           | 2026-03-09    |
        2003    | boter.example | een.example   | a://b/        | Boter          | 2026-03-05    |
        2004    | geit.example  | een2.example  | a://g/        | Geit           | 2026-03-06    |
        2005    | geit.example  | bes1.example  | a://g/winkel  | goedkope melk  | 2026-02-23    |
        2006    | geit.example  | bes2.example  | a://g/winkel  | melk kopen     | 2026-02-24    |
        2007    | geit.example  | bes3.example  | a://g/winkel  | verse melk     | 2026-02-25    |
        2008    | geit.example  | bes4.example  | a://g/winkel  | melk bestellen | 2026-02-26    |
        """
    observe_links(
        connection, links, file_id="m3", provider="ahrefs_backlinks", merged_count=0, observed_on="2026-05-01",
        source_authority=30.0,
    )  # fmt: skip
    fill(
        connection,
        "ingest.export_files",
        """
        file_id | exported_on | site_domain   | status
        u1      | 2026-05-01  | geit.example  | loaded
        u2      | 2026-06-01  | geit.example  | loaded
        u3      | 2026-06-01  | boter.example | loaded
        """,
        provider="uit",
    )
    fill(
        connection,
        "staging.outlink_observations",
        """
        file_id | observed_on | site_domain   | target_domain | target_url | first_seen_on
        u1      | 2026-05-01  | geit.example  | ruil.example  | /1         | 2026-03-13
        u1      | 2026-05-01  | geit.example  | een.example   | /2         | 2026-03-01
        u1      | 2026-05-01  | geit.example  | boter.example | /3         |
        u1      | 2026-05-01  | geit.example  | oud.example   | /4         |
        u2      | 2026-06-01  | geit.example  | ruil.example  | /1         | 2026-03-13
        u2      | 2026-06-01  | geit.example  | een.example   | /2         | 2026-03-01
        u2      | 2026-06-01  | geit.example  | boter.example | /3         |
        u2      | 2026-06-01  | geit.example  | oud.example   | /4         |
        u2      | 2026-06-01  | geit.example  | nieuw.example | /5         |
        u3      | 2026-06-01  | boter.example | twee.example  | /6         | 2026-03-07
        u3      | 2026-06-01  | boter.example | een2.example  | /7         | 2026-03-07
        """,
        provider="uit", source_url="//links", merged_count=0,
    )  # fmt: skip


def _add_feeds(connection: duckdb.DuckDBPyConnection) -> None:
    """Feeds of another site: daily and monthly by their gaps, one that came once, one listed that never came."""
    fill(
        connection,
        "ingest.export_files",
        """
        file_id | provider          | exported_on
        d1      | search_console    | 2026-06-01
        d2      | search_console    | 2026-06-02
        d3      | search_console    | 2026-06-02
        d4      | search_console    | 2026-06-05
        m1      | ahrefs_backlinks  | 2026-03-01
        m2      | ahrefs_backlinks  | 2026-04-01
        m3      | ahrefs_backlinks  | 2026-05-01
        m4      | ahrefs_backlinks  | 2026-06-29
        w1      | semrush_backlinks | 2026-06-20
        """,
        site_domain="geit.example", status="loaded", is_truncated=False,
    )  # fmt: skip
    fill(
        connection,
        "ingest.listed_sites",
        """
        site_domain    | standing | owner_group | brand_words
        geit.example   | listed   |             |
        schaap.example | unlisted |             |
        kaas.example   | listed   | zuivel      | ideeën
        boter.example  | listed   | zuivel      |
        """,
    )
    fill(
        connection,
        "ingest.listed_feeds",
        """
        site_domain    | provider          | cadence | allowed_days
        geit.example   | semrush_backlinks | monthly | 31
        geit.example   | majestic          | weekly  | 11
        schaap.example | majestic          | weekly  | 11
        """,
    )


def _add_customer(connection: duckdb.DuckDBPyConnection) -> None:
    """A shop of links with a keyword for a site of another owner."""
    observe_links(
        connection, "link_id | source_domain | source_url\n910000 | shop1.example | https://shop1.example/geit",
        file_id="m3", site_domain="geit.example", provider="ahrefs_backlinks", merged_count=0,
        observed_on="2026-05-01", target_url="https://geit.example/", anchor_text="roomboter kopen",
    )  # fmt: skip


def _add_lists(connection: duckdb.DuckDBPyConnection) -> None:
    """Every list that says less than links: one of May, and one of June that repeats one row and has another."""
    for declared in REPORTED:
        if not declared.name.endswith("_observations"):
            continue
        for file_id, observed_on, number in (("t1", "2026-05-01", 1), ("t2", "2026-06-01", 1), ("t2", "2026-06-01", 2)):
            row = {column.name: _invented(column, number) for column in declared.columns}
            row |= {"file_id": file_id, "site_domain": SITE, "provider": "p", "observed_on": observed_on}
            if file_id == "t1":
                row |= {name: None for name in row if name.endswith("_count") and name != "merged_count"}
            marks = ", ".join("?" for _ in row)
            columns = ", ".join(row)
            connection.execute(f"INSERT INTO {declared.name} ({columns}) VALUES ({marks})", list(row.values()))


def _add_judgements(connection: duckdb.DuckDBPyConnection) -> None:
    """What the team says of links, domains and hosts: corrected, contradicted, for one site and for all."""
    fill(
        connection,
        "ingest.export_files",
        """
        file_id | path       | exported_on | ingested_at | superseded_by
        l1      | labels.csv | 2026-03-01  | 2026-03-02  |
        l2      | labels.csv | 2026-05-01  | 2026-05-02  |
        l3      | labels.csv | 2026-09-01  | 2026-09-02  |
        l0      | oud.csv    | 2026-03-01  | 2026-03-02  | l9
        """,
        provider="labels", status="loaded", is_truncated=False,
    )  # fmt: skip
    fill(
        connection,
        "staging.label_observations",
        """
        file_id | row_number | site_domain  | subject_kind | subject_key               | origin    | observed_on
        l1      | 1          |              | domain       | shop1.example             | natural   | 2026-02-01
        l2      | 1          |              | domain       | shop1.example             | bought    | 2026-02-01
        l2      | 2          | kaas.example | domain       | shop1.example             | natural   | 2026-04-01
        l2      | 3          | kaas.example | domain       | shop1.example             | exchanged | 2026-04-01
        l2      | 4          |              | link         | krant.example/2026/kaas   | natural   | 2026-05-01
        l2      | 5          | kaas.example | domain       | forum.praat.example       | spam      | 2026-05-01
        l2      | 6          | kaas.example | domain       | praat.example             | bought    | 2026-05-01
        l2      | 7          | kaas.example | domain       | shop2.example             | allowed   | 2026-01-01
        l2      | 8          | kaas.example | domain       | shop2.example             | bought    | 2026-05-01
        l3      | 1          | kaas.example | domain       | shop1.example             | spam      | 2026-09-01
        l0      | 1          | kaas.example | domain       | shop3.example             | spam      | 2026-03-01
        """,
        subject="as written", subject_domain="x.example", merged_count=0,
    )  # fmt: skip
    fill(
        connection,
        "ingest.allowed_domains",
        """
        site_domain  | allowed_domain | is_owned
        kaas.example | melk.example   | true
        """,
    )
    fill(
        connection,
        "staging.placement_observations",
        """
        source_url                         | source_host       | target_url             | kind
        https://weg.example/links          | weg.example       |                        | bought
        weg.example/links.html/            | weg.example       | http://kaas.example    | bought
        https://krant.example/2026/kaas/#k | www.krant.example | https://kaas.example/x | earned
        https://zh-tw.aaa1.example/social/315305 | zh-tw.aaa1.example | | bought
        """,
        file_id="pl", observed_on="2026-04-01", site_domain=SITE, provider="placements", source_domain="x.example",
        campaign="lente", merged_count=0,
    )  # fmt: skip
    fill(
        connection,
        "staging.disavow_entry_observations",
        """
        file_id | entry_kind | entry
        dv      | domain     | www.vlees.example
        dv      | url        | http://weg.example/links.html
        """,
        site_domain=SITE, provider="google_disavow", observed_on="2026-06-01", merged_count=0,
    )  # fmt: skip


def _invented(column: Column, number: int) -> object:
    if column.allowed:
        return column.allowed[0]
    return {
        "VARCHAR": f"{column.name} {number}",
        "DATE": f"2026-05-{10 + number}",
        "BIGINT": number,
        "DOUBLE": number / 2,
        "BOOLEAN": number == 1,
    }[column.type]


def _add_rankings(connection: duckdb.DuckDBPyConnection) -> None:
    """Six keywords on twenty days: unranked, without volume, of volume 0, rarely checked, and one missed check."""
    connection.execute(
        """
        INSERT INTO staging.ranking_observations BY NAME
        SELECT
          'r1' AS file_id, 'kaas.example' AS site_domain, 'se_ranking' AS provider,
          CASE k WHEN 0 THEN 'kaas ' ELSE 'keyword ' END || k AS keyword,
          'https://www.kaas.example' || CASE WHEN k = 0 THEN '' ELSE '/Map' || k % 2 || '/p' || (k + d // 15) END
            AS page_url, CAST(DATE '2026-05-01' + CAST(d AS INTEGER) AS DATE) AS ranked_on,
          CASE WHEN k = 3 AND d > 10 THEN NULL ELSE 1.0 + (k * 7 + d * 3) % 60 END AS position,
          CASE WHEN k = 2 THEN NULL WHEN k = 4 THEN 0.0 ELSE k * 110.0 + d // 15 END AS search_volume,
          CASE WHEN k = 1 THEN 'mobile' END AS device, CASE WHEN k = 2 THEN 'be' ELSE 'nl' END AS country,
          100 AS tracked_depth,
          DATE '2026-05-31' AS observed_on, 0 AS merged_count
        FROM range(6) AS keywords (k), range(20) AS days (d)
        WHERE NOT (k = 5 AND d % 2 = 0) AND NOT (k = 4 AND d = 7)
        """
    )


def _add_daily_search(connection: duckdb.DuckDBPyConnection) -> None:
    """Twelve weeks of pages, queries and countries by device: one page vanishes, one is seldom shown, a day lacks."""
    connection.execute(
        """
        INSERT INTO staging.performance_observations BY NAME
        SELECT
          'p9' AS file_id, 'boter.example' AS site_domain, 'search_console' AS provider, dimension_set,
          CASE WHEN dimension_set = 'page' THEN 'https://boter.example/Blog/' || member || '?n=' || d % 2 END
            AS page_url,
          CASE WHEN dimension_set = 'query' THEN CASE member WHEN 1 THEN 'Bo-ter kopen' ELSE 'melk ' || member END END
            AS query,
          CASE WHEN dimension_set = 'country_device' THEN CASE member WHEN 1 THEN 'nl' ELSE 'be' END END AS country,
          CASE WHEN dimension_set = 'country_device' THEN CASE member WHEN 3 THEN 'mobile' ELSE 'desktop' END END
            AS device,
          CAST(DATE '2026-03-01' + CAST(d AS INTEGER) AS DATE) AS performed_on,
          CAST(member + d % 7 AS DOUBLE) AS clicks, CAST(10 * member + d % 11 AS DOUBLE) AS impressions,
          CASE WHEN d % 10 > 0 THEN 3.25 + member + d % 3 END AS position, DATE '2026-05-30' AS observed_on,
          0 AS merged_count
        FROM (VALUES ('page'), ('query'), ('country_device')) AS sets (dimension_set),
          (VALUES (1), (2), (3)) AS members (member), range(84) AS days (d)
        WHERE NOT (member = 2 AND d > 60) AND NOT (member = 3 AND d % 4 = 1) AND d <> 40
        """
    )
