"""Which drops have a page of their own, and what is read for it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

import duckdb
import pandas as pd

from reports import data, incident_views, views
from reports.incident_views import IncidentPair, IncidentView, Shift
from reports.views import Drop, SiteView, Surge
from transforms.correlation.days import day_number
from transforms.correlation.findings import group_of, read_surges
from transforms.correlation.known_events import EventParams, read_events
from transforms.correlation.lag_windows import LONGEST_LAG_DAYS, window_of
from transforms.correlation.order_of_events import OrderParams
from transforms.correlation.parameters import Parameters
from transforms.correlation.placebos import PlaceboParams, Placebos, Span, read_link_spans
from transforms.schemas.vocabulary import RISKY_ORIGINS

INCIDENT_DAYS = 400
"""Days back in which a drop must have begun to have a page: a year and a month, so that last year's season is there."""
MOST_INCIDENTS = 12
"""Incidents of a site that have a page, the newest: one a month; the site page lists every drop."""
MOST_LINKS = 15
"""Links of an incident read with their evidence, for its page and the data beside it alike: what a person judges in one
sitting; the warehouse has them all."""
SAME_P = 1e-9
"""Largest gap between a p worked out once more and the stored one: beyond it the calendar has changed since."""
MOST_PAGES = 8
"""Linked pages listed one by one, those with most visibility before: beyond them a page weighs little."""
INCIDENT_TABLES = (
    "incident_facts",
    "incident_pairs",
    "incident_causes",
    "incident_tests",
    "incident_days",
    "incident_compared_days",
    "incident_pages",
    "incident_links",
)
"""Queries behind the pages of incidents, in the page's order."""
DAYS_BEFORE, DAYS_AFTER = 210, 90
"""Days drawn around a drop: the longest lag and a month more before it, a level or three after it."""

_BOUNDS: Mapping[str, int] = {
    "days_before": DAYS_BEFORE, "days_after": DAYS_AFTER, "most_pages": MOST_PAGES,
    "level_days": Parameters().level_days,
}  # fmt: skip


class _OfDrop(Protocol):
    @property
    def drop_id(self) -> str: ...


Row = TypeVar("Row", bound=_OfDrop)

_Links = Mapping[str, tuple[tuple[views.RiskyLink, ...], int]]
"""Drop to its strongest links and how many referring domains have one."""


def list_incidents(view: SiteView) -> tuple[Drop, ...]:
    """The drops of a site that have a page of their own, newest first, at most :data:`MOST_INCIDENTS`.

    Those that stand alone (no part of a wider drop), are confirmed or of the whole site, and began in the last
    :data:`INCIDENT_DAYS` days.
    """
    since = view.as_of - datetime.timedelta(days=INCIDENT_DAYS)
    found = [
        drop
        for drop in view.drops
        if drop.part_of_drop_id is None and (drop.is_confirmed or drop.segment == "site") and drop.starts_on >= since
    ]
    found.sort(key=lambda drop: (drop.starts_on, drop.drop_id), reverse=True)
    return tuple(found[:MOST_INCIDENTS])


def read_incidents(connection: duckdb.DuckDBPyConnection, sites: Sequence[SiteView]) -> list[tuple[IncidentView, ...]]:
    """Everything the pages of the sites' incidents show: of each site, its incidents as :func:`list_incidents`.

    Links of all the sites are read at once: the engine plans their rules longer than it runs them.
    """
    found = [_read_without_links(connection, view) for view in sites]
    links = _read_links(connection, [view for views_of_site in found for view in views_of_site])
    return [tuple(_with_links(view, links) for view in views_of_site) for views_of_site in found]


def _with_links(view: IncidentView, links: _Links) -> IncidentView:
    listed, count = links.get(view.drop.drop_id, ((), 0))
    return replace(view, links=listed, link_count=count)


