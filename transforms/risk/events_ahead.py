"""What is under way or planned for a site: updates, changes the team plans, requests that wait for an answer."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from transforms.risk.reasons import Reason, reason


@dataclass(frozen=True, kw_only=True)
class EventParams:
    """How much each kind of event weighs (1 = the events' whole ceiling), and how long it counts."""

    spam_update: float = 1.0
    """An update about spam or links: it acts on just these links."""
    core_update: float = 0.6
    """A core update: every site is weighed anew, links among much else."""
    other_update: float = 0.3
    """Any other update."""
    planned_weight: float = 0.8
    """An update that is only announced counts this much of one that runs: dates slip."""
    site_change: float = 0.4
    """A planned change of the site: pages are crawled and weighed anew, and a drop will be harder to explain."""
    reconsideration: float = 0.5
    """A request for reconsideration without an answer: people look at the links now."""
    manual_action: float = 0.5
    """A standing manual action about something else: the site is being looked at. One about links is no event ahead:
    it dominates the score."""
    open_update_days: int = 28
    """Days an update without a stated end is taken to last: all but a few of the listed ones were shorter."""
    answer_days: int = 60
    """Days after which a request without an answer no longer counts: answers come in days to weeks."""
    horizon_days: int = 90
    """Days ahead that are looked at: those of the forecast."""


@dataclass(frozen=True)
class EventAhead:
    """One event with its weight; ``kind`` says which sentence names it."""

    weight: float
    kind: str
    name: str
    start: str


def find_events_ahead(
    search_events: pd.DataFrame, planned_events: pd.DataFrame, as_of: datetime.date, params: EventParams
) -> dict[str | None, EventAhead]:
    """The event that weighs most by site; under None the one that concerns all sites."""
    strongest: dict[str | None, EventAhead] = {}
    found = [*_under_way(search_events, as_of, params), *_planned(planned_events, as_of, params)]
    for site, event in sorted(found, key=lambda one: (one[1].weight, one[1].start, one[1].name)):
        strongest[site] = event
    return strongest


def event_of(site: str, found: dict[str | None, EventAhead]) -> EventAhead | None:
    """What weighs most for the site: its own event or one of all sites."""
    concerning = [found[key] for key in (None, site) if key in found]
    return max(concerning, key=lambda event: event.weight, default=None)


def event_reasons(event: EventAhead | None, profile_share: float, ceiling: float) -> list[Reason]:
    """Points for the event, in proportion to the share of its ceiling that the profile has; none without an event."""
    if event is None:
        return []
    points = ceiling * event.weight * profile_share
    if event.kind == "running":
        return [reason("risk.events.running", points, name=event.name, start=event.start)]
    if event.kind == "planned_update":
        return [reason("risk.events.planned_update", points, name=event.name, start=event.start)]
    if event.kind == "planned_change":
        return [reason("risk.events.planned_change", points, name=event.name, start=event.start)]
    if event.kind == "reconsideration":
        return [reason("risk.events.reconsideration", points, start=event.start)]
    return [reason("risk.events.manual_action", points, name=event.name, start=event.start)]


def _under_way(
    search_events: pd.DataFrame, as_of: datetime.date, params: EventParams
) -> Iterator[tuple[str | None, EventAhead]]:
    for kind, site, name, start, end, scope in _rows(search_events):
        age = (as_of - start).days
        if age < 0 or (end is not None and end < as_of):
            continue
        if kind == "update" and (end is not None or age <= params.open_update_days):
            yield site, EventAhead(_weight_of_update(f"{name} {scope}", params), "running", name, start.isoformat())
        elif kind == "reconsideration" and site and end is None and age <= params.answer_days:
            yield site, EventAhead(params.reconsideration, "reconsideration", name, start.isoformat())
        elif kind == "manual_action" and site and "link" not in f"{name} {scope}".lower():
            yield site, EventAhead(params.manual_action, "manual_action", name, start.isoformat())


def _planned(
    planned_events: pd.DataFrame, as_of: datetime.date, params: EventParams
) -> Iterator[tuple[str | None, EventAhead]]:
    for kind, site, name, start, _, scope in _rows(planned_events):
        if not 0 < (start - as_of).days <= params.horizon_days:
            continue
        if kind == "update":
            weight = params.planned_weight * _weight_of_update(f"{name} {scope}", params)
            yield site, EventAhead(weight, "planned_update", name, start.isoformat())
        elif kind == "site_change":
            yield site, EventAhead(params.site_change, "planned_change", name, start.isoformat())


def _rows(
    events: pd.DataFrame,
) -> Iterator[tuple[str, str | None, str, datetime.date, datetime.date | None, str]]:
    starts, ends = pd.to_datetime(events["starts_on"]), pd.to_datetime(events["ends_on"])
    texts = events[["kind", "site_domain", "name", "scope"]].astype(object)
    for (kind, site, name, scope), start, end in zip(
        texts.itertuples(index=False, name=None), starts, ends, strict=True
    ):
        if pd.isna(start):
            continue
        yield (
            str(kind),
            None if pd.isna(site) else str(site),
            str(name),
            start.date(),
            None if pd.isna(end) else end.date(),
            "" if pd.isna(scope) else str(scope),
        )


def _weight_of_update(words: str, params: EventParams) -> float:
    lowered = words.lower()
    if "discover" in lowered:  # a surface that no input of ours measures
        return 0.0
    if "spam" in lowered or "link" in lowered:
        return params.spam_update
    return params.core_update if "core" in lowered else params.other_update
