"""Makes ``signals.exchange_partners``: linking domains with which an exchange can be seen, and how surprising it is."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

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
    """Weight of that share, in links back: two, so that a site with a handful speaks for itself; guess."""

    ring_share: Mapping[str, float] = field(default_factory=lambda: {"ring_of_three": 0.05, "ring_of_four": 0.01})
    """Share of rings that are agreed, before days are seen: most arise by chance among sites of one trade, and the more
    the longer they are; guess."""

    least_probability: float = 0.5
    """Probability from which days count as agreed rather than chance: the even chance."""

    rounds: int = 50
    """Rounds in which the share is learnt (expectation–maximisation); it settles in about ten."""


def build(tables: Mapping[str, pd.DataFrame], *, as_of: datetime.date, params: Params = Params()) -> pd.DataFrame:
    """A row per candidate, all declared columns, sorted by site and source.

    The days of a pair come from a mixture: exponential about each other when agreed, else like the site's other links.
    The share of agreed pairs is learnt per site. ``as_of`` is not used: the tables stand at that day.
    """
    candidates = tables["signals.exchange_candidates"].sort_values(["site_domain", "source_domain"], ignore_index=True)
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
    return table[COLUMNS]


def weigh_days(candidates: pd.DataFrame, params: Params = Params()) -> Floats:
    """Natural logarithm of how much likelier the days are when agreed; NaN where they are not known.

    Both densities are those of a distance in days: agreed pairs ``exp(-d / mean) / mean``, others the share of the
    site's links within ``swap_days``, spread evenly over these days, and the rest beyond. A ring has one such distance
    for each link but the first.
    """
    days = candidates["days_apart"].to_numpy(dtype=np.float64, na_value=np.nan)
    near = np.clip(candidates["near_share"].to_numpy(dtype=np.float64, na_value=np.nan), 1e-6, 1.0 - 1e-6)
    within = np.log(np.exp(-days / params.mean_days) / params.mean_days) - np.log(near / (params.swap_days + 0.5))
    beyond = -params.swap_days / params.mean_days - np.log1p(-near)
    distances = np.maximum(candidates["known_day_count"].to_numpy(dtype=np.float64) - 1.0, 1.0)
    weighed: Floats = np.where(days <= params.swap_days, within * distances, np.minimum(beyond, 0.0))
    return np.where(np.isnan(days), np.nan, weighed)


def _probabilities(candidates: pd.DataFrame, log_odds: Floats, params: Params) -> Floats:
    """Chance that the days were agreed; NaN where they are not known."""
    ways = candidates["way_count"].to_numpy(dtype=np.float64)
    prior = candidates["form"].map(params.ring_share).to_numpy(dtype=np.float64)
    probability = _posterior(prior / ways, log_odds)
    mutual = candidates["form"].to_numpy() == "mutual"
    for rows in candidates.groupby("site_domain").indices.values():
        dated = rows[mutual[rows] & ~np.isnan(log_odds[rows])]
        probability[dated] = _learn_share(log_odds[dated], params)
    return probability


def _learn_share(log_odds: Floats, params: Params) -> Floats:
    """Probabilities of one site's mutual links, with the share of agreed ones that fits them best."""
    share = params.prior_share
    probability = _posterior(np.array(share), log_odds)
    for _ in range(params.rounds):
        agreed = params.prior_share * params.prior_count + probability.sum()
        share = agreed / (params.prior_count + len(log_odds))
        probability = _posterior(np.array(share), log_odds)
    return probability


def _posterior(prior: Floats, log_odds: Floats) -> Floats:
    total = np.clip(np.log(prior) - np.log1p(-prior) + log_odds, -700.0, 700.0)
    posterior: Floats = 1.0 / (1.0 + np.exp(-total))
    return posterior
