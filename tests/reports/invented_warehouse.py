"""An invented warehouse with five sites, one per thing a page must be able to say.

``everything`` has links, rankings and findings; ``links-only`` and ``rankings-only`` lack the other half; ``empty`` has
only files that were set aside; ``hostile`` carries text that tries to be markup.
"""

from __future__ import annotations

import json

import duckdb

from tests.reports.invented_incident import fill_incident
from tests.reports.invented_rows import (
    AS_OF,
    EMPTY,
    EVERYTHING,
    HOSTILE,
    HOSTILE_SITE,
    LINKS_ONLY,
    RANKINGS_ONLY,
    Row,
    day,
    insert,
    make_assessed,
    make_composition,
    make_domain_origins,
    make_drop,
    make_evidence,
    make_file,
    make_id,
    make_link,
    make_link_days,
    make_parts,
    make_risk,
    make_rules,
    make_series,
    make_surge,
    make_visibility,
)
from transforms.schemas import TABLES
from transforms.schemas.vocabulary import SURGE_CORRECTIONS
from transforms.stages import SCHEMAS

EVENTS: tuple[Row, ...] = tuple(
    {"event_id": make_id(name), "kind": kind, "name": name, "starts_on": day(starts), "ends_on": ends and day(ends),
     "scope": "core", "source": "search status dashboard", "site_domain": site}
    for kind, name, starts, ends, site in (
        ("update", "March 2026 core update", "2026-03-04", "2026-03-18", None),
        ("update", "June 2026 core update", "2026-06-02", "2026-06-19", None),
        ("update", "August 2026 spam update", "2026-08-24", "2026-08-29", None),
        ("update", "November 2026 core update", "2026-11-09", None, None),
        ("data_break", "Result pages of 100 ended", "2025-09-14", "2025-09-14", None),
        ("site_change", f"New menu {HOSTILE}", "2026-07-18", None, HOSTILE_SITE),
    )
)  # fmt: skip


