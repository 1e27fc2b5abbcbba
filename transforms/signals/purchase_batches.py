"""Keyword links from domains of like authority that came to one page in one week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom, nbinom

from transforms.signals.parameters import Parameters

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

YEAR_DAYS = 365.25


@dataclass(frozen=True, kw_only=True)
class PurchaseParams:
    """What a bought batch looks like and how many may be told by chance."""

    week_days: int = 7
    """Days within which a batch comes: buyers order by the week or month, sellers deliver within days."""

    band_widths: tuple[int, ...] = (10, 20)
    """Points of authority (0 to 100) that a batch spans: price lists of sellers go by tens; guess."""

    band_step: int = 5
    """Points between the lower ends of bands: how fine ``signals.link_lives`` counts."""

    least_domains: int = Parameters().batch_domain_count
    """Domains of a batch: as in the SQL of this stage."""

    keyword_share: float = 0.2
    """Share of keyword anchors before those of the site are seen: published benchmarks keep them at 5 to 20 %."""

    keyword_weight: float = 10.0
    """Weight of that share, in links; guess."""

    band_weight: float = 10.0
    """Domains, spread evenly over the bands, added to those of the site; guess."""

    past_dispersion: float = 3.0
    """Variance over mean of a page's weekly arrivals: measured on real series of referring domains, 2 to 7."""

    past_p: float = 0.01
    """Chance, by the page's own past, above which a week is an ordinary one of the page."""

    false_batches: float = 0.3
    """False batches a site-year that may be told by the count of tests; asked for is one at most."""

    weak_authority: float = Parameters().weak_authority
    """Domains at or below are left out: nobody buys them, and spam comes in waves."""


@dataclass(frozen=True)
class Batch:
    """Arrivals of one page that make up a batch."""

    members: Flags
    low: int
    high: int
    expected: float
    p_value: float


def spread_of(cells: pd.DataFrame, params: PurchaseParams) -> Floats:
    """Share of a site's domains in each step of authority, from rows of ``signals.link_lives``; all above zero."""
    steps = 100 // params.band_step + 1
    known = cells[cells["authority_band"].notna()]
    place = known["authority_band"].to_numpy(dtype=np.int64) // params.band_step
    counts = np.bincount(place, weights=known["domain_count"].to_numpy(dtype=np.float64), minlength=steps)
    smoothed = counts.astype(np.float64) + params.band_weight / steps
    spread: Floats = smoothed / smoothed.sum()
    return spread


def find_batches(arrivals: pd.DataFrame, spread: Floats, params: PurchaseParams) -> list[tuple[pd.DataFrame, Batch]]:
    """Batches of one site and provider with the rows of their page, by page and day.

    Of the domains that are new to a page in a week, those with a keyword anchor and an authority in the band are
    binomial with the shares of the site; the week's own crowd is given, so that a page that everybody links to for a
    week is no batch. The week must be crowded by the page's own past as well. What is told is Bonferroni's: by bands
    and by weeks with enough domains in a year.
    """
    if arrivals.empty:
        return []
    site = arrivals.iloc[0]
    span = _days(arrivals["page_ends_on"]).max() - _days(arrivals["page_begins_on"]).min()
    years = max(1.0, float(span) / YEAR_DAYS)
    tests = max(1.0, float(site["full_week_count"]) / years) * len(_bands(params))
    share = _keyword_share(arrivals, params)
    found: list[tuple[pd.DataFrame, Batch]] = []
    for _, rows in arrivals.groupby("target_url", sort=True):
        page = rows.sort_values(["placed_on", "source_domain"], ignore_index=True)
        batches = _judge_page(page, share, spread, params)
        found.extend((page, batch) for batch in batches if batch.p_value * tests <= params.false_batches)
    return found


def _keyword_share(arrivals: pd.DataFrame, params: PurchaseParams) -> float:
    """Share of keyword anchors of the site outside the weeks that are judged."""
    site = arrivals.iloc[0]
    is_strong = arrivals["authority"].to_numpy(dtype=np.float64, na_value=np.nan) > params.weak_authority
    inside = int((arrivals["is_keyword"].to_numpy(dtype=bool) & is_strong).sum())
    keywords = float(site["site_keyword_count"]) - inside + params.keyword_share * params.keyword_weight
    return keywords / (float(site["site_domain_count"]) - len(arrivals) + params.keyword_weight)


def _judge_page(page: pd.DataFrame, share: float, spread: Floats, params: PurchaseParams) -> list[Batch]:
    """The least likely batch of each crowded week of a page; weeks that overlap count once."""
    authority = page["authority"].to_numpy(dtype=np.float64, na_value=np.nan)
    candidates = page["is_keyword"].to_numpy(dtype=bool) & (authority > params.weak_authority)
    batches = []
    for window in _windows(_days(page["placed_on"]), params):
        size = int(window.sum())
        if _chance_by_past(page, size, params) > params.past_p:
            continue
        best: Batch | None = None
        for low, width in _bands(params):
            members = window & candidates & (authority >= low) & (authority < low + width)
            count = int(members.sum())
            if count < params.least_domains:
                continue
            first = low // params.band_step
            chance = share * float(spread[first : first + width // params.band_step].sum())
            p_value = float(binom.sf(count - 1, size, min(chance, 1.0)))
            if best is None or p_value < best.p_value:
                best = Batch(members, low, low + width, size * chance, p_value)
        if best is not None:
            batches.append(best)
    return _keep_apart(batches)


def _keep_apart(batches: list[Batch]) -> list[Batch]:
    kept: list[Batch] = []
    for batch in sorted(batches, key=lambda batch: batch.p_value):
        if not any((batch.members & other.members).any() for other in kept):
            kept.append(batch)
    return kept


def _windows(day: Floats, params: PurchaseParams) -> list[Flags]:
    """Weeks that begin on an arrival and hold enough of them; of weeks with the same arrivals the first."""
    found: list[Flags] = []
    last = -1
    for index in range(len(day)):
        stop = int(np.searchsorted(day, day[index] + params.week_days))
        if stop - index >= params.least_domains and stop > last:
            window = np.zeros(len(day), dtype=np.bool_)
            window[index:stop] = True
            found.append(window)
            last = stop
    return found


def _chance_by_past(page: pd.DataFrame, size: int, params: PurchaseParams) -> float:
    """Chance that a week of this page holds so many, by all its other weeks."""
    past = page.iloc[0]
    days = (pd.Timestamp(past["page_ends_on"]) - pd.Timestamp(past["page_begins_on"])).days
    mean = (float(past["page_domain_count"]) - size + 0.5) / max(4.0, days / params.week_days)
    return float(nbinom.sf(size - 1, mean / (params.past_dispersion - 1.0), 1.0 / params.past_dispersion))


def _bands(params: PurchaseParams) -> list[tuple[int, int]]:
    return [(low, width) for width in params.band_widths for low in range(0, 101 - width, params.band_step)]


def _days(values: pd.Series) -> Floats:
    """Days since 1970."""
    return pd.to_datetime(values).to_numpy(dtype="datetime64[D]").astype(np.float64)
