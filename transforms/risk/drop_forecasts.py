"""Makes ``risk.drop_forecasts``: the chance of a ranking drop in the next 90 days, and how much of it the links add."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from transforms.risk import prospects as reading
from transforms.risk.hazard import (
    USUAL_NOISE,
    Coefficients,
    Expected,
    chance_of,
    expect,
    interval_of,
    read_coefficients,
)
from transforms.risk.prospects import ProspectParams, SiteProspects, read_prospects
from transforms.risk.reasons import Reason, reason

READS = reading.READS

DEFAULTS = ProspectParams()
FITTED = read_coefficients()

LEAST_TOLD = 0.005
"""Expected drops from which a term has a sentence: half a percent of chance."""


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: ProspectParams = DEFAULTS,
    fitted: Coefficients = FITTED,
) -> pd.DataFrame:
    """One row per site with link data or rankings, by site: chance, interval, the links' share of it, and evidence."""
    read = read_prospects(tables, as_of, fitted, params)
    expected = expect(read.prospects, fitted)
    chance, without_links = chance_of(expected.total), chance_of(expected.without_links)
    low, high = interval_of(expected)
    day = np.full(len(read.sites), np.datetime64(as_of, "us"))
    return pd.DataFrame(
        {
            "site_domain": pd.array(read.sites, dtype="str"),
            "day": day,
            "chance_90": np.round(chance, 4),
            "chance_low": np.round(low, 4),
            "chance_high": np.round(high, 4),
            "chance_without_links": np.round(without_links, 4),
            "links_share": np.round((chance - without_links) / chance, 4),
            "basis": pd.array(
                [
                    _basis(rankings, links)
                    for rankings, links in zip(read.has_rankings, read.prospects.has_links, strict=True)
                ],
                dtype="str",
            ),
            "evidence": pd.array(
                [_as_json(_explain(place, read, expected)) for place in range(len(read.sites))], dtype="str"
            ),
        }
    )


def _basis(has_rankings: bool, has_links: bool) -> str:
    if has_rankings:
        return "both" if has_links else "rankings"
    return "links" if has_links else "prior"


def _explain(place: int, read: SiteProspects, expected: Expected) -> list[Reason]:
    """What moved the chance, in a fixed order; ``drops`` is the number each term adds to the 90 days."""
    known = read.prospects
    reasons = [_explain_base(place, read, expected)]
    if known.own_years[place] > 0 and abs(known.log_noise[place]) > 0:
        noise = float(np.exp(known.log_noise[place]) * USUAL_NOISE)
        reasons.append(reason("forecast.noise", 0.0, noise=round(noise, 3)))
    if known.is_season[place]:
        reasons.append(reason("forecast.season", 0.0))
    if known.is_provisional[place]:
        reasons.append(reason("forecast.provisional", 0.0, drops=_drops(expected.provisional[place])))
    if not known.has_links[place]:
        reasons.append(reason("forecast.links_unknown", 0.0, drops=_drops(expected.exposure[place])))
    elif expected.exposure[place] >= LEAST_TOLD:
        count = round(float(known.exposure[place]), 1)
        reasons.append(reason("forecast.exposure", 0.0, count=count, drops=_drops(expected.exposure[place])))
    if expected.momentum[place] >= LEAST_TOLD:
        count = int((known.surge_site == place).sum())
        reasons.append(reason("forecast.momentum", 0.0, count=count, drops=_drops(expected.momentum[place])))
    return [*reasons, reason("forecast.calibrated", 0.0)]


def _explain_base(place: int, read: SiteProspects, expected: Expected) -> Reason:
    known = read.prospects
    rate, drops = _drops(expected.base_rate[place]), _drops(expected.base[place])
    if known.own_years[place] + known.other_years[place] == 0:
        return reason("forecast.base.prior", 0.0, rate=rate, drops=drops)
    years = round(float(known.own_years[place] + known.other_years[place]), 1)
    own_years, own_drops = round(float(known.own_years[place]), 1), round(float(known.own_drops[place]), 1)
    if own_years == 0:
        return reason("forecast.base.portfolio", 0.0, rate=rate, drops=drops, years=years)
    return reason("forecast.base", 0.0, rate=rate, drops=drops, years=years, own_years=own_years, own_drops=own_drops)


def _drops(expected: float) -> float:
    return round(float(expected), 3)


def _as_json(reasons: Sequence[Reason]) -> str:
    return json.dumps([{"key": one.key, "args": dict(one.arguments)} for one in reasons], ensure_ascii=False)
