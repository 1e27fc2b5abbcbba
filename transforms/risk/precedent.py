"""What followed such surges before, on the portfolio's other sites: more drops than on any other days, or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.risk.falls import NO_FALLS, Falls, day_numbers
from transforms.schemas.vocabulary import RISKY_ORIGINS

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class PrecedentParams:
    """How earlier surges are counted."""

    reach_days: int = 180
    """Days after a surge in which a drop counts as following it: the longest lag that is looked at."""
    same_campaign_days: int = 21
    """Surges of a site that begin at most this many days after the first of them are one campaign, counted once:
    what two providers see, and what is bought in a row, has one outcome."""


@dataclass(frozen=True)
class Precedent:
    """What the surges of a portfolio's other sites were followed by."""

    surges: int
    """Earlier risky surges whose 180 days after are over and observed."""
    followed: int
    """Those with a drop in these days."""
    expected: float
    """How many of them would have one if they had begun on any day of the same sites."""
    share: float
    """Share of surges that bring on a drop, beyond what any day shows, shrunk to the worlds' share."""


@dataclass(frozen=True)
class Counts:
    """The earlier surges of one site."""

    surges: int = 0
    followed: int = 0
    expected: float = 0.0
    """``surges`` times the share of the site's days that are followed by a drop."""


def surge_starts(link_surges: pd.DataFrame, params: PrecedentParams) -> dict[str, Ints]:
    """First days (numbers) of the campaigns of risky origin, by site."""
    risky = link_surges[link_surges["origin"].isin(list(RISKY_ORIGINS))]
    seen: dict[str, list[int]] = {}
    for site, start in zip(risky["site_domain"].astype(str), day_numbers(risky["starts_on"]), strict=True):
        seen.setdefault(site, []).append(int(start))
    starts: dict[str, Ints] = {}
    for site, days in seen.items():
        firsts: list[int] = []
        for day in sorted(days):
            if not firsts or day - firsts[-1] > params.same_campaign_days:
                firsts.append(day)
        starts[site] = np.array(firsts, dtype=np.int64)
    return starts


def count_followed(
    starts: Mapping[str, Ints],
    falls: Mapping[str, Falls],
    spans: Mapping[str, tuple[int, int]],
    params: PrecedentParams,
) -> dict[str, Counts]:
    """Earlier surges of every site with one, and how many a drop followed; surges whose 180 days are not over are out.

    The placebo is every day of the same site whose following 180 days were observed as well.
    """
    counts = {}
    for site, days in sorted(starts.items()):
        first, last = spans.get(site, (0, -1))
        whole = days[(days >= first) & (days + params.reach_days <= last)]
        if not len(whole):
            continue
        placebo = np.arange(first, last - params.reach_days + 1)
        fallen = falls.get(site, NO_FALLS).starts
        share = float(_is_followed(placebo, fallen, params).mean())
        counts[site] = Counts(len(whole), int(_is_followed(whole, fallen, params).sum()), len(whole) * share)
    return counts


def _is_followed(days: Ints, fallen: Ints, params: PrecedentParams) -> NDArray[np.bool_]:
    until = np.searchsorted(fallen, days + params.reach_days, side="right")
    return np.asarray(until > np.searchsorted(fallen, days, side="right"))


def find_precedents(
    counts: Mapping[str, Counts], sites: list[str], prior_share: float, prior_weight: float
) -> dict[str, Precedent]:
    """The precedent of each site: what the surges of all *other* sites show.

    A site's own drops stand in its own reasons already and are not counted twice. The share beyond chance is
    ``(followed - expected) / (surges - expected)``: of the surges that chance would have left without a drop, how many
    have one. It is shrunk to ``prior_share`` as if ``prior_weight`` such surges had shown it.
    """
    surges = sum(count.surges for count in counts.values())
    followed = sum(count.followed for count in counts.values())
    expected = sum(count.expected for count in counts.values())
    found = {}
    for site in sites:
        own = counts.get(site, Counts())
        beyond = followed - own.followed - (expected - own.expected)
        room = surges - own.surges - (expected - own.expected)
        share = (beyond + prior_weight * prior_share) / (room + prior_weight)
        found[site] = Precedent(
            surges - own.surges, followed - own.followed, expected - own.expected, float(np.clip(share, 0.0, 1.0))
        )
    return found
