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

    false_batches: float = 0.1
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
    pages = [
        page.sort_values(["placed_on", "source_domain"], ignore_index=True)
        for _, page in arrivals.groupby("target_url", sort=True)
    ]
    windows = [(page, _windows(_days(page["placed_on"]), params)) for page in pages]
    tests = sum(len(of_page) for _, of_page in windows)
    if tests == 0:
        return []
    span = _days(arrivals["placed_on"])
    years = max(1.0, float(span.max() - span.min()) / YEAR_DAYS)
    level = params.false_batches / (max(1.0, tests / years) * len(_bands(params)))
    keywords = arrivals["is_keyword"].to_numpy(dtype=bool)
    found = []
    for page, of_page in windows:
        for batch in _judge_page(page, of_page, keywords, spread, params):
            if batch.p_value <= level:
                found.append((page, batch))
    return found


def _judge_page(
    page: pd.DataFrame, windows: list[Flags], keywords: Flags, spread: Floats, params: PurchaseParams
) -> list[Batch]:
    """The least likely batch of each crowded week of a page; weeks that overlap count once."""
    is_keyword = page["is_keyword"].to_numpy(dtype=bool)
    authority = page["authority"].to_numpy(dtype=np.float64, na_value=np.nan)
    day = _days(page["placed_on"])
    batches = []
    for window in windows:
        if _chance_by_past(day, window, params) > params.past_p:
            continue
        outside = len(keywords) - window.sum()
        share = (keywords.sum() - is_keyword[window].sum() + params.keyword_share * params.keyword_weight) / (
            outside + params.keyword_weight
        )
        best: Batch | None = None
        for low, width in _bands(params):
            inside = window & is_keyword & (authority > params.weak_authority)
            inside &= (authority >= low) & (authority < low + width)
            count = int(inside.sum())
            if count < params.least_domains:
                continue
            first = low // params.band_step
            chance = share * float(spread[first : first + width // params.band_step].sum())
            p_value = float(binom.sf(count - 1, int(window.sum()), min(chance, 1.0)))
            if best is None or p_value < best.p_value:
                best = Batch(inside, low, low + width, float(window.sum() * chance), p_value)
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


def _chance_by_past(day: Floats, window: Flags, params: PurchaseParams) -> float:
    """Chance that a week of this page holds so many, by all its other weeks."""
    weeks = max(4.0, (day.max() - day.min()) / params.week_days)
    mean = (float((~window).sum()) + 0.5) / weeks
    size = mean / (params.past_dispersion - 1.0)
    return float(nbinom.sf(int(window.sum()) - 1, size, 1.0 / params.past_dispersion))


def _bands(params: PurchaseParams) -> list[tuple[int, int]]:
    return [(low, width) for width in params.band_widths for low in range(0, 101 - width, params.band_step)]


def _days(values: pd.Series) -> Floats:
    """Days since 1970."""
    return pd.to_datetime(values).to_numpy(dtype="datetime64[D]").astype(np.float64)
