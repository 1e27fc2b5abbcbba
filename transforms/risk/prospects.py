"""What a forecast rests on, read from the tables: earlier drops, noise, season, exposure and surges of every site."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.risk.coverage import find_coverage, is_recent, newest_link_data
from transforms.risk.falls import (
    NO_FALLS,
    UNKNOWN_DAY,
    FallParams,
    Falls,
    day_number,
    day_numbers,
    is_confirmed,
    observed_spans,
    read_falls,
)
from transforms.risk.hazard import HORIZON_DAYS, USUAL_DOSE, USUAL_NOISE, YEAR_DAYS, Coefficients, Prospects
from transforms.risk.points import Params
from transforms.risk.precedent import Precedent, PrecedentParams, count_followed, find_precedents, surge_starts
from transforms.risk.sightings import strongest_exposures
from transforms.schemas.vocabulary import RISKY_ORIGINS

READS: tuple[str, ...] = (
    "signals.domain_origins",
    "signals.link_series",
    "surges.link_surges",
    "surges.assessed_series",
    "drops.ranking_drops",
    "drops.assessed_series",
    "correlation.surge_drop_pairs",
    "correlation.drop_causes",
)


@dataclass(frozen=True, kw_only=True)
class ProspectParams:
    """Everything that can be set, in the module that uses it."""

    risk: Params = field(default_factory=Params)
    falls: FallParams = field(default_factory=FallParams)
    precedent: PrecedentParams = field(default_factory=PrecedentParams)
    provisional_days: int = 35
    """A provisional drop that began longer ago is no longer news of a fall that has just begun."""


@dataclass(frozen=True)
class SiteProspects:
    """The sites in order, their prospects, and what the sentences name besides."""

    sites: list[str]
    prospects: Prospects
    precedents: dict[str, Precedent]
    has_rankings: list[bool]


def read_prospects(
    tables: Mapping[str, pd.DataFrame], as_of: datetime.date, fitted: Coefficients, params: ProspectParams
) -> SiteProspects:
    """Prospects of every site with link data or rankings, by site."""
    newest_links = newest_link_data(tables["signals.link_series"])
    sites = sorted({*newest_links, *tables["drops.assessed_series"]["site_domain"].astype(str)})
    coverages = find_coverage(
        tables["surges.assessed_series"],
        tables["drops.assessed_series"],
        tables["correlation.surge_drop_pairs"],
        as_of,
        params.risk,
    )
    links_until = [coverages[site].links_until if site in coverages else None for site in sites]
    rankings_until = [coverages[site].rankings_until if site in coverages else None for site in sites]
    falls = read_falls(tables["drops.ranking_drops"], tables["correlation.drop_causes"], params.falls)
    spans = observed_spans(tables["drops.assessed_series"])
    precedents = precedents_of(tables["surges.link_surges"], falls, spans, sites, fitted, params.precedent)
    exposures = strongest_exposures(tables["signals.domain_origins"], tables["signals.link_series"], as_of, params.risk)
    own_years = np.array([_years(spans.get(site)) for site in sites])
    own_drops = np.array([float(falls.get(site, NO_FALLS).others.sum()) for site in sites])
    today = day_number(as_of)
    place, age, dose, is_open = _surges(tables["surges.link_surges"], falls, sites, today, params)
    prior = usual_reach(fitted)
    return SiteProspects(
        sites=sites,
        prospects=Prospects(
            own_drops=own_drops,
            own_years=own_years,
            other_drops=own_drops.sum() - own_drops,
            other_years=own_years.sum() - own_years,
            log_noise=_log_noise(tables["drops.assessed_series"], sites),
            is_season=np.array([_is_season(falls.get(site, NO_FALLS), today) for site in sites], dtype=np.float64),
            is_provisional=_provisional(tables["drops.ranking_drops"], sites, today, params),
            exposure=np.array([exposures[site].risky if site in exposures else 0.0 for site in sites]),
            precedent=np.array([precedents[site].share / prior for site in sites]) if prior else np.ones(len(sites)),
            precedent_surges=np.array([float(precedents[site].surges) for site in sites]),
            has_links=np.array([day is not None and is_recent(day, as_of, params.risk) for day in links_until], bool),
            surge_site=place,
            surge_age=age,
            surge_dose=dose,
            surge_open=is_open,
        ),
        precedents=precedents,
        has_rankings=[day is not None and is_recent(day, as_of, params.risk) for day in rankings_until],
    )


def usual_reach(fitted: Coefficients) -> float:
    """Share of ordinary surges that bring on a drop within 180 days, in the simulated worlds."""
    return -math.expm1(-fitted.reach)


def precedents_of(
    link_surges: pd.DataFrame,
    falls: Mapping[str, Falls],
    spans: Mapping[str, tuple[int, int]],
    sites: Sequence[str],
    fitted: Coefficients,
    params: PrecedentParams,
) -> dict[str, Precedent]:
    """The precedent of every site, shrunk to what the simulated worlds show."""
    counts = count_followed(surge_starts(link_surges, params), falls, spans, params)
    return find_precedents(counts, list(sites), usual_reach(fitted), fitted.precedent_weight)


def _years(span: tuple[int, int] | None) -> float:
    return 0.0 if span is None else (span[1] - span[0] + 1) / YEAR_DAYS


def _is_season(falls: Falls, today: int) -> bool:
    year_ago = today - round(YEAR_DAYS)
    return bool(falls.between(year_ago, year_ago + HORIZON_DAYS).any())


def _log_noise(assessed_series: pd.DataFrame, sites: Sequence[str]) -> np.ndarray:
    """Log of the noise of the quietest tested series of the whole site over the usual; 0 where none is known."""
    tested = assessed_series[(assessed_series["segment"] == "site") & (assessed_series["status"] == "tested")]
    noise = pd.to_numeric(tested["noise_sd"]).astype("float64").groupby(tested["site_domain"].astype(str)).min()
    known = noise.reindex(list(sites)).to_numpy(dtype=np.float64)
    logs = np.log(np.maximum(np.nan_to_num(known, nan=USUAL_NOISE), 0.01) / USUAL_NOISE)
    return np.asarray(logs)


def _provisional(ranking_drops: pd.DataFrame, sites: Sequence[str], today: int, params: ProspectParams) -> np.ndarray:
    is_open = (
        ranking_drops["is_provisional"].astype("boolean").fillna(False).astype(bool)
        & ranking_drops["recovered_on"].isna()
        & (ranking_drops["segment"] == "site")
        & is_confirmed(ranking_drops)
    )
    starts = day_numbers(ranking_drops["starts_on"])
    is_new = (starts != UNKNOWN_DAY) & (starts > today - params.provisional_days)
    found = set(ranking_drops.loc[is_open & is_new, "site_domain"].astype(str))
    return np.array([site in found for site in sites], dtype=np.float64)


def _surges(
    link_surges: pd.DataFrame, falls: Mapping[str, Falls], sites: Sequence[str], today: int, params: ProspectParams
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Recent risky surges of the provider that shows most, flat: place of the site, age, dose, and share still open."""
    starts = day_numbers(link_surges["starts_on"])
    age = today - starts
    is_recent_one = (
        link_surges["origin"].isin(list(RISKY_ORIGINS)).to_numpy() & (age >= 0) & (age < params.precedent.reach_days)
    )
    places = {site: place for place, site in enumerate(sites)}
    recent = link_surges[is_recent_one]
    dose = recent["excess_count"].astype("float64").clip(lower=0) * (1 - recent["q_value"].astype("float64").clip(0, 1))
    flat = pd.DataFrame(
        {
            "site": recent["site_domain"].astype(str).map(places),
            "provider": recent["provider"].astype(str),
            "age": age[is_recent_one].astype(np.float64),
            "dose": dose,
        }
    ).dropna(subset=["site"])
    total = flat.groupby(["site", "provider"])["dose"].sum().reset_index()
    strongest = total.sort_values(["site", "dose", "provider"]).drop_duplicates("site", keep="last")
    kept = flat.merge(strongest[["site", "provider"]], on=["site", "provider"]).sort_values(["site", "age", "dose"])
    is_open = [
        _open_share(falls.get(sites[int(site)], NO_FALLS), today - int(days), today)
        for site, days in zip(kept["site"], kept["age"], strict=True)
    ]
    return (
        kept["site"].to_numpy(dtype=np.int64),
        kept["age"].to_numpy(dtype=np.float64),
        np.minimum(kept["dose"].to_numpy(dtype=np.float64), 100 * USUAL_DOSE),
        np.array(is_open, dtype=np.float64),
    )


def _open_share(falls: Falls, start: int, today: int) -> float:
    """Probability that the links explain none of the falls since the surge began."""
    return float(np.prod(1 - falls.links[falls.between(start, today)]))
