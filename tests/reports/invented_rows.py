"""Rows of an invented warehouse, made by fixed formulas so that pages can be compared letter by letter."""

from __future__ import annotations

import datetime
import hashlib
import json
import math
from typing import Any

import duckdb
import pandas as pd

from transforms.schemas import table
from transforms.signals import origin_rules
from transforms.signals.rule_set import bundled_rules

AS_OF = datetime.date(2026, 11, 15)
GENERATED_AT = datetime.datetime(2026, 11, 16, 4, 30, tzinfo=datetime.UTC)
HOSTILE = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">"\'&%{x}</script><!--stale-->'
HOSTILE += "\u202eexe.cod\u2066\x1b[31m"
SHOWN_HOSTILE = HOSTILE.replace("\u202e", "\ufffd").replace("\u2066", "\ufffd").replace("\x1b", "\ufffd")
"""HOSTILE as a page may show it: letter by letter, with a visible mark for what would rearrange the letters."""
EVERYTHING, LINKS_ONLY, RANKINGS_ONLY, EMPTY, HOSTILE_SITE = (
    "everything.example", "links-only.example", "rankings-only.example", "empty.example", "hostile.example",
)  # fmt: skip

Row = dict[str, Any]

ROWS_AT_ONCE = 200
"""Rows of one statement: a statement for each row would take ten times as long."""


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def make_id(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


def insert(connection: duckdb.DuckDBPyConnection, name: str, *rows: Row) -> None:
    """Rows by column name; columns not named are null. A name the table does not have is an error."""
    declared = table(name)
    for row in rows:
        assert set(row) <= set(declared.column_names), set(row) - set(declared.column_names)
    marks = f"({', '.join('?' for _ in declared.column_names)})"
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        values = [row.get(column) for row in part for column in declared.column_names]
        connection.execute(f"INSERT INTO {name} VALUES {', '.join([marks] * len(part))}", values)


def make_file(site: str | None, path: str, provider: str | None, **changes: Any) -> Row:
    row: Row = {
        "file_id": make_id(site, path), "path": path, "format": provider, "provider": provider, "site_domain": site,
        "sha256": make_id(path) * 4, "byte_count": 1000, "row_count": 120, "loaded_count": 120, "merged_count": 0,
        "rejected_count": 0, "is_truncated": False, "exported_on": AS_OF, "exported_on_source": "file_name",
        "ingested_at": GENERATED_AT.replace(tzinfo=None), "status": "loaded",
    }  # fmt: skip
    return {**row, **changes}


def make_link_days(site: str, provider: str, first: datetime.date, bump: tuple[str, str, str, int]) -> list[Row]:
    """A natural trickle with a weekday, some spam, and ``bump`` = (origin, first day, last day, domains a day)."""
    origin, starts_on, ends_on, count = bump
    rows: list[Row] = []
    for number in range((AS_OF - first).days + 1):
        when = first + datetime.timedelta(days=number)
        base: Row = {"site_domain": site, "provider": provider, "day": when, "lost_domain_count": 0}
        natural = (2, 3, 1, 2, 4, 0, 1)[number % 7]
        rows.append({**base, "origin": "natural", "new_domain_count": natural, "new_link_count": natural * 2})
        if number % 5 == 0:
            rows.append({**base, "origin": "spam", "new_domain_count": 1, "new_link_count": 3})
        if number % 11 == 0:
            rows.append({**base, "origin": "guest_post", "new_domain_count": 1, "new_link_count": 1})
        if day(starts_on) <= when <= day(ends_on):
            rows.append({**base, "origin": origin, "new_domain_count": count + number % 3, "new_link_count": count * 2})
    return [row for row in rows if row["new_domain_count"]]


def make_visibility(site: str, provider: str, first: datetime.date, level: float, fall: tuple[str, float]) -> list[Row]:
    rows = []
    for number in range((AS_OF - first).days - 1):
        when = first + datetime.timedelta(days=number)
        after = fall[1] if when >= day(fall[0]) else 1.0
        value = level * after * (1 + 0.08 * math.sin(number * 2 * math.pi / 7) + 0.03 * math.sin(number * 1.7))
        whole = {"site_domain": site, "segment_kind": "site", "segment": "site"}
        rows.append({**whole, "provider": provider, "day": when, "visibility": value})
    return rows


def make_surge(site: str, provider: str, origin: str, first: str, last: str, **changes: Any) -> Row:
    row: Row = {
        "as_of": AS_OF, "surge_id": make_id(site, provider, origin, first), "site_domain": site, "provider": provider,
        "origin": origin, "starts_on": day(first), "ends_on": day(last), "detected_on": day(first), "is_active": False,
        "shape": "burst", "observed_count": 184, "expected_count": 12.4, "excess_count": 171.6, "window_days": 14,
        "excess_low_count": 164.0, "excess_high_count": 178.0, "dispersion": 1.6,
        "p_value": 0.00002, "q_value": 0.0004, "corrections": "[]",
    }  # fmt: skip
    return {**row, **changes}


def make_composition(surge: Row, reading: str, *reasons: str, **changes: Any) -> Row:
    row: Row = {
        **{name: surge[name] for name in ("as_of", "surge_id", "site_domain", "provider", "origin")},
        "reading": reading, "reasons": json.dumps(reasons), "source_domain_count": surge["observed_count"],
        "network_variety": 1.4, "top_network_share": 0.84, "keyword_anchor_share": 0.31, "worded_anchor_share": 0.2,
        "informational_target_share": 0.05, "top_target": "/shop/", "peak_on": surge["starts_on"], "peak_share": 0.24,
        "half_days": 4, "later_share": 0.2, "arranged_share": 0.1, "shared_domain_count": 0,
    }  # fmt: skip
    return {**row, **changes}


def make_parts(surge: Row, part: str, *values: tuple[str, float], **changes: Any) -> list[Row]:
    """Rows of surges.surge_parts; of each part there are 40 values more than are named."""
    shared = {name: surge[name] for name in ("as_of", "surge_id", "site_domain", "provider")}
    return [
        {**shared, "part": part, "place": place, "value": value, "share": share, "value_count": len(values) + 40,
         "item_count": round(share * 100), "variety": 2.0, **changes}
        for place, (value, share) in enumerate(values, start=1)
    ]  # fmt: skip


def make_drop(site: str, provider: str, first: str, **changes: Any) -> Row:
    row: Row = {
        "as_of": AS_OF, "drop_id": make_id(site, provider, first), "site_domain": site, "provider": provider,
        "segment": "site", "starts_on": day(first), "detected_on": day(first) + datetime.timedelta(days=6),
        "confirmed_on": day(first) + datetime.timedelta(days=6),
        "is_active": True,
        "is_provisional": False, "is_confirmed": True, "level_before": 812.0, "level_after": 471.5, "depth_share": 0.42,
        "p_value": 0.0008, "q_value": 0.004,
    }  # fmt: skip
    row |= changes
    widths = {
        "confirmed_on": row["detected_on"],
        "starts_from_on": row["starts_on"] - datetime.timedelta(days=2),
        "starts_until_on": row["starts_on"] + datetime.timedelta(days=1),
        "depth_low_share": row["depth_share"] - 0.05,
        "depth_high_share": row["depth_share"] + 0.04,
    }
    return widths | row


def make_link(site: str, number: int, origin: str, **changes: Any) -> tuple[Row, Row]:
    """A row of staging.links and its row of signals.link_origins; ``changes`` go to whichever has the column."""
    source = f"partner-{number:02d}.example"
    link_id = make_id(site, number, origin)
    link: Row = {
        "link_id": link_id, "site_domain": site, "provider": "ahrefs_backlinks", "source_domain": source,
        "source_url": f"https://{source}/blog/best-garden-tools-{number}", "source_host": source,
        "target_url": f"https://{site}/sheds/", "anchor_text": "cheap garden sheds", "source_authority": 60.0 - number,
        "first_seen_on": day("2026-08-21"), "observed_on": AS_OF, "first_observed_on": AS_OF, "observation_count": 1,
        "merged_count": 0, "is_nofollow": False, "is_sponsored": False, "link_number": int(link_id[:15], 16),
    }  # fmt: skip
    origins: Row = {
        "link_id": link_id, "site_domain": site, "provider": "ahrefs_backlinks", "source_domain": source,
        "origin": origin, "probability": 0.93 - number * 0.01, "known_from_on": AS_OF,
        "link_number": link["link_number"], "rule_set": bundled_rules().version,
        "evidence": [
            {"rule": "money_anchor", "weight": 1.6, "seen": "cheap garden sheds", "policy_clause": "L1"},
            {"rule": "paid_words", "weight": 0.4, "seen": HOSTILE, "policy_clause": None},
        ],
    }  # fmt: skip
    for name, value in changes.items():
        (link if name in table("staging.links").column_names else origins)[name] = value
        if name in ("source_domain",):
            origins[name] = value
    return link, origins


def make_evidence(*origins: Row) -> list[Row]:
    """Rows of signals.link_evidence of these rows of signals.link_origins."""
    same = ("link_id", "link_number", "site_domain", "provider")
    return [
        {name: row[name] for name in same} | {"origin": "bought"} | found
        for row in origins
        for found in row["evidence"]
    ]


def make_rules() -> list[Row]:
    """Rows of signals.origin_rules: the rules that come with the project."""
    frames = {
        "signals.origin_rules": pd.DataFrame(columns=["rule_set"]),
        "signals.mark_combinations": pd.DataFrame(columns=["rule_set"]),
    }
    frame = origin_rules.build(frames, as_of=AS_OF, rules=bundled_rules())
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def make_series(site: str, provider: str, first: datetime.date | None, **changes: Any) -> Row:
    row: Row = {
        "site_domain": site, "provider": provider, "starts_on": first, "ends_on": AS_OF, "is_truncated": False,
        "export_count": 1, "link_count": 4210, "domain_count": 1210, "dated_share": 1.0,
    }  # fmt: skip
    return {**row, **changes}


def make_domain_origins(site: str, provider: str, counts: dict[str, int]) -> list[Row]:
    return [
        {"site_domain": site, "provider": provider, "source_domain": f"{origin}-{number}.example", "origin": origin,
         "probability": 0.8, "link_count": 1, "lost_on": day("2026-10-01") if number % 4 == 0 else None}
        for origin, count in counts.items() for number in range(count)
    ]  # fmt: skip


def make_assessed(site: str, provider: str, status: str, **what: str) -> Row:
    row: Row = {
        "as_of": AS_OF,
        "site_domain": site,
        "provider": provider,
        **what,
        "status": status,
        "history_days": 480,
    }
    if status == "tested":
        row |= {"tested_from_on": day("2025-12-01"), "tested_until_on": AS_OF}
    return {**row, "mean_count": 1.7} if "origin" in what else row


def make_risk(site: str, when: datetime.date, score: float | None, tier: str, basis: str, reasons: object) -> Row:
    return {
        "site_domain": site, "day": when, "risk_score": score, "tier": tier, "basis": basis,
        "reasons": json.dumps(reasons),
    }  # fmt: skip
