"""What the tables show of each site: standing risky domains, recent risky surges, drops beside them, manual actions."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.risk.falls import is_confirmed
from transforms.risk.points import Params, saturate, share_of
from transforms.schemas.vocabulary import RISKY_ORIGINS

RISKY = list(RISKY_ORIGINS)


@dataclass(frozen=True)
class Exposure:
    """Standing referring domains as one provider shows them."""

    risky: float = 0.0
    """Expected number of risky origin: the sum of their probabilities."""
    clean: int = 0
    """Natural and unknown ones. Spam is in neither: it is not the site's doing and must not dilute."""
    unknown: int = 0
    """Those whose origin nothing tells."""
    total: int = 0


@dataclass(frozen=True)
class Momentum:
    """Recent surges of risky origin as one provider shows them."""

    weighted_excess: float = 0.0
    excess: float = 0.0
    newest_end: str = ""


@dataclass(frozen=True)
class Association:
    """The drop most consistent with the links: verdict and probability of its pair."""

    verdict: str
    probability: float
    drop_start: str
    weight: float


def strongest_exposures(
    domain_origins: pd.DataFrame, link_series: pd.DataFrame, as_of: datetime.date, params: Params
) -> dict[str, Exposure]:
    """By site, the exposure of the provider that gives most points (ties: more domains, then provider name).

    Providers whose series ended more than ``params.link_data_reach_days`` ago are left out.
    """
    lost_on = pd.to_datetime(domain_origins["lost_on"])
    age = (pd.Timestamp(as_of) - pd.to_datetime(link_series["ends_on"])).dt.days
    ended = link_series.loc[age > params.link_data_reach_days, ["site_domain", "provider"]]
    has_ended = pd.MultiIndex.from_frame(domain_origins[["site_domain", "provider"]].astype(str)).isin(
        list(ended.astype(str).itertuples(index=False, name=None))
    )
    standing = domain_origins[(lost_on.isna() | (lost_on > pd.Timestamp(as_of))) & ~has_ended]
    is_risky = standing["origin"].isin(RISKY)
    counted = pd.DataFrame(
        {
            "site_domain": standing["site_domain"].astype(str),
            "provider": standing["provider"].astype(str),
            "risky": np.where(is_risky, standing["probability"].astype("float64"), 0.0),
            "clean": standing["origin"].isin(["natural", "unknown"]).astype("int64"),
            "unknown": (standing["origin"] == "unknown").astype("int64"),
            "total": 1,
        }
    ).sort_values(["site_domain", "provider", "risky"])  # a fixed order of adding, so that rows in any order sum alike
    sums = counted.groupby(["site_domain", "provider"], sort=True).sum()
    strongest: dict[str, tuple[tuple[float, int], Exposure]] = {}
    for (site, _), risky, clean, unknown, total in zip(
        sums.index, sums["risky"], sums["clean"], sums["unknown"], sums["total"], strict=True
    ):
        exposure = Exposure(float(risky), int(clean), int(unknown), int(total))
        rank = (sum(exposure_points(exposure, params)), exposure.total)
        if site not in strongest or rank > strongest[site][0]:
            strongest[site] = (rank, exposure)
    return {site: exposure for site, (_, exposure) in strongest.items()}


def exposure_points(exposure: Exposure, params: Params) -> tuple[float, float]:
    """Points for number and for share."""
    share = share_of(exposure.risky, exposure.clean, params.share_ballast)
    return (
        saturate(exposure.risky, params.count_half, params.count_ceiling),
        saturate(share, params.share_half, params.share_ceiling),
    )


