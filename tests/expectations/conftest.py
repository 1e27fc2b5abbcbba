"""A warehouse in memory in which every check holds, for as many sites as a test asks for."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import duckdb
import pandas as pd
import pytest

from transforms.schemas import TABLES, table
from transforms.schemas.signals_rules import SIX_ORIGINS
from transforms.schemas.staging import REPORTED
from transforms.stages import SCHEMAS

AS_OF = datetime.date(2026, 11, 15)
START = datetime.date(2026, 10, 1)
EVIDENCE = [{"rule": "sponsored", "weight": 1.0, "seen": "rel=sponsored", "policy_clause": None}]
DEFAULTS: dict[str, Any] = {
    "VARCHAR": "word",
    "DATE": AS_OF,
    "TIMESTAMP": datetime.datetime(2026, 11, 15, 3),  # noqa: DTZ001 - TIMESTAMP columns are UTC without a zone
    "BIGINT": 0,
    "DOUBLE": 0.5,
    "BOOLEAN": False,
    "EVIDENCE": EVIDENCE,
}

OpenWorld = Callable[[Sequence[str]], duckdb.DuckDBPyConnection]


@pytest.fixture
def as_of() -> datetime.date:
    return AS_OF


@pytest.fixture
def open_world() -> Iterator[OpenWorld]:
    """Opens a clean warehouse for the sites given; every table has rows of every site."""
    opened: list[duckdb.DuckDBPyConnection] = []

    def open_for(sites: Sequence[str]) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(":memory:", config={"threads": 2})
        opened.append(connection)
        for schema in SCHEMAS:
            connection.execute(f"CREATE SCHEMA {schema}")
        for declared in TABLES:
            connection.execute(declared.create_statement())
        rows: dict[str, list[dict[str, Any]]] = {}
        for site in sites:
            for name, row in site_rows(site):
                rows.setdefault(name, []).append(filled(name, row | {"site_domain": site}))
        for number in range(1, len(sites) + 1):
            for name, row in shared_rows(number):
                rows.setdefault(name, []).append(filled(name, row))
        update = {"event_id": "spam-1", "kind": "update", "starts_on": START, "ends_on": None, "site_domain": None}
        rows["staging.search_events"].append(filled("staging.search_events", update))
        for name, table_rows in rows.items():
            insert(connection, name, table_rows)
        return connection

    yield open_for
    for connection in opened:
        connection.close()


def filled(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """A whole row of a table: required columns by type, allowed words first, the rest null unless given."""
    whole = {
        column.name: (column.allowed[0] if column.allowed else DEFAULTS[column.type]) if column.required else None
        for column in table(name).columns
    }
    return whole | {column: value for column, value in row.items() if column in whole}


def insert(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]]) -> None:
    declared = table(name)
    frame = pd.DataFrame(
        {column.name: pd.Series([row[column.name] for row in rows], dtype=object) for column in declared.columns}
    )
    connection.register("new_rows", frame)
    columns = ", ".join(f'CAST("{column.name}" AS {column.ddl_type}) AS "{column.name}"' for column in declared.columns)
    connection.execute(f"INSERT INTO {name} BY NAME SELECT {columns} FROM new_rows")
    connection.unregister("new_rows")


def site_rows(site: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(table, what matters of a row) for one healthy site."""
    yield from _ingest_rows(site)
    yield "staging.known_days", {"as_of": AS_OF}
    yield from _link_rows(site)
    yield from _search_rows(site)
    yield from _finding_rows(site)