def _read_without_links(connection: duckdb.DuckDBPyConnection, view: SiteView) -> list[IncidentView]:
    drops = list_incidents(view)
    if not drops:
        return []
    values: dict[str, object] = {
        "as_of": view.as_of, "site_domain": view.site.site_domain, "drop_ids": [drop.drop_id for drop in drops],
        **_BOUNDS,
    }  # fmt: skip
    pairs = _by_drop(data.read_rows(connection, "incident_pairs", IncidentPair, values))
    best = {drop_id: next((pair for pair in rows if pair.origin != "natural"), None) for drop_id, rows in pairs.items()}
    chosen = [best.get(drop.drop_id) for drop in drops]
    values["surge_ids"] = [None if pair is None else pair.surge_id for pair in chosen]
    causes = _by_drop(data.read_rows(connection, "incident_causes", incident_views.IncidentCause, values))
    facts = _by_drop(data.read_rows(connection, "incident_facts", incident_views.DropFacts, values))
    series_days = _by_drop(data.read_rows(connection, "incident_days", incident_views.SeriesDay, values))
    days = _by_drop(data.read_rows(connection, "incident_compared_days", incident_views.ComparedDay, values))
    pages = _by_drop(data.read_rows(connection, "incident_pages", incident_views.ComparedPage, values))
    tests = data.read_rows(connection, "incident_tests", incident_views.SiteTest, values)
    shifts = _Shifts(view)
    found = []
    for drop, pair in zip(drops, chosen, strict=True):
        surge = _find_surge(view, pair)
        provider = _compared_provider(drop, days.get(drop.drop_id, []))
        others = [other for other in pairs.get(drop.drop_id, []) if other is not pair]
        (fact,) = facts[drop.drop_id]
        found.append(
            IncidentView(
                site=view,
                drop=drop,
                facts=fact,
                pair=pair,
                surge=surge,
                composition=next((one for one in view.compositions if surge and one.surge_id == surge.surge_id), None),
                other_pairs=tuple(other for other in others if other.origin != "natural"),
                controls=tuple(other for other in others if other.origin == "natural"),
                causes=tuple(causes.get(drop.drop_id, ())),
                tests=tests,
                shift=None if pair is None else shifts.count(drop, fact, pair),
                series_days=tuple(series_days.get(drop.drop_id, ())),
                compared_days=tuple(row for row in days.get(drop.drop_id, ()) if row.provider == provider),
                compared_pages=tuple(row for row in pages.get(drop.drop_id, ()) if row.provider == provider),
                links=(),
                link_count=0,
                later_surges=_find_later(view, drop),
                parts=tuple(part for part in view.drops if part.part_of_drop_id == drop.drop_id),
            )
        )
    return found


def list_incident_tables(incidents: Sequence[IncidentView]) -> dict[str, Sequence[object]]:
    """Query name to the rows it gave over all incidents of a site, for the page that says where figures come from."""
    found: dict[str, list[object]] = {name: [] for name in INCIDENT_TABLES} if incidents else {}
    for view in incidents:
        pair = [view.pair] if view.pair is not None else []
        found["incident_facts"].append(view.facts)
        found["incident_pairs"] += [*pair, *view.other_pairs, *view.controls]
        found["incident_causes"] += view.causes
        found["incident_days"] += view.series_days
        found["incident_compared_days"] += view.compared_days
        found["incident_pages"] += view.compared_pages
        found["incident_links"] += [{"drop_id": view.drop.drop_id, **vars(link)} for link in view.links]
    if incidents:
        found["incident_tests"] += incidents[0].tests
    return dict(found)


def list_incident_values(incidents: Sequence[IncidentView]) -> dict[str, object]:
    """What the queries of :data:`INCIDENT_TABLES` were asked for these incidents, beside the site and the night."""
    drop_sites = [view.site.site.site_domain for view in incidents]
    return {
        "drop_ids": [view.drop.drop_id for view in incidents],
        "surge_ids": [None if view.pair is None else view.pair.surge_id for view in incidents],
        "drop_sites": drop_sites, "sites": sorted(set(drop_sites)), "most": MOST_LINKS,
        "lag_days": LONGEST_LAG_DAYS, "origins": list(RISKY_ORIGINS), **_BOUNDS,
    }  # fmt: skip


def _by_drop(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.drop_id].append(row)
    return dict(found)


