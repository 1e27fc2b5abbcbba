"""Makes ``signals.exchange_partners``: linking domains with which an exchange can be seen, and how surprising it is."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.signals.parameters import Parameters

READS = ("signals.exchange_candidates", "signals.exchange_profiles")

COLUMNS = [
    "site_domain", "source_domain", "form", "through", "days_apart", "link_out_url", "link_out_target_url", "log_odds",
    "probability", "is_synchronous", "is_beyond_expected", "partner_site_count",
]  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Params:
    """How days of an agreement lie, and how many agreements there are before anything is seen."""

    swap_days: int = Parameters().swap_days
    """Days within which two links look agreed: as in the SQL of this stage (published: 60)."""

    mean_days: float = 20.0
    """Mean distance of the days of an agreed pair, exponential: 95 % then lie within the published 60 days."""

    prior_share: float = 0.2
    """Share of a site's links back that are agreed, before its days are seen; guess. It is learnt for each site."""

    prior_count: float = 2.0
    """Weight of that share in links back, and of ``rings_of_site`` in sites: two, so that a handful speaks for itself;
    guess."""

    rings_of_site: float = 1.0
    """Agreed rings of a form that a site is in, before days are seen: one, whatever number chance makes; guess. It is
    learnt over the portfolio. The prior of each ring is this over the number of all rings through the site, which is
    large where sites of one trade link to each other."""

    largest_ring_share: float = 0.2
    """The same prior at most, for a site with a ring or two: as ``prior_share``."""

    least_probability: float = 0.75
    """Probability from which days count as agreed rather than chance: above the even chance, so that of all that is
    said to be agreed a tenth at most is not; measured on simulated portfolios."""

    rounds: int = 50
    """Rounds in which the share is learnt (expectation–maximisation); it settles in about ten."""


def build(tables: Mapping[str, pd.DataFrame], *, as_of: datetime.date, params: Params = Params()) -> pd.DataFrame:
    """A row per site and source, all declared columns, sorted by them; of several forms the most probable.

    The days of a pair come from a mixture: exponential about each other when agreed, else like the site's other links.
    The share of agreed pairs is learnt per site, that of agreed rings over all sites. ``as_of`` is not used: the tables
    stand at that day.
    """
    candidates = tables["signals.exchange_candidates"].sort_values(
        ["site_domain", "source_domain", "form"], ignore_index=True
    )
    beyond = tables["signals.exchange_profiles"].set_index("site_domain")["is_beyond_expected"].astype("boolean")
    log_odds = weigh_days(candidates, params)
    table = candidates.copy()
    table["log_odds"] = log_odds
    table["probability"] = _probabilities(candidates, log_odds, params)
    is_near = (candidates["days_apart"] <= params.swap_days).fillna(False).to_numpy(dtype=bool)
    is_likely = table["probability"].to_numpy(dtype=np.float64) >= params.least_probability
    table["is_synchronous"] = pd.array(is_near & is_likely, dtype="boolean")
    table.loc[np.isnan(log_odds), "is_synchronous"] = pd.NA
    table["is_beyond_expected"] = candidates["site_domain"].map(beyond).astype("boolean")
    sites = candidates.groupby("source_domain")["site_domain"].nunique()
    table["partner_site_count"] = candidates["source_domain"].map(sites).astype("int64")
    first = table.sort_values("probability", ascending=False, na_position="last", kind="stable")
    chosen = first.drop_duplicates(["site_domain", "source_domain"]).sort_index()
    return chosen[COLUMNS].reset_index(drop=True)


def weigh_days(candidates: pd.DataFrame, params: Params = Params()) -> Floats:
    """Natural logarithm of how much likelier the days are when agreed; NaN where they are not known.

    Both densities are those of a distance in days: agreed pairs ``exp(-d / mean) / mean``, others the share of the
    site's links within ``swap_days``, spread evenly over these days, and the rest beyond. A ring has one such gap
    for each dated link but the first, and the gaps add up to ``days_apart``.
    """
    days = candidates["days_apart"].to_numpy(dtype=np.float64, na_value=np.nan)
    near = np.clip(candidates["near_share"].to_numpy(dtype=np.float64, na_value=np.nan), 1e-6, 1.0 - 1e-6)
    gaps = np.maximum(candidates["known_day_count"].to_numpy(dtype=np.float64) - 1.0, 1.0)
    within = -days / params.mean_days - gaps * np.log(params.mean_days * near / (params.swap_days + 0.5))
    beyond = -params.swap_days / params.mean_days - np.log1p(-near)
    weighed: Floats = np.where(days <= params.swap_days, within, np.minimum(beyond, 0.0))
    return np.where(np.isnan(days), np.nan, weighed)


def _probabilities(candidates: pd.DataFrame, log_odds: Floats, params: Params) -> Floats:
    """Chance that the days were agreed; NaN where they are not known."""
    ways = candidates["way_count"].to_numpy(dtype=np.float64)
    probability = np.full(len(candidates), np.nan)
    is_dated = ~np.isnan(log_odds)
    sites = candidates["site_domain"].nunique()
    for form, of_form in candidates.groupby("form").indices.items():
        rows = np.asarray(of_form)
        dated = rows[is_dated[rows]]
        if form != "mutual":
            probability[dated] = _learn_rings(log_odds[dated], ways[dated], sites, params)
            continue
        for of_site in candidates.iloc[dated].groupby("site_domain").indices.values():
            pairs = dated[np.asarray(of_site)]
            probability[pairs] = _learn_share(log_odds[pairs], params)
    return probability


def _learn_share(log_odds: Floats, params: Params) -> Floats:
    """Probabilities of one site's mutual links, with the share of agreed ones that fits them best."""
    probability = np.full(len(log_odds), params.prior_share)
    for _ in range(params.rounds):
        agreed = params.prior_share * params.prior_count + probability.sum()
        share = agreed / (params.prior_count + len(log_odds))
        probability = _posterior(np.array(share), log_odds)
    return probability


def _learn_rings(log_odds: Floats, ways: Floats, sites: int, params: Params) -> Floats:
    """Probabilities of the rings of a form, with the number of agreed ones a site that fits them best."""
    probability = np.zeros(len(log_odds))
    agreed = params.rings_of_site
    for _ in range(params.rounds):
        probability = _posterior(np.minimum(agreed / ways, params.largest_ring_share), log_odds)
        agreed = (params.rings_of_site * params.prior_count + probability.sum()) / (params.prior_count + sites)
    return probability


def _posterior(prior: Floats, log_odds: Floats) -> Floats:
    total = np.clip(np.log(prior) - np.log1p(-prior) + log_odds, -700.0, 700.0)
    posterior: Floats = 1.0 / (1.0 + np.exp(-total))
    return posterior