def fill_everything(connection: duckdb.DuckDBPyConnection) -> None:
    site, start = EVERYTHING, day("2025-06-01")
    bump = ("bought", "2026-08-20", "2026-09-05", 9)
    insert(connection, "signals.daily_links", *make_link_days(site, "ahrefs_backlinks", start, bump))
    audit = ("spam", "2026-10-30", "2026-11-12", 22)
    insert(connection, "signals.daily_links", *make_link_days(site, "semrush_audit", day("2026-01-10"), audit))
    insert(connection, "signals.visibility", *make_visibility(site, "search_console", start, 812, ("2026-09-25", 0.58)))
    insert(
        connection,
        "signals.visibility",
        *make_visibility(site, "se_ranking", day("2026-02-01"), 1450, ("2026-09-27", 0.7)),
    )
    insert(
        connection, "signals.link_series", make_series(site, "ahrefs_backlinks", start, export_count=3),
        make_series(site, "semrush_audit", day("2026-01-10"), is_truncated=True, ends_on=day("2026-11-12")),
    )  # fmt: skip
    insert(
        connection, "signals.domain_origins",
        *make_domain_origins(site, "ahrefs_backlinks", {"natural": 70, "bought": 22, "spam": 11, "guest_post": 6}),
        *make_domain_origins(site, "semrush_audit", {"spam": 60, "natural": 30, "link_programme": 3, "exchanged": 4}),
    )  # fmt: skip
    surge = make_surge(site, "ahrefs_backlinks", "bought", "2026-08-20", "2026-09-05")
    wave = make_surge(
        site,
        "semrush_audit",
        "spam",
        "2026-10-30",
        "2026-11-12",
        is_active=True,
        observed_count=331,
        excess_count=318.6,
        excess_low_count=311.0,
        excess_high_count=325.0,
        corrections=json.dumps(SURGE_CORRECTIONS),
    )
    insert(connection, "surges.link_surges", surge, wave, {**surge, "as_of": day("2026-11-14")})
    insert(
        connection, "surges.surge_composition",
        make_composition(surge, "concentrated", "keyword_anchors", "many_sources", network_variety=172.0),
        make_composition(wave, "mixed", "one_network", "one_day", peak_share=0.82),
    )  # fmt: skip
    insert(
        connection, "surges.surge_parts",
        *make_parts(surge, "source", ("partner-01.example", 0.04), ("partner-02.example", 0.02)),
        *make_parts(surge, "network", ("partner-01.example", 0.02), item_count=1),
        *make_parts(surge, "anchor", ("fine shoes", 0.2), ("buy fine shoes", 0.11)),
        *make_parts(surge, "origin", ("bought", 0.8), ("natural", 0.2), value_count=2),
        *make_parts(wave, "network", ("/social/######", 0.84), ("*.pages.example", 0.1)),
    )  # fmt: skip
    drop = make_drop(site, "search_console", "2026-09-25")
    tracker = make_drop(site, "se_ranking", "2026-09-27", depth_share=0.3, is_provisional=True)
    insert(connection, "drops.ranking_drops", drop, tracker, {**drop, "as_of": day("2026-11-14")})
    insert(connection, "surges.assessed_series", make_assessed(site, "ahrefs_backlinks", "tested", origin="bought"),
           make_assessed(site, "semrush_audit", "tested", origin="spam"))  # fmt: skip
    insert(connection, "drops.assessed_series", make_assessed(site, "search_console", "tested", segment="site"),
           make_assessed(site, "se_ranking", "insufficient_history", segment="site"))  # fmt: skip
    event = {
        "key": "event.update",
        "args": {"name": "August 2026 spam update", "start": "2026-08-24", "end": "2026-08-29"},
    }
    insert(connection, "correlation.surge_drop_pairs", {
        "as_of": AS_OF, "pair_id": make_id("pair"), "surge_id": surge["surge_id"], "drop_id": drop["drop_id"],
        "site_domain": site, "origin": "bought", "surge_starts_on": surge["starts_on"],
        "drop_starts_on": drop["starts_on"],
        "lag_days": 36, "lag_window": "7-45", "verdict": "links_likely", "probability": 0.71,
        "probability_low": 0.55, "probability_high": 0.83, "p_time_shift": 0.04,
        "terms": json.dumps([
            {"term": "lag.30-180", "seen": 1, "log_odds": -1.2}, {"term": "arranged", "seen": 1, "log_odds": 0.9}
        ]),
        "p_site_swap": None, "confounders": json.dumps([event]),
    })  # fmt: skip
    evidence = {
        "links": {"key": "cause.links.surge.arranged", "args": {"count": 172, "start": "2026-08-20", "days": 36}},
        "update": event,
        "season": {"key": "shape.last_year", "args": {"share": 0.12}},
        "unknown": {"key": "cause.unknown.nothing_found", "args": {}},
    }
    causes = {"links": 0.71, "update": 0.14, "season": 0.08, "unknown": 0.066, "tracker": 0.004}
    insert(connection, "correlation.drop_causes", *(
        {"as_of": AS_OF, "drop_id": found["drop_id"], "site_domain": site, "cause": cause, "probability": probability,
         "probability_low": probability, "probability_high": probability,
         "evidence": json.dumps([evidence[cause]] if cause in evidence else [])}
        for found in (drop, tracker) for cause, probability in causes.items()
    ))  # fmt: skip
    pairs = [make_link(site, number, ("bought", "guest_post", "link_programme")[number % 3]) for number in range(30)]
    pairs += [make_link(site, 90 + number, "spam", source_domain=f"casino-{number}.example") for number in range(12)]
    insert(connection, "staging.links", *(link for link, _ in pairs))
    insert(connection, "signals.link_origins", *(origin for _, origin in pairs))
    insert(connection, "signals.link_evidence", *make_evidence(*(origin for _, origin in pairs)))
    insert(connection, "signals.origin_rules", *make_rules())
    reasons = [
        {"key": "risk.exposure.count", "points": 41.5, "args": {"count": 28.2, "total": 113}},
        {"key": "risk.association.likely", "points": 35.0, "args": {"start": "2026-09-25", "probability": 0.71}},
        {"key": "risk.exposure.unknown", "points": -4.5, "args": {"share": 0.04}},
    ]
    insert(connection, "risk.site_risk", make_risk(site, AS_OF, 72.0, "high", "both", reasons),
           make_risk(site, day("2026-11-14"), 64.0, "high", "both", reasons[:1]))  # fmt: skip
    insert(
        connection, "ingest.export_files",
        make_file(site, f"{site}/ahrefs_2026-11-15.csv", "ahrefs_backlinks", row_count=1508),
        make_file(site, f"{site}/audit.csv", "semrush_audit", is_truncated=True, rejected_count=26,
                  exported_on_source="file_modified"),
        make_file(site, f"{site}/performance.zip", "search_console", unknown_columns="Mood | Weather"),
    )  # fmt: skip
    insert(connection, "ingest.rejected_rows", *(
        {"file_id": make_id(site, f"{site}/audit.csv"), "row_number": number, "column_name": "First seen",
         "value": "yesterday", "reason": "a date as YYYY-MM-DD"} for number in range(1, 27)
    ))  # fmt: skip


