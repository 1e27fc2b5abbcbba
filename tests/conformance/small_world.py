"""A small hand-made warehouse whose rows reach every branch of the relational stages; its tables stand beside it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.transforms.text_tables import fill, make, open_memory

FOLDER = Path(__file__).parent / "small_world_tables"
AS_OF = "2026-06-30"
SITE = "kaas.example"
FARM_HOSTS = ("zh-tw", "sk", "ur", "he", "ja", "th")
FARM_DOMAINS = ("aaa1.example", "bbb2.example", "ccc3.example", "ddd4.example", "eee5.example")

STAGING = (
    "staging.links", "staging.outlinks", "staging.rankings", "staging.search_performance",
    "staging.search_performance_periods", "staging.search_events",
)  # fmt: skip
SIGNALS = (
    "signals.link_evidence", "signals.link_origins", "signals.domain_origins", "signals.daily_links",
    "signals.link_series", "signals.visibility",
)  # fmt: skip


def build_small_world() -> duckdb.DuckDBPyConnection:
    """A warehouse in memory with observations of one site, and every relational table made from them."""
    connection = open_memory()
    site = {"site_domain": SITE, "merged_count": 0}
    fill(connection, "ingest.export_files", _text("export_files"))
    fill(connection, "staging.link_observations", _text("link_observations"), provider="ahrefs_backlinks", **site)
    _add_farm(connection)
    connection.execute(
        "UPDATE staging.link_observations "
        "SET link_id = md5(concat_ws('|', site_domain, provider, source_url, target_url))"
    )
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
    _add_feeds(connection)
    make(connection, *STAGING, *SIGNALS, as_of=AS_OF)
    return connection


def _text(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def _add_farm(connection: duckdb.DuckDBPyConnection) -> None:
    """The same page on many subdomains of five weak domains."""
    header = "source_domain | source_host | source_url | first_seen_on"
    rows = [
        f"{domain} | {host}.{domain} | https://{host}.{domain}/social/315305 | 2026-05-{10 + number + offset}"
        for number, domain in enumerate(FARM_DOMAINS)
        for offset, host in enumerate(FARM_HOSTS)
    ]
    fill(
        connection, "staging.link_observations", "\n".join([header, *rows]),
        file_id="f2", site_domain=SITE, provider="ahrefs_backlinks", merged_count=0, observed_on="2026-06-01",
        target_url=f"https://{SITE}/", source_title=f"Backlinks for {SITE}", anchor_text=f"Backlinks for {SITE}",
        source_authority=0.0, is_nofollow=False, last_seen_on="2026-05-31",
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
    fill(connection, "ingest.listed_sites", "site_domain | standing\ngeit.example | listed\nschaap.example | unlisted")
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


def _add_rankings(connection: duckdb.DuckDBPyConnection) -> None:
    """Six keywords on twenty days: unranked, without volume, of volume 0, rarely checked, and one missed check."""
    connection.execute(
        """
        INSERT INTO staging.ranking_observations BY NAME
        SELECT
          'r1' AS file_id, 'kaas.example' AS site_domain, 'se_ranking' AS provider,
          'keyword ' || k AS keyword, CAST(DATE '2026-05-01' + CAST(d AS INTEGER) AS DATE) AS ranked_on,
          CASE WHEN k = 3 AND d > 10 THEN NULL ELSE 1.0 + (k * 7 + d * 3) % 60 END AS position,
          CASE WHEN k = 2 THEN NULL WHEN k = 4 THEN 0.0 ELSE k * 110.0 + d // 15 END AS search_volume,
          CASE WHEN k = 1 THEN 'mobile' END AS device, 'nl' AS country, 100 AS tracked_depth,
          DATE '2026-05-31' AS observed_on, 0 AS merged_count
        FROM range(6) AS keywords (k), range(20) AS days (d)
        WHERE NOT (k = 5 AND d % 2 = 0) AND NOT (k = 4 AND d = 7)
        """
    )