def _read_links(connection: duckdb.DuckDBPyConnection, incidents: Sequence[IncidentView]) -> _Links:
    """The strongest links of some incidents, each domain once."""
    if not incidents:
        return {}
    values = list_incident_values(incidents) | {"as_of": incidents[0].site.as_of}
    rows = data.select_rows(connection, "incident_links", values)
    asked = values | {"link_numbers": sorted({row["link_number"] for row in rows})}
    told = data.select_rows(connection, "incident_evidence", asked) if rows else []
    evidence = {
        (row["link_number"], row["rule_set"]): tuple(views.Evidence(**found) for found in row["evidence"])
        for row in told
    }
    found: dict[str, list[views.RiskyLink]] = defaultdict(list)
    counts: dict[str, int] = {}
    for row in rows:
        drop_id = str(row.pop("drop_id"))
        counts[drop_id] = int(row.pop("listed_count"))
        row["evidence"] = evidence.get((row.pop("link_number"), row.pop("rule_set")), ())
        found[drop_id].append(views.RiskyLink(**row))
    return {drop_id: (tuple(links), counts[drop_id]) for drop_id, links in found.items()}


def _find_surge(view: SiteView, pair: IncidentPair | None) -> Surge | None:
    return next((surge for surge in view.surges if pair and surge.surge_id == pair.surge_id), None)


def _find_later(view: SiteView, drop: Drop) -> tuple[Surge, ...]:
    """Surges of arranged links that may answer the drop: they began with it or in the days after."""
    reach = OrderParams().answer_days
    return tuple(
        surge
        for surge in view.surges
        if surge.origin in RISKY_ORIGINS and 0 <= (surge.starts_on - drop.starts_on).days <= reach
    )


def _compared_provider(drop: Drop, days: Sequence[incident_views.ComparedDay]) -> str | None:
    """Whose pages are compared, as the pair's contrast chooses: the drop's own provider, else the first by name."""
    providers = sorted({row.provider for row in days}, key=lambda name: (name != drop.provider, name))
    return providers[0] if providers else None


class _Shifts:
    """The time shift of a site's pairs worked out once more, for the days behind its p, by the stage's own code."""

    def __init__(self, view: SiteView) -> None:
        self._view = view
        site = view.site.site_domain
        names = ("surge_id", "provider", "origin", "starts_on", "q_value")
        surges = pd.DataFrame([{name: getattr(surge, name) for name in names} for surge in view.surges], columns=names)
        readings = [{"surge_id": one.surge_id, "reading": one.reading} for one in view.compositions]
        self._surges = read_surges(
            surges.assign(site_domain=site, excess_count=0.0),
            pd.DataFrame(readings, columns=["surge_id", "reading"]),
        )
        columns = ("provider", "status", "tested_from_on", "tested_until_on")
        tested = [
            {name: getattr(row, name) for name in columns} | {"site_domain": site}
            for row in view.assessed
            if row.kind == "surge"
        ]
        self._link_spans = read_link_spans(pd.DataFrame(tested, columns=[*columns, "site_domain"]))
        fields = ("kind", "name", "scope", "starts_on", "ends_on")
        events = [{name: getattr(event, name) for name in fields} | {"site_domain": None} for event in view.events]
        self._events = read_events(pd.DataFrame(events, columns=[*fields, "site_domain"]), EventParams())

    def count(self, drop: Drop, facts: incident_views.DropFacts, pair: IncidentPair) -> Shift | None:
        """The days behind the pair's ``p_time_shift``; None where that has none, or where the two do not agree."""
        window = window_of(pair.lag_days)
        if pair.p_time_shift is None or window is None or not (facts.tested_from_on and facts.tested_until_on):
            return None
        span = Span(day_number(facts.tested_from_on), day_number(facts.tested_until_on))
        placebos = Placebos(self._surges, self._link_spans, self._events, span, PlaceboParams(), EventParams())
        group, day = group_of(pair.origin), day_number(drop.starts_on)
        counts = placebos.shift_levels(self._view.site.site_domain, group, day, span)
        shift = None if counts is None else Shift(level_counts=counts, level=window.level)
        return shift if shift and abs(shift.p_value - pair.p_time_shift) < SAME_P else None
