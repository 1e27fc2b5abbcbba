"""What could be looked at, site by site: until when, and which days of the last year could be judged."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from transforms.risk.points import Params

Days = tuple[datetime.date, datetime.date]
"""First and last day, both included."""


@dataclass(frozen=True)
class Coverage:
    """The tested spans of a site, and its drops that could not be judged."""

    links: Sequence[Days] = ()
    """Tested days of each link series, one span per provider."""
    rankings: Sequence[Days] = ()
    """Tested days of each visibility series."""
    too_little_data: str = ""
    """First day (ISO text) of the newest recent drop with a surge before it and too little data; empty: none."""
    confounded: str = ""
    """The same for a drop that something else could account for as well."""

    @property
    def links_until(self) -> datetime.date | None:
        """Last day on which surges could be looked for; None: never."""
        return max((last for _, last in self.links), default=None)

    @property
    def rankings_until(self) -> datetime.date | None:
        """Last day on which drops could be looked for; None: never."""
        return max((last for _, last in self.rankings), default=None)

    def surge_days(self, as_of: datetime.date, reach_days: int) -> int:
        """Most days of the last ``reach_days`` that one link series was tested on."""
        since = as_of - datetime.timedelta(days=reach_days - 1)
        return max(((last - max(first, since)).days + 1 for first, last in self.links), default=0)

    def judged_days(self, as_of: datetime.date, params: Params) -> Days | None:
        """The longest stretch of the last year in which drops would have been seen and put beside links; None: none.

        One visibility series must be tested on the day, and one link series must cover its look-back.
        """
        nearest, farthest = (datetime.timedelta(days=days) for days in params.look_back_days)
        since = as_of - datetime.timedelta(days=params.association_reach_days)
        stretches = sorted(
            (max(first, link_first + farthest, since), min(last, link_last + nearest, as_of))
            for first, last in self.rankings
            for link_first, link_last in self.links
        )
        joined: list[Days] = []
        for first, last in stretches:
            if first > last:
                continue
            if joined and first <= joined[-1][1] + datetime.timedelta(days=1):
                joined[-1] = (joined[-1][0], max(joined[-1][1], last))
            else:
                joined.append((first, last))
        return max(joined, key=lambda stretch: (stretch[1] - stretch[0], stretch[1]), default=None)


def is_recent(day: datetime.date, as_of: datetime.date, params: Params) -> bool:
    """Whether data that end on ``day`` still speak of ``as_of``."""
    return (as_of - day).days <= params.recent_days


def find_coverage(
    link_series: pd.DataFrame,
    visibility_series: pd.DataFrame,
    pairs: pd.DataFrame,
    as_of: datetime.date,
    params: Params,
) -> dict[str, Coverage]:
    """Coverage by site, from the two tables of assessed series and ``correlation.surge_drop_pairs``."""
    links = _tested_spans(link_series, ["site_domain", "provider"])
    whole_sites = visibility_series[visibility_series["segment"] == "site"]  # one page that is tested covers no site
    rankings = _tested_spans(whole_sites, ["site_domain", "provider"])
    starts = pd.to_datetime(pairs["drop_starts_on"])
    age = (pd.Timestamp(as_of) - starts).dt.days
    is_open = (pairs["origin"] != "natural") & (age <= params.association_reach_days)
    newest = {
        verdict: {
            str(site): start.date().isoformat()
            for site, start in starts[is_open & (pairs["verdict"] == verdict)]
            .groupby(pairs["site_domain"])
            .max()
            .items()
        }
        for verdict in ("insufficient_data", "confounded")
    }
    return {
        site: Coverage(
            links.get(site, ()),
            rankings.get(site, ()),
            newest["insufficient_data"].get(site, ""),
            newest["confounded"].get(site, ""),
        )
        for site in sorted({*links, *rankings, *newest["insufficient_data"], *newest["confounded"]})
    }


def newest_link_data(link_series: pd.DataFrame) -> dict[str, datetime.date]:
    """By site, the day of its newest backlink export of any provider (``signals.link_series``)."""
    ends = pd.to_datetime(link_series["ends_on"]).groupby(link_series["site_domain"].astype(str)).max()
    return {str(site): end.date() for site, end in ends.items()}


def _tested_spans(assessed_series: pd.DataFrame, keys: Sequence[str]) -> dict[str, list[Days]]:
    tested = assessed_series[(assessed_series["status"] == "tested") & assessed_series["tested_until_on"].notna()]
    spans = tested.groupby(list(keys), sort=True).agg(first=("tested_from_on", "min"), last=("tested_until_on", "max"))
    by_site: dict[str, list[Days]] = {}
    for site, first, last in zip(
        spans.index.get_level_values(0), pd.to_datetime(spans["first"]), pd.to_datetime(spans["last"]), strict=True
    ):
        by_site.setdefault(str(site), []).append((first.date(), last.date()))
    return by_site
