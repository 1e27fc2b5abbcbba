"""Warehouse to profile: what a site's links are made of, how long they stand, and where they lead."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
    Source,
    SourceMap,
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
_BOUNDS: Mapping[str, int] = {
    "recent_days": RECENT_DAYS, "level_days": LEVEL_DAYS, "least_words": LEAST_WORDS, "most_segments": MOST_SEGMENTS,
    "most_planned": MOST_PLANNED, "most_competitors": MOST_COMPETITORS, "most_points": MOST_POINTS,
    "most_partners": MOST_PARTNERS, "most_groups": MOST_GROUPS, "most_members": MOST_MEMBERS, "most_pages": MOST_PAGES,
}  # fmt: skip

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


def _compare_anchors(counts: Sequence[AnchorCount]) -> list[AnchorProfile]:
    """The last year beside all before it; both together where one of them is not there."""
    parts = [
        _gather_anchors(name, ((row.anchor_kind, row.pair_count) for row in counts if row.is_recent is is_recent))
        for name, is_recent in (("recent", True), ("past", False))
    ]
    if all(part.pair_count for part in parts):
        return parts
    whole = _gather_anchors("all", ((row.anchor_kind, row.pair_count) for row in counts))
    return [whole] if whole.pair_count else []


def _read_competitors(connection: duckdb.DuckDBPyConnection, values: Mapping[str, object]) -> list[AnchorProfile]:
    profiles = []
    for row in _select(connection, "profile_competitors", values):
        asked = {**row, "provider": values["provider"], "as_of": values["as_of"]}
        found = connection.execute(competitor_query(), asked).fetchall()
        profiles.append(_gather_anchors(row["competitor_domain"], found, is_competitor=True))
    return [profile for profile in profiles if profile.pair_count]


def _read_sources(connection: duckdb.DuckDBPyConnection, values: Mapping[str, object]) -> SourceMap | None:
    """The sources of the provider that tells the authority of most."""
    sources = _read(connection, "profile_sources", Source, values)
    known = {(row.provider, row.origin): (row.authority_known_count, row.domain_count) for row in sources}
    if not known:
        return None
    providers = sorted({provider for provider, _ in known})
    provider = max(
        providers,
        key=lambda name: [sum(counts[at] for key, counts in known.items() if key[0] == name) for at in (0, 1)],
    )
    return SourceMap(provider=provider, sources=tuple(row for row in sources if row.provider == provider))


def _estimate_lives(rows: Sequence[LifeCount], view: SiteView) -> Lives | None:
    """The curves of the provider that tells of most losses; None where none tells of any."""
    lost: Counter[str] = Counter()
    for row in rows:
        lost[row.provider] += row.domain_count if row.is_lost else 0
    if not lost.total():
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


def _read_partners(connection: duckdb.DuckDBPyConnection, values: Mapping[str, object]) -> tuple[ExchangePartner, ...]:
    rows = _select(connection, "profile_exchanges", values)
    return tuple(ExchangePartner(**{**row, "through": tuple(row["through"] or ())}) for row in rows)


def _read_members(connection: duckdb.DuckDBPyConnection, values: Mapping[str, object]) -> tuple[GroupMember, ...]:
    rows = _select(connection, "profile_groups", values)
    return tuple(GroupMember(**{**row, "page_paths": tuple(row["page_paths"] or ())}) for row in rows)


def _list_values(view: SiteView, turn: Turn) -> dict[str, Any]:
    """What the queries are asked."""
    dated = [series for series in view.link_series if series.starts_on]
    main = max(dated or view.link_series, key=lambda series: (series.domain_count, series.provider), default=None)
    return {
        "site_domain": view.site.site_domain, "as_of": view.as_of, "provider": main.provider if main else None,
        "until": main.ends_on if main else view.as_of, "turn_on": turn.day, **_BOUNDS,
    }  # fmt: skip


def read_profile(connection: duckdb.DuckDBPyConnection, view: SiteView) -> ProfileView:
    """What stands below the time axis of the site of ``view``; empty parts where nothing is known."""
    turn = find_turn(view)
    values = _list_values(view, turn)
    there = _select(connection, "profile_presence", values)[0]
    has_links = bool(view.link_series)
    exchange = _read(connection, "profile_exchange_counts", ExchangeCount, values)
    anchor_counts = _read(connection, "profile_anchors", AnchorCount, values) if has_links else ()
    anchors = _compare_anchors(anchor_counts)
    if anchors and there["competitor_count"]:
        anchors += _read_competitors(connection, values)
    life_counts = _read(connection, "profile_lives", LifeCount, values) if has_links else ()
    has_arranged = any(row.origin in RISKY_ORIGINS for row in view.origins)
    return ProfileView(
        segments=_read(connection, "profile_segments", SegmentWeek, values) if there["has_parts"] else (),
        planned=_read(connection, "profile_planned", Event, values),
        anchor_provider=values["provider"],
        anchor_counts=anchor_counts,
        anchors=tuple(anchors),
        sources=_read_sources(connection, values) if has_links else None,
        life_counts=life_counts,
        lives=_estimate_lives(life_counts, view),
        exchange=exchange[0] if exchange else None,
        partners=_read_partners(connection, values) if there["partner_count"] else (),
        members=_read_members(connection, values) if there["member_count"] else (),
        linked=LinkedPages(
            turn=turn, pages=_read(connection, "profile_pages", LinkedPage, values) if has_arranged else ()
        ),
        parameters=tuple((name, str(value)) for name, value in values.items() if name not in ("site_domain", "as_of")),
    )


def list_profile_tables(profile: ProfileView) -> dict[str, Sequence[object]]:
    """Query name to the rows it gave, in the page's order."""
    return {
        "profile_segments": profile.segments,
        "profile_planned": profile.planned,
        "profile_anchors": profile.anchor_counts,
        "profile_sources": profile.sources.sources if profile.sources else (),
        "profile_lives": profile.life_counts,
        "profile_exchange_counts": (profile.exchange,) if profile.exchange else (),
        "profile_exchanges": profile.partners,
        "profile_groups": profile.members,
        "profile_pages": profile.linked.pages,
    }
