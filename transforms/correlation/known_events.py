"""Days on which a drop has a known explanation at hand: updates, data breaks, outages and what the team noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.correlation.days import UNKNOWN_DAY, day_numbers


@dataclass(frozen=True, kw_only=True)
class EventParams:
    """How far an event reaches."""

    before_days: int = 2
    """Days before the stated start that still count: announcements trail the roll-out (research, detection 2b)."""
    after_days: int = 7
    """Days after the stated end that still count: crawling and reporting trail the roll-out (same source)."""
    open_update_days: int = 28
    """Days an update without a stated end is taken to last: all but a few of the listed ones were shorter."""
    most_start_doubt_days: int = 10
    """Days of a start's interval, to either side, that are believed: a wider one would meet every event there is."""
    ignored_scopes: tuple[str, ...] = ("discover",)
    """Updates of surfaces that no input of ours measures."""
    site_change_days: int = 14
    """A drop this many days after a change the team noted may come of it: recrawl takes days to two weeks."""
    break_reach_days: int = 28
    """A drop is measured between 28 days before and 28 after; a data break in them touches the comparison."""
    manual_action_before_days: int = 28
    """A drop may start this long before the message about a manual action is seen or noted."""
    manual_action_after_days: int = 14
    """... and this long after it."""

    def start_of(self, starts: int, earliest: int, latest: int) -> tuple[int, int]:
        """First and last day on which a drop may have begun, from its likeliest start and its interval."""
        doubt = self.most_start_doubt_days
        return max(earliest, starts - doubt), min(latest, starts + doubt)


@dataclass(frozen=True)
class KnownEvent:
    """One event with the days it covers, as day numbers."""

    kind: str
    name: str
    scope: str
    site_domain: str | None
    starts: int
    ends: int | None

    def is_about(self, site_domain: str) -> bool:
        """Whether it concerns the site (events of nobody in particular concern all)."""
        return self.site_domain is None or self.site_domain == site_domain

    @property
    def says_links(self) -> bool:
        """Whether its name or scope speaks of links."""
        return "link" in f"{self.name} {self.scope}".lower()

    def window(self, params: EventParams) -> tuple[int, int]:
        """First and last day on which a drop may come of it (updates, breaks, outages)."""
        ends = self.ends
        if ends is None:
            ends = self.starts + params.open_update_days if self.kind == "update" else self.starts
        return self.starts - params.before_days, ends + params.after_days


def read_events(search_events: pd.DataFrame, params: EventParams) -> list[KnownEvent]:
    """Every event of ``staging.search_events`` in order of day and name; updates of ignored scopes left out."""
    starts, ends = day_numbers(search_events["starts_on"]), day_numbers(search_events["ends_on"])
    texts = search_events[["kind", "name", "scope", "site_domain"]].astype(object)
    events = []
    for (kind, name, scope, site), first, last in zip(
        texts.itertuples(index=False, name=None), starts, ends, strict=True
    ):
        scope_text = "" if pd.isna(scope) else str(scope).lower()
        if first == UNKNOWN_DAY or (kind == "update" and scope_text in params.ignored_scopes):
            continue
        events.append(
            KnownEvent(
                kind=str(kind),
                name=str(name),
                scope=scope_text,
                site_domain=None if pd.isna(site) else str(site),
                starts=int(first),
                ends=None if last == UNKNOWN_DAY else int(last),
            )
        )
    return sorted(events, key=lambda event: (event.starts, event.name, event.kind, event.site_domain or ""))


MASKING_KINDS = ("update", "data_break", "outage")
"""Kinds of event whose days say nothing about links: left out when placebo days are counted."""


def mark_days(
    events: Sequence[KnownEvent], first_day: int, day_count: int, params: EventParams
) -> tuple[NDArray[np.bool_], dict[str, NDArray[np.bool_]]]:
    """Days inside the window of a masking event: for all sites, and per site with events of its own (all included)."""
    for_all = np.zeros(day_count, dtype=bool)
    masking = [event for event in events if event.kind in MASKING_KINDS]
    for event in masking:
        if event.site_domain is None:
            _mark(for_all, event, first_day, params)
    per_site: dict[str, NDArray[np.bool_]] = {}
    for event in masking:
        if event.site_domain is not None:
            _mark(per_site.setdefault(event.site_domain, for_all.copy()), event, first_day, params)
    return for_all, per_site


def _mark(days: NDArray[np.bool_], event: KnownEvent, first_day: int, params: EventParams) -> None:
    opens, closes = event.window(params)
    days[max(0, opens - first_day) : max(0, closes - first_day + 1)] = True
