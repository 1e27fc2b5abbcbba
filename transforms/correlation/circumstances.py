"""What else happened when a site dropped: events, other sites of the same provider, and the shape of the drop itself.

Found once per drop and used twice: as confounders of a surge-drop pair, and as evidence for the causes of a drop.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.correlation.days import day_numbers, iso_day
from transforms.correlation.evidence import Said, said
from transforms.correlation.findings import Drop
from transforms.correlation.known_events import EventParams, KnownEvent
from transforms.correlation.shapes import DropDays, Shape, ShapeParams, describe_shape

CONFIRMED = "confirmed"
"""A drop that passed the control of false discoveries: noise, of which nobody finds a cause, is seldom one."""

TELLS_NO_CAUSE = ("position.worse", "brand.spared", "brand.alike", "fall.demand", CONFIRMED)
"""Circumstances that say what was lost, rank or demand, and how surely; not to what."""


@dataclass(frozen=True)
class Circumstance:
    """One thing that was so.

    ``kind`` names it for the weights, ``value`` is how much of it there was (1 where it is there or not), ``says`` the
    sentence for people.
    """

    kind: str
    says: Said
    value: float = 1.0


@dataclass(frozen=True, kw_only=True)
class TogetherParams:
    """When many sites fall at once, the cause is common to them."""

    least_sites: int = 3
    """Fewer sites of one provider cannot show that a fall is common to them."""
    within_days: int = 2
    """Starts at most this many days apart count as together: drops are dated to a few days."""
    least_share: float = 0.5
    """Share of the provider's tested sites that fell together."""
    click_providers: tuple[str, ...] = ("search_console", "bing")
    """How providers begin that count the search engine's own clicks: a common fall there points to the search engine.
    The others, trackers and indexes, crawl by themselves, and that can fail for everybody."""
    least_common_share: float = 0.2
    """Share of a fall that the provider's other sites show, from which it is said: below it, the noise of a median."""
    same_fall_days: int = 14
    """Days within which drops of one site in two providers are one fall: a weekly tracker dates to a week, and clicks
    follow positions within days."""


@dataclass(frozen=True, kw_only=True)
class CircumstanceParams:
    """Everything that decides whether a circumstance applies."""

    events: EventParams = field(default_factory=EventParams)
    together: TogetherParams = field(default_factory=TogetherParams)
    shapes: ShapeParams = field(default_factory=ShapeParams)


def find_circumstances(
    drops: Sequence[Drop],
    assessed_series: pd.DataFrame,
    events: Sequence[KnownEvent],
    drop_days: DropDays,
    params: CircumstanceParams,
) -> dict[str, list[Circumstance]]:
    """The circumstances of every drop by ``drop_id``, in a fixed order; an empty list where nothing is known.

    ``assessed_series`` is ``drops.assessed_series``: the sites that could have fallen together.
    """
    together = _find_together(drops, assessed_series, params.together)
    witnesses = _find_witnesses(drops, assessed_series, params.together)
    return {
        drop.drop_id: [
            *_event_circumstances(drop, events, params.events),
            *([Circumstance(CONFIRMED, said("drop.confirmed"))] if drop.is_confirmed else []),
            *together.get(drop.drop_id, []),
            *witnesses.get(drop.drop_id, []),
            *_find_common(drop, params.together),
            *(Circumstance(kind, says, value) for kind, says, value in _shape(drop, drop_days, params.shapes)),
        ]
        for drop in drops
    }


def _shape(drop: Drop, drop_days: DropDays, params: ShapeParams) -> Iterable[Shape]:
    return describe_shape(
        starts=drop.starts,
        depth=drop.depth_share,
        impressions_change=drop.impressions_change_share,
        position_change=drop.position_change,
        click_rate_change=drop.click_rate_change_share,
        series=drop_days.of(drop.drop_id),
        params=params,
    )


def _event_circumstances(drop: Drop, events: Sequence[KnownEvent], params: EventParams) -> list[Circumstance]:
    found = (_event_circumstance(drop, event, params) for event in events if event.is_about(drop.site_domain))
    return [circumstance for circumstance in found if circumstance is not None]


def _event_circumstance(drop: Drop, event: KnownEvent, params: EventParams) -> Circumstance | None:
    """What an event means for a drop that may have begun on any day of its interval."""
    opens, closes = event.window(params)
    first, last = params.start_of(drop.starts, drop.earliest, drop.latest)
    is_inside = opens <= last and first <= closes
    if event.kind == "update" and is_inside:
        return _update_circumstance(event, params)
    if event.kind == "outage" and is_inside:
        if event.site_domain is None:  # a fault of the search engine's own: nobody's site was down
            return Circumstance("update.fault", said("event.fault", name=event.name, start=iso_day(event.starts)))
        return Circumstance("outage.event", said("event.outage", name=event.name, start=iso_day(event.starts)))
    if event.kind == "data_break":
        return _break_circumstance(drop.starts, event, is_inside, params)
    if event.kind == "site_change" and first - params.site_change_days <= event.starts <= last + params.before_days:
        return Circumstance("site_change", said("event.site_change", name=event.name, start=iso_day(event.starts)))
    if event.kind == "manual_action" and _is_near(drop.starts, event, params):
        if event.says_links:
            return Circumstance("manual_action.links", said("event.manual_action.links", start=iso_day(event.starts)))
        other = said("event.manual_action.other", name=event.name, start=iso_day(event.starts))
        return Circumstance("manual_action.other", other)
    return None


