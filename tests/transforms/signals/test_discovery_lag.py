"""signals.discovery_lag: what an export lists of its newest days, learnt from the exports that came after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from tests.transforms.text_tables import KNOWN_LINKS, make, observe_rows

SITE = "kaas.example"
FIRST = date(2026, 1, 1)


def export(
    warehouse: duckdb.DuckDBPyConnection,
    file_id: str,
    observed_on: date,
    domains: Mapping[str, date],
    *,
    site: str = SITE,
    provider: str = "ahrefs_backlinks",
    truncated: bool = False,
) -> None:
    """An export of one link per domain, with the day of its first sight."""
    observe_rows(
        warehouse,
        [
            {
                "link_id": hash((site, provider, domain)) % 10**12,
                "source_domain": domain,
                "source_url": f"https://{domain}/",
                "target_url": f"https://{site}/",
                "first_seen_on": first,
                "file_id": file_id,
                "observed_on": observed_on,
                "site_domain": site,
                "provider": provider,
                "merged_count": 0,
            }
            for domain, first in domains.items()
        ],
    )
    warehouse.execute("UPDATE ingest.export_files SET is_truncated = ? WHERE file_id = ?", [truncated, file_id])


def named(prefix: str, count: int, day: date, *, spread: int = 1) -> dict[str, date]:
    """``count`` domains first seen on ``day``, or in turn on ``spread`` days from it on."""
    return {f"{prefix}{number}.example": day + timedelta(days=number % spread) for number in range(count)}


def lag_of(warehouse: duckdb.DuckDBPyConnection, **changed: Any) -> dict[int, float]:
    """Share by age of the site in the tests, from tables made as the stage makes them."""
    make(warehouse, *KNOWN_LINKS, "signals.link_series", as_of="2026-12-31")
    make(warehouse, "signals.discovery_lag", as_of="2026-12-31", **{"least_lag_domains": 10, **changed})
    rows = warehouse.execute(
        "SELECT age_days, listed_share FROM signals.discovery_lag WHERE site_domain = ? ORDER BY 1", [SITE]
    ).fetchall()
    return {age: round(share, 4) for age, share in rows}


OLD = named("oud", 20, FIRST, spread=30)
NIGHT = FIRST + timedelta(days=100)


def test_an_export_is_measured_by_those_that_follow(warehouse: duckdb.DuckDBPyConnection) -> None:
    yesterday, last_week = named("gister", 20, NIGHT - timedelta(days=1)), named("week", 20, NIGHT - timedelta(days=7))
    early = dict(list(yesterday.items())[:8]) | dict(list(last_week.items())[:15])
    export(warehouse, "f1", NIGHT, OLD | early)
    export(warehouse, "f2", NIGHT + timedelta(days=70), OLD | yesterday | last_week)
    assert lag_of(warehouse) == {1: 0.4, 7: 0.75}


def test_what_no_later_export_lists_is_a_loss_and_no_lag(warehouse: duckdb.DuckDBPyConnection) -> None:
    kept, lost = named("blijft", 20, NIGHT - timedelta(days=1)), named("weg", 20, NIGHT - timedelta(days=1))
    export(warehouse, "f1", NIGHT, OLD | lost | dict(list(kept.items())[:10]))
    export(warehouse, "f2", NIGHT + timedelta(days=70), OLD | kept)
    assert lag_of(warehouse) == {1: 0.5}


@pytest.mark.parametrize(
    "why",
    [
        "one export",
        "the later export is too young",
        "cut off",
        "filtered",
        "its list begins later",
        "too few domains",
        "another provider",
    ],
)
def test_too_thin_evidence_gives_no_rows(why: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    recent = named("vers", 20, NIGHT - timedelta(days=1))
    early = dict(list(recent.items())[:8])
    first = {
        "filtered": dict(list(OLD.items())[:12]) | early,
        "its list begins later": named("rand", 5, NIGHT - timedelta(days=1)) | early,
    }.get(why, OLD | early)
    export(warehouse, "f1", NIGHT, first, truncated=why == "cut off")
    if why != "one export":
        later = NIGHT + timedelta(days=40 if why == "the later export is too young" else 70)
        provider = "majestic" if why == "another provider" else "ahrefs_backlinks"
        export(warehouse, "f2", later, OLD | recent | first, provider=provider)
    assert lag_of(warehouse, least_lag_domains=21 if why == "too few domains" else 10) == {}


def test_older_days_are_listed_no_less_than_younger_ones(warehouse: duckdb.DuckDBPyConnection) -> None:
    younger, older = named("jong", 20, NIGHT - timedelta(days=2)), named("oudst", 20, NIGHT - timedelta(days=15))
    export(warehouse, "f1", NIGHT, OLD | dict(list(younger.items())[:18]) | dict(list(older.items())[:16]))
    export(warehouse, "f2", NIGHT + timedelta(days=70), OLD | younger | older)
    assert lag_of(warehouse) == {2: 0.9} | dict.fromkeys(range(14, 21), 0.9)


def test_sites_without_evidence_of_their_own_have_that_of_the_provider(warehouse: duckdb.DuckDBPyConnection) -> None:
    recent = named("vers", 20, NIGHT - timedelta(days=1))
    for other in ("brood.example", "melk.example"):
        export(warehouse, f"{other}1", NIGHT, OLD | dict(list(recent.items())[:12]), site=other)
        export(warehouse, f"{other}2", NIGHT + timedelta(days=70), OLD | recent, site=other)
    export(warehouse, "f1", NIGHT, OLD)
    assert lag_of(warehouse, least_lag_domains=40) == {1: 0.6}
    rows = warehouse.execute("SELECT DISTINCT domain_count, is_pooled FROM signals.discovery_lag").fetchall()
    assert rows == [(40, True)]


NIGHTLY = """
SELECT
  site.number * 1000 + d AS link_id, site.domain || n AS file_id, site.domain AS site_domain,
  'ahrefs_backlinks' AS provider, site.domain || n AS described_in, d AS source_host_id,
  DATE '2026-01-01' + CAST(d AS INTEGER) AS first_seen_on, DATE '2026-03-15' + CAST(5 * n AS INTEGER) AS observed_on,
  0 AS merged_count
