"""Warehouse to profile: what a site's links are made of, how long they stand, and where they lead."""

from __future__ import annotations

import datetime
import functools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import duckdb

from reports.data import _query, select_rows
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

View = TypeVar("View")
Values = Mapping[str, Any]
Asked = Mapping[str, Any]

MOST_SEGMENTS = 4
"""Parts of one kind followed below the axis: more small charts than a screen holds are not compared."""
MOST_WEEKS = 104
"""Weeks of a part that are drawn: the two years that an axis shows at first. Each adds a quarter of a kilobyte."""
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
    "most_weeks": MOST_WEEKS, "most_planned": MOST_PLANNED, "most_points": MOST_POINTS,
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


def _read_competitors(
    connection: duckdb.DuckDBPyConnection, asked: Sequence[Asked], values: Values
) -> dict[str, list[AnchorProfile]]:
    """By site, the link texts of its competitors, at most :data:`MOST_COMPETITORS`.

    A competitor that many of the sites name is read once for each provider: its query is a heavy one.
    """
    providers = {site["site_domain"]: site["provider"] for site in asked}

    @functools.cache
    def read_competitor(competitor_domain: str, provider: str) -> AnchorProfile:
        bound = {"competitor_domain": competitor_domain, "provider": provider, "as_of": values["as_of"]}
        found = connection.execute(competitor_query(), bound).fetchall()
        return _gather_anchors(competitor_domain, found, is_competitor=True)

    profiles: dict[str, list[AnchorProfile]] = defaultdict(list)
    for row in select_rows(connection, "profile_competitors", values):
        site_domain = row["site_domain"]
        if len(profiles[site_domain]) < MOST_COMPETITORS:
            profiles[site_domain].append(read_competitor(row["competitor_domain"], providers[site_domain]))
    return {site: [profile for profile in some if profile.pair_count] for site, some in profiles.items()}


def _choose_sources(sources: Sequence[Source]) -> SourceMap | None:
    """The sources of the provider that tells the authority of most."""
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


def _list_asked(view: SiteView, turn: Turn) -> Asked:
    """What the queries are asked of a site: the provider with most domains, its last day, and the turn."""
    dated = [series for series in view.link_series if series.starts_on]
    main = max(dated or view.link_series, key=lambda series: (series.domain_count, series.provider), default=None)
    return {
        "site_domain": view.site.site_domain, "provider": main.provider if main else "",
        "until_on": main.ends_on if main else view.as_of, "turn_on": turn.day,
    }  # fmt: skip


def _read_by_site(
    connection: duckdb.DuckDBPyConnection, name: str, make: Callable[..., View], values: Values
) -> dict[str, list[View]]:
    """Rows by site, each made of its other columns; lists as tuples, so that nothing of a view can change."""
    rows: dict[str, list[View]] = defaultdict(list)
    for row in select_rows(connection, name, values):
        site_domain = row.pop("site_domain")
        rows[site_domain].append(
            make(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})
        )
    return rows


def read_profiles(connection: duckdb.DuckDBPyConnection, views: Sequence[SiteView]) -> list[ProfileView]:
    """What stands below the time axis of each site, in the order given; empty parts where nothing is known.

    One query for many sites of one night: planning a query costs more than the rows of a site.
    """
    if not views:
        return []
    turns = [find_turn(view) for view in views]
    asked = [_list_asked(view, turn) for view, turn in zip(views, turns, strict=True)]
    values: Values = {"as_of": views[0].as_of, "asked": asked, **_BOUNDS}
    read = functools.partial(_read_by_site, connection, values=values)
    segments, planned = read("profile_segments", SegmentWeek), read("profile_planned", Event)
    anchors, sources = read("profile_anchors", AnchorCount), read("profile_sources", Source)
    lives, exchange = read("profile_lives", LifeCount), read("profile_exchange_counts", ExchangeCount)
    partners, members = read("profile_exchanges", ExchangePartner), read("profile_groups", GroupMember)
    pages = read("profile_pages", LinkedPage)
    competitors = _read_competitors(connection, asked, values)
    profiles = []
    for view, turn, of_site in zip(views, turns, asked, strict=True):
        site = view.site.site_domain
        own = _compare_anchors(anchors[site])
        profiles.append(
            ProfileView(
                segments=tuple(segments[site]), planned=tuple(planned[site]),
                anchor_provider=of_site["provider"] or None,
                anchor_counts=tuple(anchors[site]), anchors=(*own, *(competitors.get(site, []) if own else ())),
                sources=_choose_sources(sources[site]), life_counts=tuple(lives[site]),
                lives=_estimate_lives(lives[site], view), exchange=next(iter(exchange[site]), None),
                partners=tuple(partners[site]), members=tuple(members[site]),
                linked=LinkedPages(turn=turn, pages=tuple(pages[site])),
                parameters=tuple((name, str(value)) for name, value in {"asked": of_site, **_BOUNDS}.items()),
            )
        )  # fmt: skip
    return profiles


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