def strongest_momenta(link_surges: pd.DataFrame, as_of: datetime.date, params: Params) -> dict[str, Momentum]:
    """By site, the recent risky surges of the provider with the largest weighted excess.

    Weight of a surge: excess x (1 - q) x half for every half-life since its end.
    """
    ends = pd.to_datetime(link_surges["ends_on"])
    age = (pd.Timestamp(as_of) - ends).dt.days
    is_recent = link_surges["origin"].isin(RISKY) & (age <= params.momentum_reach_days)
    recent = link_surges[is_recent].assign(age=age[is_recent].clip(lower=0), ends_on=ends[is_recent])
    excess = recent["excess_count"].astype("float64").clip(lower=0)
    certainty = 1 - recent["q_value"].astype("float64").clip(0, 1)
    fading = 0.5 ** (recent["age"].astype("float64") / params.momentum_half_life_days)
    recent = recent.assign(excess=excess, weighted=excess * certainty * fading).sort_values(
        ["site_domain", "provider", "weighted", "surge_id"]
    )
    strongest: dict[str, Momentum] = {}
    for (site, _), surges in recent.groupby(["site_domain", "provider"], sort=True):
        weighted = float(surges["weighted"].sum())
        known = strongest.get(str(site))
        if known is None or weighted > known.weighted_excess:
            newest_end = surges["ends_on"].max().date().isoformat()
            strongest[str(site)] = Momentum(weighted, float(surges["excess"].sum()), newest_end)
    return strongest


def strongest_associations(
    pairs: pd.DataFrame, ranking_drops: pd.DataFrame, as_of: datetime.date, params: Params
) -> dict[str, Association]:
    """By site, the pair judged likely or possible that weighs most; recovered drops weigh less, old ones nothing.

    A drop that did not pass the control of false discoveries has no points: it may be chance.
    """
    verdict_weights = {"links_likely": 1.0, "links_possible": params.possible_weight}
    recovered = ranking_drops.loc[ranking_drops["recovered_on"].notna(), "drop_id"]
    doubtful = ranking_drops.loc[~is_confirmed(ranking_drops), "drop_id"]
    starts = pd.to_datetime(pairs["drop_starts_on"])
    is_counted = (
        pairs["verdict"].isin(list(verdict_weights))
        & ((pd.Timestamp(as_of) - starts).dt.days <= params.association_reach_days)
        & ~pairs["drop_id"].isin(doubtful)
    )
    counted = pairs[is_counted]
    weights: pd.Series = (
        counted["probability"].astype("float64")
        * counted["verdict"].map(verdict_weights).astype("float64")
        * np.where(counted["drop_id"].isin(recovered), params.recovered_weight, 1.0)
    )
    ordered = counted.assign(weight=weights, starts=starts[is_counted]).sort_values(
        ["site_domain", "weight", "pair_id"], ascending=[True, False, True]
    )
    return {
        str(site): Association(str(verdict), float(probability), start.date().isoformat(), float(weight))
        for site, verdict, probability, start, weight in ordered.drop_duplicates("site_domain")[
            ["site_domain", "verdict", "probability", "starts", "weight"]
        ].itertuples(index=False, name=None)
    }


def sites_with_manual_action(search_events: pd.DataFrame, as_of: datetime.date) -> dict[str, str]:
    """Sites with a manual action about links that stands on ``as_of``, with its first day (ISO text)."""
    starts, ends = pd.to_datetime(search_events["starts_on"]), pd.to_datetime(search_events["ends_on"])
    words = search_events["name"].fillna("").astype(str) + " " + search_events["scope"].fillna("").astype(str)
    is_about_links = words.str.contains("link", case=False, regex=False)
    today = pd.Timestamp(as_of)
    stands = (
        (search_events["kind"] == "manual_action")
        & search_events["site_domain"].notna()
        & is_about_links
        & (starts <= today)
        & (ends.isna() | (ends >= today))
    )
    standing = search_events[stands].assign(starts=starts[stands]).sort_values(["site_domain", "starts"])
    first = standing.drop_duplicates("site_domain")
    return {
        str(site): start.date().isoformat() for site, start in zip(first["site_domain"], first["starts"], strict=True)
    }