def fill_halves(connection: duckdb.DuckDBPyConnection) -> None:
    site, start = LINKS_ONLY, day("2026-04-01")
    bump = ("exchanged", "2026-11-01", "2026-11-14", 6)
    insert(connection, "signals.daily_links", *make_link_days(site, "ahrefs_backlinks", start, bump))
    insert(connection, "signals.link_series", make_series(site, "ahrefs_backlinks", start),
           make_series(site, "semrush_backlinks", None, dated_share=0.0))  # fmt: skip
    insert(
        connection,
        "signals.domain_origins",
        *make_domain_origins(site, "ahrefs_backlinks", {"natural": 40, "exchanged": 12}),
    )
    surge = make_surge(
        site, "ahrefs_backlinks", "exchanged", "2026-11-01", "2026-11-14", is_active=True,
        corrections='["discovery_lag"]',
    )  # fmt: skip
    insert(connection, "surges.link_surges", surge)
    insert(connection, "surges.surge_composition", make_composition(
        surge, "shared_source", "shared_sources_of_one_owner", "fades", shared_domain_count=90,
        shared_host="links.partner-01.example", shared_with="sister.example"))  # fmt: skip
    insert(connection, "surges.surge_parts", *make_parts(
        surge, "site", ("sister.example", 0.49), value_count=1, is_same_owner=True))  # fmt: skip
    insert(connection, "surges.assessed_series", make_assessed(site, "ahrefs_backlinks", "tested", origin="exchanged"),
           make_assessed(site, "semrush_backlinks", "no_dates", origin="natural"))  # fmt: skip
    reasons = [{"key": "risk.exposure.share", "points": 38.0, "args": {"share": 0.19}}]
    insert(connection, "risk.site_risk", make_risk(site, AS_OF, 38.0, "raised", "links", reasons))
    insert(connection, "ingest.export_files", make_file(site, f"{site}/links.csv", "ahrefs_backlinks"))
    site = RANKINGS_ONLY
    insert(
        connection,
        "signals.visibility",
        *make_visibility(site, "search_console", day("2026-01-01"), 240, ("2026-11-09", 0.6)),
    )
    drop = make_drop(site, "search_console", "2026-11-09", depth_share=0.39, is_provisional=True)
    insert(connection, "drops.ranking_drops", drop)
    insert(connection, "drops.assessed_series", make_assessed(site, "search_console", "tested", segment="site"))
    insert(connection, "correlation.drop_causes", *(
        {"as_of": AS_OF, "drop_id": drop["drop_id"], "site_domain": site, "cause": cause, "probability": probability,
         "probability_low": probability, "probability_high": probability, "evidence": "[]"}
        for cause, probability in (("update", 0.66), ("unknown", 0.34))
    ))  # fmt: skip
    insert(connection, "risk.site_risk", make_risk(site, AS_OF, None, "not_assessed", "rankings", []))
    insert(connection, "ingest.export_files", make_file(site, f"{site}/performance.zip", "search_console"))
    insert(connection, "ingest.export_files", make_file(
        EMPTY, f"{EMPTY}/notes.csv", None, status="set_aside", reason="no known format: the header is Colour, Shape",
        row_count=0, loaded_count=0, exported_on=None, exported_on_source=None))  # fmt: skip
    insert(connection, "risk.site_risk", make_risk(EMPTY, AS_OF, None, "not_assessed", "none", []))


