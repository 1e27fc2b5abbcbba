"""Warehouse to profile: what a site's links are made of, how long they stand, and where they lead."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from reports.data import _query, _read, _select
from reports.link_lives import estimate_curves
from reports.profile_views import (
    ANCHOR_GROUPS,
    AnchorCount,
    AnchorProfile,
    ExchangeCount,
    ExchangePartner,
    GroupMember,
    LifeCount,
    LinkedPage,
    LinkedPages,
    Lives,
    ProfileView,
    SegmentWeek,
    SourceCount,
    SourceMap,
    SourcePoint,
    Turn,
)
from reports.views import Event, SiteView
from transforms.pipeline import query_of
from transforms.schemas.vocabulary import RISKY_ORIGINS

MOST_SEGMENTS = 4
"""Parts of one kind followed below the axis: more small charts than a screen holds are not compared."""
MOST_PLANNED = 5
"""Events to come that are named."""
RECENT_DAYS = 365
"""Days that count as recent beside a site's own past: a year, so that both hold every season."""
MOST_COMPETITORS = 4
"""Competitors drawn beside the site, by name."""
LEAST_WORDS = 3
"""Words a site must be known by for the relevance of sources to be told: one word is missed by chance."""
MOST_POINTS = 40
"""Referring domains of an origin on the map: with seven origins under three hundred points."""
MOST_PARTNERS = 24
"""Partners of exchange named: what a picture holds with readable names."""
MOST_GROUPS = 3
MOST_MEMBERS = 10
"""Groups acting together, and sources of each, that are named."""
MOST_PAGES = 12
"""Pages with arranged links that are listed: one screen."""
LEVEL_DAYS = 28
"""Days before and after a turn whose means are compared: whole weeks, as in the test of specificity."""
LEAST_LOST_DOMAINS = 1
"""Lost domains a provider must tell of for lives to be told: without any nothing says that it tells of losses."""

_ANCHOR_GROUP: Mapping[str, str] = {
    "own_address": "address", "empty": "generic", "half_brand": "other", "phrase": "other",
}  # fmt: skip


def _gather_anchors(name: str, counts: Iterable[tuple[str, int]], *, is_competitor: bool = False) -> AnchorProfile:
    groups: Counter[str] = Counter()
    for anchor_kind, count in counts:
        groups[_ANCHOR_GROUP.get(anchor_kind, anchor_kind)] += count
    total = groups.total()
    shares = {group: groups[group] / total if total else 0.0 for group in ANCHOR_GROUPS}
    return AnchorProfile(name=name, is_competitor=is_competitor, pair_count=total, shares=shares)


def competitor_query() -> str:
    """Kind of link text and pairs of a competitor: the query of signals.anchors over its links in place of ours."""
    judged = query_of("signals.anchors")
    for table, relation in (
        ("staging.links", "competitor_links"), ("signals.site_words", "competitor_words"),
        ("signals.site_keywords", "competitor_keywords"),
    ):  # fmt: skip
        judged = judged.replace(f"{table} ", f"{relation} ").replace(f"{table}\n", f"{relation}\n")
    return f"""
WITH competitor_links AS ({_query("profile_competitor_links")}),
competitor_words AS (
  SELECT $competitor_domain AS site_domain, split_part($competitor_domain, '.', 1) AS label, '' AS brands
),
competitor_keywords AS (SELECT '' AS site_domain, '' AS keyword)
SELECT anchor_kind, CAST(sum(domain_count) AS BIGINT) AS pair_count
FROM ({judged}) AS judged
GROUP BY anchor_kind
"""  # noqa: S608 - both queries are files of ours; values are bound


def _read_anchors(
    connection: duckdb.DuckDBPyConnection, view: SiteView, values: Mapping[str, object]
) -> tuple[AnchorProfile, ...]:
    counts = _read(connection, "profile_anchors", AnchorCount, values)
    if not counts:
        return ()
    parts = {"recent": True, "past": False}
    profiles = [
        _gather_anchors(name, ((row.anchor_kind, row.pair_count) for row in counts if row.is_recent is is_recent))
        for name, is_recent in parts.items()
    ]
    if not all(profile.pair_count for profile in profiles):
        profiles = [_gather_anchors("all", ((row.anchor_kind, row.pair_count) for row in counts))]
    for row in _select(connection, "profile_competitors", values):
        asked = {"competitor_domain": row["competitor_domain"], "provider": values["provider"], "as_of": view.as_of}
        found = connection.execute(competitor_query(), asked).fetchall()
        profile = _gather_anchors(row["competitor_domain"], found, is_competitor=True)
        if profile.pair_count:
            profiles.append(profile)
    return tuple(profiles)