def _is_near(day: int, event: KnownEvent, params: EventParams) -> bool:
    return -params.manual_action_before_days <= day - event.starts <= params.manual_action_after_days


def _update_circumstance(event: KnownEvent, params: EventParams) -> Circumstance:
    words = f"{event.name} {event.scope}".lower()
    if "link" in words:
        kind = "update.link_spam"
    elif "spam" in words:
        kind = "update.spam"
    else:
        kind = "update.core" if "core" in words else "update.other"
    if event.ends is None:
        return Circumstance(kind, said("event.update.open", name=event.name, start=iso_day(event.starts)))
    period = said("event.update", name=event.name, start=iso_day(event.starts), end=iso_day(event.ends))
    return Circumstance(kind, period)


def _break_circumstance(day: int, event: KnownEvent, is_inside: bool, params: EventParams) -> Circumstance | None:
    if is_inside:
        return Circumstance("data_break.at", said("event.data_break", name=event.name, start=iso_day(event.starts)))
    if abs(day - event.starts) <= params.break_reach_days:
        near = said("event.data_break.near", name=event.name, start=iso_day(event.starts))
        return Circumstance("data_break.near", near)
    return None


def _find_together(
    drops: Sequence[Drop], assessed_series: pd.DataFrame, params: TogetherParams
) -> dict[str, list[Circumstance]]:
    tested = assessed_series[assessed_series["status"] == "tested"]
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for provider, segment, first, last in zip(
        tested["provider"],
        tested["segment"],
        day_numbers(tested["tested_from_on"]),
        day_numbers(tested["tested_until_on"]),
        strict=True,
    ):
        spans.setdefault((str(provider), str(segment)), []).append((int(first), int(last)))
    by_series: dict[tuple[str, str], list[Drop]] = {}
    for drop in sorted(drops, key=lambda drop: drop.starts):
        by_series.setdefault((drop.provider, drop.segment), []).append(drop)
    found: dict[str, list[Circumstance]] = {}
    for series, members in by_series.items():
        series_spans = np.array(spans.get(series, []), dtype=np.int64).reshape(-1, 2)
        firsts, lasts = np.sort(series_spans, axis=0).T
        starts = [member.starts for member in members]
        for drop in members:
            from_ = bisect_left(starts, drop.starts - params.within_days)
            until = bisect_right(starts, drop.starts + params.within_days)
            fell = len({other.site_domain for other in members[from_:until]})
            begun, ended = np.searchsorted(firsts, drop.starts, "right"), np.searchsorted(lasts, drop.starts, "left")
            could = max(int(begun - ended), fell)
            if could >= params.least_sites and fell >= max(2, params.least_share * could):
                found[drop.drop_id] = [_together(drop, fell, could, params)]
    return found


def _find_witnesses(
    drops: Sequence[Drop], assessed_series: pd.DataFrame, params: TogetherParams
) -> dict[str, list[Circumstance]]:
    """Drops of a whole site that only its tracker shows, or only its clicks, while the other was tested that day."""
    tested = assessed_series[(assessed_series["status"] == "tested") & (assessed_series["segment"] == "site")]
    spans: dict[tuple[str, bool], list[tuple[int, int]]] = {}
    for site, provider, first, last in zip(
        tested["site_domain"],
        tested["provider"],
        day_numbers(tested["tested_from_on"]),
        day_numbers(tested["tested_until_on"]),
        strict=True,
    ):
        spans.setdefault((str(site), _is_tracker(str(provider), params)), []).append((int(first), int(last)))
    fell: dict[tuple[str, bool], list[int]] = {}
    for drop in drops:
        if drop.segment == "site":
            fell.setdefault((drop.site_domain, _is_tracker(drop.provider, params)), []).append(drop.starts)
    found: dict[str, list[Circumstance]] = {}
    for drop in drops:
        is_tracker = _is_tracker(drop.provider, params)
        other = (drop.site_domain, not is_tracker)
        seen = any(first <= drop.starts <= last - params.same_fall_days for first, last in spans.get(other, []))
        if drop.segment != "site" or not seen:
            continue
        if not any(abs(start - drop.starts) <= params.same_fall_days for start in fell.get(other, [])):
            says = said("witness.clicks_held") if is_tracker else said("witness.ranks_held")
            found[drop.drop_id] = [Circumstance("tracker.alone" if is_tracker else "ranks.held", says)]
    return found


def _find_common(drop: Drop, params: TogetherParams) -> Iterator[Circumstance]:
    """How much of the fall the provider's other sites show on the same days; nothing with too few of them."""
    if not (drop.control_change_share > -1.0 and 0.0 < drop.depth_share < 1.0):
        return
    share = min(1.0, math.log1p(drop.control_change_share) / math.log1p(-drop.depth_share))
    if share >= params.least_common_share:
        says = said("others.fell", share=round(-drop.control_change_share, 3))
        kind = "tracker.others_fell" if _is_tracker(drop.provider, params) else "others.fell"
        yield Circumstance(kind, says, round(share, 3))


def _is_tracker(provider: str, params: TogetherParams) -> bool:
    """Whether a provider measures ranks by a crawl of its own (trackers, indexes)."""
    return not provider.startswith(params.click_providers)


def _together(drop: Drop, fell: int, could: int, params: TogetherParams) -> Circumstance:
    if _is_tracker(drop.provider, params):
        says = said("together.tracker", count=fell, of=could, days=params.within_days)
        return Circumstance("tracker.together", says)
    return Circumstance("update.together", said("together.search", count=fell, of=could, days=params.within_days))
