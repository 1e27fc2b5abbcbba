"""What a provider's index lists of a world: part of it, late, and survivors only."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.link_parameters import Index, Provider
from penalty_radar.simulation.pages import PlacedLink
from penalty_radar.simulation.parameters import Site, WorldParameters

EXPORT_HOUR = 9
"""Exports are made in the morning of the last export day; nothing is seen after it."""

NEXT_DAY_SHARE = 0.1
"""Of the links found promptly, those found a day later."""


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link as one provider lists it on the day of the export."""

    placed: PlacedLink
    authority: float
    first_seen_at: datetime.datetime
    last_seen_at: datetime.datetime
    lost_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Sight:
    """When one provider finds a link, how long before an export it last looked, when it notices that it is gone."""

    placed: PlacedLink
    authority: float
    first_on: datetime.date
    recrawl_days: int
    lost_on: datetime.date
    seconds: tuple[int, int, int]


def list_links(
    site: Site, links: Sequence[PlacedLink], provider: Provider, parameters: WorldParameters
) -> list[ListedLink]:
    """The provider's list on the last export day: strongest first, survivors and lately lost links only."""
    return list_on(find_links(site, links, provider, parameters), provider, parameters)


def find_links(site: Site, links: Sequence[PlacedLink], provider: Provider, parameters: WorldParameters) -> list[Sight]:
    """Every link that the provider finds while it stands, whenever that is."""
    rng = open_stream(parameters.seed, site.domain, f"index {provider}")
    index = parameters.indexes[provider]
    visible = {campaign.name: provider in campaign.visible_in for campaign in site.campaigns}
    known: dict[str, float | None] = {}
    found: list[Sight] = []
    for link in links:
        domain = link.source.domain
        if domain not in known:
            known[domain] = _find_domain(rng, link, index, visible)
        sight = _see_link(rng, link, known[domain], index)
        if sight is not None:
            found.append(sight)
    return found


def list_on(sights: Sequence[Sight], provider: Provider, parameters: WorldParameters) -> list[ListedLink]:
    """What the provider lists on ``parameters.last_export_on`` of the links it finds."""
    export_on = parameters.last_export_on
    seen = [_show(sight, export_on) for sight in sights if sight.first_on <= export_on]
    listed = _pin_newest([link for link in seen if _is_listed(link, provider, parameters)], export_on)
    return sorted(listed, key=lambda seen: (-seen.authority, seen.first_seen_at, seen.placed.source_url))


def _find_domain(rng: np.random.Generator, link: PlacedLink, index: Index, visible: dict[str, bool]) -> float | None:
    """The authority the index gives the domain, or None when it never finds it."""
    is_spam = link.source.origin == "spam"
    is_farm = link.source.campaign is not None and is_spam
    coverage = index.spam_coverage if is_farm else index.coverage
    is_found = rng.random() < coverage and visible.get(link.source.campaign or "", True)
    drawn = rng.normal(link.source.authority * index.authority_factor, index.authority_noise)
    authority = min(max(float(drawn), 0.0), 99.0)
    if link.source.authority < 5:  # crawlers agree on pages without any links
        authority = float(round(link.source.authority * index.authority_factor))
    return authority if is_found else None


def _see_link(rng: np.random.Generator, link: PlacedLink, authority: float | None, index: Index) -> Sight | None:
    """When a link is found and missed; the same number of draws whatever comes of it."""
    is_prompt = rng.random() < index.prompt_share
    is_next_day = rng.random() < NEXT_DAY_SHARE
    lag = int(is_next_day) if is_prompt else 1 + int(rng.exponential(index.lag_mean_days))
    recrawl = int(rng.exponential(index.recrawl_mean_days))
    notice = 1 + int(rng.exponential(index.recrawl_mean_days / 2))
    seconds = rng.integers(0, 24 * 3600, size=3)
    first_on = link.placed_on + datetime.timedelta(days=lag)
    if authority is None or first_on >= link.removed_on:
        return None
    lost_on = link.removed_on + datetime.timedelta(days=notice)
    return Sight(link, authority, first_on, recrawl, lost_on, (int(seconds[0]), int(seconds[1]), int(seconds[2])))


def _show(sight: Sight, export_on: datetime.date) -> ListedLink:
    """The link as an export of the day shows it."""
    stands_until = min(export_on, sight.placed.removed_on - datetime.timedelta(days=1))
    last_on = max(sight.first_on, stands_until - datetime.timedelta(days=sight.recrawl_days))
    first_at = _moment(sight.first_on, sight.seconds[0], export_on)
    return ListedLink(
        placed=sight.placed,
        authority=sight.authority,
        first_seen_at=first_at,
        last_seen_at=max(first_at, _moment(last_on, sight.seconds[1], export_on)),
        lost_at=_moment(sight.lost_on, sight.seconds[2], export_on) if sight.lost_on <= export_on else None,
    )


def _is_listed(seen: ListedLink, provider: Provider, parameters: WorldParameters) -> bool:
    """Ahrefs keeps lost links for about six months; Semrush drops what it has not seen for about six."""
    if provider == "ahrefs_backlinks":
        earliest = parameters.last_export_on - datetime.timedelta(days=parameters.lost_horizon_days)
        return seen.lost_at is None or seen.lost_at.date() >= earliest
    return seen.last_seen_at.date() >= last_seen_horizon(parameters)


def last_seen_horizon(parameters: WorldParameters) -> datetime.date:
    """First day of the month ``last_seen_horizon_months`` before the export: Semrush lists nothing older."""
    export_on = parameters.last_export_on
    months = export_on.year * 12 + export_on.month - 1 - parameters.last_seen_horizon_months
    return datetime.date(months // 12, months % 12 + 1, 1)


def _pin_newest(listed: list[ListedLink], export_on: datetime.date) -> list[ListedLink]:
    """Some page is always seen on the very day of the export: from it readers tell that day."""
    standing = [at for at, seen in enumerate(listed) if seen.lost_at is None]
    if standing:
        newest = max(standing, key=lambda at: listed[at].last_seen_at)
        seen = listed[newest]
        moment = max(seen.first_seen_at, _moment(export_on, 3 * 3600, export_on))
        listed[newest] = ListedLink(seen.placed, seen.authority, seen.first_seen_at, moment, None)
    return listed


def _moment(day: datetime.date, second: int, export_on: datetime.date) -> datetime.datetime:
    if day == export_on:
        second = second % (EXPORT_HOUR * 3600)
    return datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(seconds=second)