def shared_rows(number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """(table, what matters of a row) of what belongs to no site; one row of each table for each number."""
    bits = {"text_bits": number}
    yield "signals.origin_rules", {"rule": f"rule {number}", "bit": number, "weight": 1.0}
    yield "signals.mark_combinations", bits
    pooled = {"as_of": AS_OF, "origin_group": "arranged", "segment_kind": f"kind {number}", "lag_window": "any"}
    yield "correlation.portfolio_tests", pooled | {"drop_count": 2, "observed_count": 1, "expected_count": 0.5}
    share = {f"{origin}_probability": 1 / len(SIX_ORIGINS) for origin in SIX_ORIGINS}
    yield "signals.evidence_combinations", bits | share
    yield "signals.source_customers", {"source_domain": f"blog{number}.example"}
    scores = {"log_loss_before": 1.2, "log_loss_after": 1.0, "brier_before": 0.6, "brier_after": 0.5}
    correction = {
        "rule_set": f"set {number}",
        "origin": SIX_ORIGINS[number % len(SIX_ORIGINS)],
        "strength": 1.0,
        "is_applied": True,
        "reason": "improves",
    }
    yield "signals.label_corrections", correction | scores


def id_number(name: str) -> int:
    """Links and hosts are numbers where every export of them is kept."""
    return zlib.crc32(name.encode())


def _days(count: int) -> list[datetime.date]:
    return [AS_OF - datetime.timedelta(days=age) for age in range(count)]


def _ingest_rows(site: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for age, day in enumerate(_days(4)):
        yield (
            "ingest.export_files",
            {
                "file_id": f"{site}-{age}",
                "format": "ahrefs_backlinks",
                "provider": "ahrefs_backlinks",
                "feed": "backlinks",
                "row_count": 200,
                "loaded_count": 199 if age == 0 else 200,
                "rejected_count": 1 if age == 0 else 0,
                "is_truncated": False,
                "exported_on": day,
                "exported_on_source": "file_name",
                "unknown_columns": "",
            },
        )
    feed = {"provider": "ahrefs_backlinks", "export_count": 4, "newest_on": AS_OF, "allowed_days": 4}
    for name in ("ingest.listed_sites", "ingest.listed_feeds", "ingest.feeds"):
        yield name, feed
    yield "ingest.rejected_rows", {"file_id": f"{site}-0", "row_number": 7, "column_name": "First seen"}


def _link_rows(site: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number in (1, 2):
        link = {
            "link_id": f"{site}/{number}",
            "file_id": f"{site}-0",
            "provider": "ahrefs_backlinks",
            "source_url": f"https://www.blog{number}.example/post",
            "source_host": f"www.blog{number}.example",
            "source_domain": f"blog{number}.example",
            "target_url": f"https://{site}/",
            "source_authority": 40.0,
            "page_authority": 10.0,
            "provider_score": 20.0,
            "first_seen_on": START,
            "last_seen_on": AS_OF,
            "first_observed_on": START,
            "observation_count": 4,
            "known_from_on": START,
            "probability": 0.7,
            "link_count": 1,
            "link_number": id_number(f"{site}/{number}"),
            "text_hash": number,
            "words_version": f"{site} words",
        }
        for name in ("staging.links", "signals.text_marks", "signals.link_marks"):
            yield name, link
        numbers = {"link_id": id_number(f"{site}/{number}"), "source_host_id": id_number(f"{site} host")}
        for name in ("staging.link_observations", "staging.link_states"):
            yield name, link | numbers | {"described_in": link["file_id"]}
        for name in ("signals.link_origins", "signals.domain_origins", "staging.referring_domains"):
            yield name, link
    yield "signals.site_words", {"words_version": f"{site} words"}
    for name in ("linked_pages", "site_pages", "site_keywords", "anchors", "shared_pages", "source_profiles"):
        yield f"signals.{name}", {"provider": "ahrefs_backlinks"}
    yield "signals.foreign_scripts", {"provider": "ahrefs_backlinks"}
    yield "staging.hosts", {"host_id": id_number(f"{site} host"), "host": f"www.{site}", "domain": site}
    export = {"file_id": f"{site}-0", "provider": "ahrefs_backlinks"}
    yield "staging.known_exports", export
    yield "staging.export_reach", export
    outlink = {
        "file_id": f"{site}-o",
        "source_url": f"https://{site}/",
        "target_url": "https://other.example/",
        "target_host": "other.example",
        "target_domain": "other.example",
    }
    yield "staging.outlinks", outlink
    yield "staging.outlink_observations", outlink
    for name in ("staging.labels", "staging.label_observations"):
        yield name, {"file_id": f"{site}-0", "row_number": 1}
    yield "staging.decision_observations", {"file_id": f"{site}-0", "row_number": 1, "alert_id": site}
    yield "reports.alerts", {"alert_id": site}
    yield "ingest.allowed_domains", {}
    yield "ingest.competitors", {"competitor_domain": "other.example"}
    profile = {"provider": "ahrefs_backlinks", "link_count": 2, "domain_count": 2, "expected_domain_count": 2.0}
    yield "signals.profile_origins", profile
    yield "signals.labelled_links", {"link_id": f"{site}/1", "provider": "ahrefs_backlinks"}
    yield "signals.told_links", {"link_id": f"{site}/1", "provider": "ahrefs_backlinks", "told_origin": "natural"}
    yield "signals.placements_standing", {"source_url": "https://www.blog1.example/post"}
    for declared in REPORTED:
        if declared.name != "staging.referring_domains":
            yield declared.name, {"file_id": f"{site}-0"}
    counts = {"provider": "ahrefs_backlinks", "day": START, "new_domain_count": 2, "new_link_count": 2}
    yield "signals.daily_links", counts
    shared = {"provider": "ahrefs_backlinks", "source_domain": "blog1.example", "day": START}
    yield "signals.shared_sources", shared | {"site_count": 2, "owner_count": 2}
    edge = {"provider": "ahrefs_backlinks", "source_domain": "blog1.example", "target_url": f"https://{site}/"}
    yield "signals.anchor_bursts", edge | {"anchor": "kaas", "domain_count": 5, "network_count": 0}
    yield "signals.lockstep_edges", edge | {"day": START, "edge_count": 1}
    counts = {"link_count": 3, "source_count": 5, "target_count": 3, "site_count": 1}
    group = {"group_id": "g", "starts_on": START, "ends_on": START, "chance": 0.001}
    yield "signals.lockstep_members", edge | counts | group
    edge = {"provider": "ahrefs_backlinks", "other_domain": "blog1.example", "direction": "in"}
    yield "signals.domain_edges", edge
    yield "signals.link_lives", {"provider": "ahrefs_backlinks", "placed_on": START, "domain_count": 1}
    yield "signals.page_arrivals", {"provider": "ahrefs_backlinks", "link_id": f"{site}/1", "placed_on": START}
    yield "signals.exchange_degrees", {"linking_domain_count": 9, "linked_domain_count": 9, "is_told": True}
    profile = {"linking_domain_count": 9, "linked_domain_count": 9, "is_told": True, "is_beyond_expected": False}
    counts_of = {
        "mutual_count": 2,
        "dated_count": 1,
        "synchronous_count": 1,
        "p_value": 0.4,
        "synchronous_p_value": 0.1,
    }
    yield "signals.exchange_profiles", profile | counts_of
    exchange = {"source_domain": "blog1.example", "form": "mutual", "days_apart": 3}
    yield "signals.exchange_candidates", exchange | {"known_day_count": 2, "way_count": 1}
    yield "signals.exchange_partners", exchange | {"probability": 0.9, "is_synchronous": True, "partner_site_count": 1}
    batch = {"batch_id": f"{site}-b", "provider": "ahrefs_backlinks", "kind": "rented"}
    days = {"placed_from_on": START, "placed_to_on": START, "lost_from_on": AS_OF, "lost_to_on": AS_OF, "months": 1}
    found = {"domain_count": 5, "expected_count": 0.1, "p_value": 1e-6}
    yield "signals.link_batches", batch | days | found
    yield "signals.batch_members", batch | {"link_id": f"{site}/1"}
    series = {"starts_on": START, "ends_on": AS_OF, "link_count": 2, "domain_count": 2, "dated_share": 1.0}
    yield "signals.link_series", {"provider": "ahrefs_backlinks", **series}
    yield "signals.discovery_lag", {"provider": "ahrefs_backlinks", "age_days": 1, "listed_share": 0.9}


def _search_rows(site: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number in range(12):
        ranking = {
            "file_id": f"{site}-r",
            "keyword": f"keyword {number}",
            "device": "desktop",
            "ranked_on": AS_OF,
            "position": None if number == 0 else float(number),
            "tracked_depth": 100,
            "search_volume": 90.0,
        }
        yield "staging.rankings", ranking
        yield "staging.ranking_observations", ranking
    for day in _days(30):
        performance = {
            "file_id": f"{site}-p",
            "dimension_set": "day",
            "device": "mobile",
            "performed_on": day,
            "clicks": 5.0,
            "impressions": 50.0,
            "position": 3.0,
        }
        yield "staging.search_performance", performance
        yield "staging.performance_observations", performance
        seen = {"segment_kind": "site", "segment": "site", "day": day, "visibility": 5.0}
        yield "signals.visibility", seen | {"basket_size": 10, "ranked_count": 9}
        yield "signals.search_days", {"dimension": "device", "dimension_set": "device", "day": day}
    yield from _segment_rows()
    period = {"dimension_set": "query", "query": "q", "device": "mobile", "starts_on": START, "ends_on": AS_OF}
    yield "staging.search_performance_periods", period | {"clicks": 5.0, "impressions": 50.0}
    event = {"event_id": f"{site}-move", "file_id": f"{site}-e", "kind": "site_change", "starts_on": START}
    yield "staging.search_events", event
    yield "staging.event_observations", event
    yield "staging.planned_events", event | {"starts_on": AS_OF + datetime.timedelta(days=10)}


def _segment_rows() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "signals.keyword_groups", {"keyword": "keyword 1", "keyword_group": "other"}
    basket = {"basket_number": 1, "provider": "se_ranking"}
    said = {"keyword": "keyword 1", "keyword_group": "other", "device": "desktop", "country": ""}
    yield "signals.tracked_keywords", basket | said | {"tracked_depth": 100, "volume": 90.0, "page_path": "/"}
    part = {"segment_kind": "page", "segment": "page:/", "basket_size": 1, "basket_volume": 90.0}
    yield "signals.tracked_segments", basket | part
    member = {"member_number": 1, "provider": "search_console"}
    read = {"dimension": "device", "dimension_set": "device", "member": "mobile", "is_one_row_a_day": True}
    yield "signals.search_members", member | read
    part = {"segment_kind": "device", "segment": "device:mobile", "starts_on": START}
    yield "signals.search_segments", member | {"segment_number": 1} | part


def _finding_rows(site: str) -> Iterator[tuple[str, dict[str, Any]]]:
    night = {"as_of": AS_OF, "provider": "ahrefs_backlinks", "detected_on": START + datetime.timedelta(days=2)}
    probabilities = {"p_value": 0.001, "q_value": 0.01, "probability": 0.25}
    width = {"probability_low": 0.2, "probability_high": 0.8}
    surge = {
        "surge_id": f"{site}/s",
        "starts_on": START,
        "ends_on": START,
        "observed_count": 2,
        "expected_count": 0.5,
        "excess_count": 1.5,
        "excess_low_count": 0.0,
        "excess_high_count": 3.0,
        "corrections": "[]",
    }
    yield "surges.link_surges", night | probabilities | surge
    yield "surges.assessed_series", night | {"origin": "natural"}
    declared = {"source_domain_count": 2, "declared_domain_count": 1}
    yield "surges.surge_declarations", night | {"surge_id": f"{site}/s", **declared}
    yield "surges.surge_composition", night | {"surge_id": f"{site}/s", "source_domain_count": 2, "reasons": "[]"}
    for number in (1, 2):
        member = {"surge_id": f"{site}/s", "source_domain": f"blog{number}.example", "first_seen_on": START}
        yield "surges.surge_members", night | member
        part = {"surge_id": f"{site}/s", "part": "anchor_kind", "place": number, "value": "word"}
        yield "surges.surge_parts", night | part
    drop = {"drop_id": f"{site}/d", "starts_on": START, "depth_share": 0.4, "level_before": 10.0, "level_after": 6.0}
    series = {"provider": "word", "segment": "site", "segment_kind": "site"}
    intervals = {"starts_from_on": START, "starts_until_on": START, "depth_low_share": 0.3, "depth_high_share": 0.5}
    yield "drops.ranking_drops", night | probabilities | drop | intervals | series
    yield "drops.assessed_series", night | series
    yield "drops.drop_recoveries", night | series | {"drop_id": f"{site}/d"}
    pair = {
        "pair_id": f"{site}/p",
        "surge_id": f"{site}/s",
        "drop_id": f"{site}/d",
        "surge_starts_on": START,
        "drop_starts_on": START,
        "lag_days": 0,
        "p_time_shift": 0.2,
        "p_site_swap": 0.3,
        "terms": "[]",
        "confounders": "[]",
    }
    yield "correlation.surge_drop_pairs", night | probabilities | width | pair
    yield "correlation.linked_segments", {"surge_id": f"{site}/s", "segment": "page:/"}
    linked = {"surge_id": f"{site}/s", "provider": "word", "kind": "page", "day": START}
    yield "correlation.linked_days", linked | {"linked_visibility": 1.0, "other_visibility": 2.0}
    yield "correlation.drop_days", {"drop_id": f"{site}/d", "day": START, "visibility": 10.0}
    yield "correlation.links_before", {"drop_id": f"{site}/d", "near_domain_count": 2, "far_domain_count": 0}
    yield "correlation.arranged_pages", {"drop_id": f"{site}/d", "segment": "page:/", "domain_count": 2}
    arranged = {"provider": "word", "day": START, "linked_visibility": 1.0, "other_visibility": 2.0}
    yield "correlation.arranged_days", {"drop_id": f"{site}/d"} | arranged
    circumstance = {"drop_id": f"{site}/d", "place": 0, "kind": "season.demand", "amount": 1.0, "saying": "[]"}
    yield "correlation.drop_circumstances", night | circumstance
    for cause, probability in (("links", 0.25), ("unknown", 0.75)):
        causes = {"drop_id": f"{site}/d", "cause": cause, "probability": probability, "evidence": "[]"}
        yield "correlation.drop_causes", night | width | causes
    back = {"event_id": "e", "kind": "update", "happened_on": AS_OF, "days_since_start": 5, "told_by": "calendar"}
    yield "correlation.recovery_events", night | {"drop_id": f"{site}/d"} | back
    tested = {"drop_count": 2, "observed_count": 1, "p_time_shift": 0.2, "p_site_swap": 0.3, "p_larger": 0.3}
    yield "correlation.site_tests", night | {"surge_count": 1} | tested
    reasons = '[{"key": "a", "points": 12.5, "args": {}}, {"key": "b", "points": 30.0, "args": {}}]'
    yield "risk.site_risk", {"day": AS_OF, "risk_score": 42.5, "tier": "raised", "basis": "both", "reasons": reasons}
    forecast = {"chance_90": 0.2, "chance_low": 0.1, "chance_high": 0.3, "chance_without_links": 0.15}
    yield (
        "risk.drop_forecasts",
        {"day": AS_OF, **forecast, "links_share": 0.25, "basis": "both", "evidence": "[]"},
    )