def fill_hostile(connection: duckdb.DuckDBPyConnection) -> None:
    site, start = HOSTILE_SITE, day("2026-06-01")
    bump = ("bought", "2026-10-01", "2026-10-12", 5)
    insert(connection, "signals.daily_links", *make_link_days(site, "ahrefs_backlinks", start, bump))
    insert(connection, "signals.link_series", make_series(site, "ahrefs_backlinks", start))
    insert(
        connection,
        "signals.domain_origins",
        *make_domain_origins(site, "ahrefs_backlinks", {"natural": 9, "bought": 5}),
    )
    link, origins = make_link(
        site, 1, "bought", anchor_text=HOSTILE, source_url="javascript:alert(1)", target_url=f"https://{site}/{HOSTILE}"
    )
    other, other_origins = make_link(
        site, 2, "exchanged", anchor_text="x" * 400, source_url=f"https://partner-02.example/{'y' * 300}"
    )
    insert(connection, "staging.links", link, other)
    insert(connection, "signals.link_origins", origins, other_origins)
    insert(connection, "signals.link_evidence", *make_evidence(origins, other_origins))
    reasons = [{"key": "event.data_break", "points": 12.0, "args": {"name": HOSTILE, "start": "2026-10-01"}}]
    insert(connection, "risk.site_risk", make_risk(site, AS_OF, 12.0, "low", "links", reasons))
    insert(connection, "surges.assessed_series", make_assessed(site, "ahrefs_backlinks", "tested", origin="bought"))
    insert(
        connection,
        "ingest.export_files",
        make_file(site, f"{site}/{HOSTILE}.csv", "ahrefs_backlinks", unknown_columns=HOSTILE, reason=HOSTILE),
    )


def fill_checks(connection: duckdb.DuckDBPyConnection) -> None:
    base: Row = {
        "as_of": AS_OF,
        "stage": "signals",
        "table_name": "signals.link_origins",
        "failing_count": 0,
        "is_met": True,
    }
    insert(
        connection, "expectations.outcomes",
        {**base, "check_name": "origin_probability", "site_domain": EVERYTHING, "severity": "minimum",
         "observed_value": 1.0},
        {**base, "check_name": "rejected_share", "site_domain": HOSTILE_SITE, "severity": "maximum", "is_met": False,
         "observed_value": 0.4, "most_value": 0.25, "failing_count": 31},
        {**base, "check_name": "key_unique:signals.link_origins", "site_domain": "*", "severity": "minimum",
         "observed_value": 0.0, "most_value": 0.0},
    )  # fmt: skip
    insert(connection, "expectations.failing_rows", *(
        {"as_of": AS_OF, "stage": "signals", "check_name": "rejected_share", "site_domain": HOSTILE_SITE,
         "row_number": number,
         "row": json.dumps({"link_id": make_id(number), "seen": HOSTILE})}
        for number in range(1, 21)
    ))  # fmt: skip


def fill_feeds(connection: duckdb.DuckDBPyConnection) -> None:
    insert(connection, "ingest.listed_sites", {"site_domain": EVERYTHING, "standing": "inferred"})
    columns = ("site_domain", "provider", "cadence", "cadence_source", "allowed_days", "newest_on", "is_stale")
    rows = (
        (EVERYTHING, "ahrefs_backlinks", "weekly", "inferred", 11, day("2026-11-14"), False),
        (EVERYTHING, "search_console", "daily", "listed", 4, None, False),
        (LINKS_ONLY, "semrush_backlinks", "weekly", "assumed", 11, day("2026-11-01"), True),
    )
    insert(connection, "ingest.feeds", *(dict(zip(columns, row, strict=True)) for row in rows))


def make_warehouse(path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """A new warehouse with the five sites."""
    connection = duckdb.connect(path)
    for schema in SCHEMAS:
        connection.execute(f"CREATE SCHEMA {schema}")
    for declared in TABLES:
        connection.execute(declared.create_statement())
    insert(connection, "staging.search_events", *EVENTS)
    fill_everything(connection)
    fill_halves(connection)
    fill_hostile(connection)
    fill_checks(connection)
    fill_feeds(connection)
    fill_incident(connection)
    return connection