FROM (VALUES (1, 'kaas.example', 3), (2, 'snel.example', 0)) AS site (number, domain, late)
CROSS JOIN range(18) AS exports (n)
CROSS JOIN range(160) AS domains (d)
WHERE d + late <= 73 + 5 * n
"""
"""Exports every five days of two sites with a new domain a day; one provider's index lists it three days late."""


def test_a_site_with_enough_exports_has_its_own(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("INSERT INTO staging.hosts SELECT d, d || '.example', d || '.example' FROM range(160) AS t (d)")
    warehouse.execute(f"INSERT INTO staging.link_observations BY NAME {NIGHTLY}")
    observe_rows(warehouse, [])
    assert lag_of(warehouse, least_lag_domains=5) == dict.fromkeys(range(3), 0.0) | dict.fromkeys(range(3, 61), 1.0)
    rows = warehouse.execute(
        "SELECT site_domain, bool_or(is_pooled), min(listed_share) FROM signals.discovery_lag GROUP BY ALL ORDER BY 1"
    ).fetchall()
    assert rows == [(SITE, False, 0.0), ("snel.example", False, 1.0)]


def test_exports_made_later_than_the_day_asked_for_are_not_looked_at(warehouse: duckdb.DuckDBPyConnection) -> None:
    recent = named("vers", 20, NIGHT - timedelta(days=1))
    export(warehouse, "f1", NIGHT, OLD | dict(list(recent.items())[:8]))
    export(warehouse, "f2", NIGHT + timedelta(days=70), OLD | recent)
    before = (NIGHT + timedelta(days=69)).isoformat()
    make(warehouse, *KNOWN_LINKS, "signals.link_series", as_of=before)
    make(warehouse, "signals.discovery_lag", as_of=before, least_lag_domains=10)
    assert warehouse.execute("SELECT count(*) FROM signals.discovery_lag").fetchall() == [(0,)]
