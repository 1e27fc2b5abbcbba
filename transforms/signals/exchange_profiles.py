"""Makes ``signals.exchange_profiles``: how much each site exchanges links, against what is ordinary."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import betabinom

from transforms.signals.parameters import Parameters

READS = ("signals.exchange_degrees", "signals.exchange_candidates")

COLUMNS = [
    "site_domain", "is_told", "linking_domain_count", "linked_domain_count", "mutual_count", "expected_count",
    "excess_count", "excess_low_count", "excess_high_count", "p_value", "dated_count", "synchronous_count",
    "expected_synchronous_count", "synchronous_p_value", "is_beyond_expected",
]  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Params:
    """What is ordinary, and what is beyond it."""

    alpha: float = 0.5698
    """First shape of the beta distribution of the share of linking domains that a site links back. With ``beta`` it has
    the published mean of 11.16 % and median of 6.45 % (140,592 domains; docs/methods-exchanges.md)."""

    beta: float = 4.5357
    """Second shape, likewise. 5 % of ordinary sites then link back more than 38 % of their linking domains."""

    interval: float = 0.9
    """Share of ordinary sites that the interval of the excess holds: convention of this project."""

    largest_p: float = 0.01
    """Chance at or below which a site is beyond what is ordinary: one ordinary site in a hundred, for each of two
    questions; published shares of healthy sites have so wide a spread that .05 would accuse niches; guess."""

    swap_days: int = Parameters().swap_days
    """Days within which two links look agreed: as in the SQL of this stage."""


def build(tables: Mapping[str, pd.DataFrame], *, as_of: datetime.date, params: Params = Params()) -> pd.DataFrame:
    """A row per site with any known link, all declared columns, sorted by site.

    The links back of an ordinary site are beta-binomial over its linking domains, and at most as many as the domains
    that it links to. Synchronous pairs are a sum of independent chances, each the share of the site's other links that
    lie as near. ``as_of`` is not used: the tables stand at that day.
    """
    degrees = tables["signals.exchange_degrees"]
    candidates = tables["signals.exchange_candidates"]
    mutuals = candidates[candidates["form"] == "mutual"]
    by_site = {str(site): part for site, part in mutuals.groupby("site_domain")}
    nothing = mutuals.iloc[:0]
    rows = [_judge(site, by_site.get(str(site["site_domain"]), nothing), params) for site in degrees.to_dict("records")]
    table = pd.DataFrame(rows, columns=COLUMNS).sort_values("site_domain", ignore_index=True)
    counts = ("linking_domain_count", "linked_domain_count", "mutual_count", "dated_count", "synchronous_count")
    return table.astype(dict.fromkeys(counts, "Int64") | {"is_beyond_expected": "boolean", "is_told": "boolean"})


def _judge(site: Mapping[Any, object], mutuals: pd.DataFrame, params: Params) -> dict[str, object]:
    """One row; where links out are not told only the linking domains."""
    row: dict[str, object] = {name: site[name] for name in COLUMNS[:3]}
    if not site["is_told"]:
        return row
    chances = expected_counts(int(str(site["linking_domain_count"])), int(str(site["linked_domain_count"])), params)
    number = np.arange(len(chances))
    expected = float((chances * number).sum())
    reach = np.cumsum(chances)
    tail = (1.0 - params.interval) / 2.0
    low, high = (int(np.searchsorted(reach, level)) for level in (tail, 1.0 - tail))
    observed = len(mutuals)
    p_value = float(chances[observed:].sum())
    dated = mutuals[mutuals["days_apart"].notna()]
    near = dated["near_share"].to_numpy(dtype=np.float64)
    synchronous = int((dated["days_apart"] <= params.swap_days).sum())
    synchronous_p = float(sum_of_chances(near)[synchronous:].sum())
    row |= {
        "linked_domain_count": site["linked_domain_count"],
        "mutual_count": observed,
        "expected_count": expected,
        "excess_count": observed - expected,
        "excess_low_count": float(observed - high),
        "excess_high_count": float(observed - low),
        "p_value": min(p_value, 1.0),
        "dated_count": len(dated),
        "synchronous_count": synchronous,
        "expected_synchronous_count": float(near.sum()),
        "synchronous_p_value": min(synchronous_p, 1.0),
        "is_beyond_expected": bool(min(p_value, synchronous_p) <= params.largest_p),
    }
    return row


def expected_counts(linking: int, linked: int, params: Params = Params()) -> Floats:
    """Chance of 0, 1, … links back at an ordinary site with so many linking and linked domains.

    The last element (``linking``, or ``linked`` where that is less) takes all that lies above it.
    """
    most = min(linking, linked)
    chances = betabinom.pmf(np.arange(most + 1), linking, params.alpha, params.beta) if linking else np.ones(1)
    chances = np.asarray(chances, dtype=np.float64)
    chances[-1] += max(0.0, 1.0 - chances.sum())
    return chances


def sum_of_chances(chances: Floats) -> Floats:
    """Distribution of the number of independent events with these chances (Poisson binomial), by convolution."""
    total = np.ones(1)
    for chance in np.clip(chances, 0.0, 1.0):
        total = np.convolve(total, [1.0 - chance, chance])
    return total
