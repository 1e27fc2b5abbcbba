"""Surges and drops as records, read from the tables of the two detectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

from transforms.correlation.days import UNKNOWN_DAY, day_numbers
from transforms.schemas.vocabulary import RISKY_ORIGINS

ARRANGED = "arranged"
"""Group of the origins a site arranges itself."""


def group_of(origin: str) -> str:
    """The group of an origin: ``arranged`` by the site (risky origins), else the origin itself."""
    return ARRANGED if origin in RISKY_ORIGINS else origin


@dataclass(frozen=True)
class Surge:
    """One row of ``surges.link_surges``; days as numbers."""

    surge_id: str
    site_domain: str
    provider: str
    origin: str
    group: str
    starts: int
    excess_count: float
    q_value: float


@dataclass(frozen=True)
class Drop:
    """One row of ``drops.ranking_drops``, days as numbers, nulls as NaN.

    ``earliest`` and ``latest`` bound the start (a 90 % interval).
    """

    drop_id: str
    site_domain: str
    provider: str
    segment: str
    part_of: str | None
    starts: int
    earliest: int
    latest: int
    is_provisional: bool
    is_confirmed: bool
    depth_share: float
    impressions_change_share: float
    position_change: float
    click_rate_change_share: float
    control_change_share: float
    q_value: float


def read_drops(ranking_drops: pd.DataFrame) -> list[Drop]:
    """Rows of ``drops.ranking_drops`` by site, day and id."""
    numbers = {
        name: pd.to_numeric(ranking_drops[name]).to_numpy(dtype=np.float64, na_value=np.nan)
        for name in (
            "depth_share",
            "impressions_change_share",
            "position_change",
            "click_rate_change_share",
            "control_change_share",
            "q_value",
        )
    }
    starts = day_numbers(ranking_drops["starts_on"])
    bounds = [day_numbers(ranking_drops[name]) for name in ("starts_from_on", "starts_until_on")]
    earliest, latest = (np.where(bound == UNKNOWN_DAY, starts, bound) for bound in bounds)
    texts = ranking_drops[
        ["drop_id", "site_domain", "provider", "segment", "part_of_drop_id", "is_provisional", "is_confirmed"]
    ]
    drops = [
        Drop(
            drop_id=str(drop_id),
            site_domain=str(site),
            provider=str(provider),
            segment=str(segment),
            part_of=None if pd.isna(part_of) else str(part_of),
            starts=int(starts[row]),
            earliest=int(earliest[row]),
            latest=int(latest[row]),
            is_provisional=bool(is_provisional),
            is_confirmed=not pd.isna(is_confirmed) and bool(is_confirmed),
            **{name: float(values[row]) for name, values in numbers.items()},
        )
        for row, (drop_id, site, provider, segment, part_of, is_provisional, is_confirmed) in enumerate(
            texts.astype(object).itertuples(index=False, name=None)
        )
    ]
    return sorted(drops, key=lambda drop: (drop.site_domain, drop.starts, drop.drop_id))


def stand_alone(drops: Sequence[Drop]) -> list[Drop]:
    """Drops that are no part of another one of the night: what is told of a fall is told once, of the whole."""
    known = {drop.drop_id for drop in drops}
    return [drop for drop in drops if drop.part_of not in known]


def read_surges(link_surges: pd.DataFrame, surge_composition: pd.DataFrame) -> list[Surge]:
    """Rows of ``surges.link_surges`` by site, day and id, each with its group of origins.

    A surge of unknown origin that is read as earned growth counts as natural: it is a control like any other.
    """
    is_earned = surge_composition["reading"] == "earned_growth"
    earned = set(surge_composition.loc[is_earned, "surge_id"].astype(str))
    starts = day_numbers(link_surges["starts_on"])
    excess = pd.to_numeric(link_surges["excess_count"]).to_numpy(dtype=np.float64, na_value=np.nan)
    q_values = pd.to_numeric(link_surges["q_value"]).to_numpy(dtype=np.float64, na_value=1.0)
    texts = link_surges[["surge_id", "site_domain", "provider", "origin"]].astype(str)
    is_unknown = texts["origin"] == "unknown"
    texts.loc[is_unknown & texts["surge_id"].isin(earned), "origin"] = "natural"
    surges = [
        Surge(
            surge_id=surge_id,
            site_domain=site,
            provider=provider,
            origin=origin,
            group=group_of(origin),
            starts=int(starts[row]),
            excess_count=float(excess[row]),
            q_value=float(q_values[row]),
        )
        for row, (surge_id, site, provider, origin) in enumerate(texts.itertuples(index=False, name=None))
    ]
    return sorted(surges, key=lambda surge: (surge.site_domain, surge.starts, surge.surge_id))


Finding = TypeVar("Finding", Surge, Drop)


def group_by_site(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by site, in the order given."""
    by_site: dict[str, list[Finding]] = {}
    for finding in findings:
        by_site.setdefault(finding.site_domain, []).append(finding)
    return by_site