def _read_sources(connection: duckdb.DuckDBPyConnection, values: Mapping[str, object]) -> SourceMap | None:
    counts = _read(connection, "profile_sources", SourceCount, values)
    known: Counter[str] = Counter()
    for row in counts:
        known[row.provider] += 1000 * row.authority_known_count + row.domain_count
    if not known:
        return None
    provider = max(sorted(known), key=lambda name: known[name])
    points = _read(connection, "profile_source_points", SourcePoint, {**values, "provider": provider})
    return SourceMap(
        provider=provider, counts=tuple(row for row in counts if row.provider == provider), points=points
    )


def _read_lives(
    connection: duckdb.DuckDBPyConnection, view: SiteView, values: Mapping[str, object]
) -> Lives | None:
    rows = _read(connection, "profile_lives", LifeCount, values)
    lost: Counter[str] = Counter()
    for row in rows:
        lost[row.provider] += row.domain_count if row.is_lost else 0
    if not lost or max(lost.values()) < LEAST_LOST_DOMAINS:
        return None
    provider = max(sorted(lost), key=lambda name: lost[name])
    curves = estimate_curves([row for row in rows if row.provider == provider])
    horizons = {series.provider: series.loss_horizon_on for series in view.link_series}
    return Lives(provider=provider, horizon_on=horizons.get(provider), curves=curves) if curves else None


def find_turn(view: SiteView) -> Turn:
    """The day around which pages are compared: the newest drop, else the newest surge of arranged links, else a month.

    Drops of the whole site come before those of a part.
    """
    drops = sorted(view.drops, key=lambda drop: (drop.segment == "site", drop.starts_on, drop.drop_id))
    if drops:
        return Turn(day=drops[-1].starts_on, kind="drop", finding_id=drops[-1].drop_id)
    surges = sorted(
        (surge for surge in view.surges if surge.origin in RISKY_ORIGINS),
        key=lambda surge: (surge.starts_on, surge.surge_id),
    )
    if surges:
        return Turn(day=surges[-1].starts_on, kind="surge", finding_id=surges[-1].surge_id)
    last_on = max((row.day for row in view.visibility_days), default=view.as_of)
    return Turn(day=last_on - datetime.timedelta(days=LEVEL_DAYS - 1), kind="recent")


def _read_partners(
    connection: duckdb.DuckDBPyConnection, values: Mapping[str, object]
) -> tuple[ExchangePartner, ...]:
    rows = _select(connection, "profile_exchanges", values)
    return tuple(ExchangePartner(**{**row, "through": tuple(row["through"] or ())}) for row in rows)


def _read_members(connection: duckdb.DuckDBPyConnection, values: Mapping[str, object]) -> tuple[GroupMember, ...]:
    rows = _select(connection, "profile_groups", values)
    return tuple(GroupMember(**{**row, "page_paths": tuple(row["page_paths"] or ())}) for row in rows)


def read_profile(connection: duckdb.DuckDBPyConnection, view: SiteView) -> ProfileView:
    """What stands below the time axis of the site of ``view``; empty parts where nothing is known."""
    dated = [series for series in view.link_series if series.starts_on]
    main = max(dated or view.link_series, key=lambda series: (series.domain_count, series.provider), default=None)
    turn = find_turn(view)
    values: dict[str, Any] = {
        "site_domain": view.site.site_domain, "as_of": view.as_of, "provider": main.provider if main else None,
        "until": main.ends_on if main else view.as_of, "recent_days": RECENT_DAYS, "pivot": turn.day,
        "level_days": LEVEL_DAYS, "least_words": LEAST_WORDS, "most_segments": MOST_SEGMENTS,
        "most_planned": MOST_PLANNED, "most_competitors": MOST_COMPETITORS, "most_points": MOST_POINTS,
        "most_partners": MOST_PARTNERS, "most_groups": MOST_GROUPS, "most_members": MOST_MEMBERS,
        "most_pages": MOST_PAGES,
    }  # fmt: skip
    has_links = main is not None
    exchange = _read(connection, "profile_exchange_counts", ExchangeCount, values)
    return ProfileView(
        segments=_read(connection, "profile_segments", SegmentWeek, values),
        planned=_read(connection, "profile_planned", Event, values),
        anchor_provider=main.provider if main else None,
        anchors=_read_anchors(connection, view, values) if has_links else (),
        sources=_read_sources(connection, values) if has_links else None,
        lives=_read_lives(connection, view, values) if has_links else None,
        exchange=exchange[0] if exchange else None,
        partners=_read_partners(connection, values),
        members=_read_members(connection, values) if has_links else (),
        linked=LinkedPages(turn=turn, pages=_read(connection, "profile_pages", LinkedPage, values) if has_links else ()),
    )  # fmt: skip
