"""Makes ``risk.site_risk``: one score per site and night, with reasons that add up to it.

Points for exposure (how many links that look arranged stand), momentum (how many came lately), precedent (what followed
such surges on other sites), association (drops consistent with them) and events ahead; a standing manual action about
links dominates. Where a site has several providers, each part
takes the provider that shows most, never the sum: they see the same links. Without link data that still speak of the
day there is no score, unless a manual action about links stands.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import pandas as pd

from transforms.risk.coverage import Coverage, find_coverage, newest_link_data
from transforms.risk.events_ahead import EventParams, event_of, event_reasons, find_events_ahead
from transforms.risk.falls import FallParams, observed_spans, read_falls
from transforms.risk.hazard import read_coefficients
from transforms.risk.points import Params
from transforms.risk.precedent import PrecedentParams
from transforms.risk.prospects import precedents_of
from transforms.risk.reasons import Reason, as_json, reason, scale
from transforms.risk.sightings import (
    Exposure,
    Momentum,
    sites_with_manual_action,
    strongest_associations,
    strongest_exposures,
    strongest_momenta,
)
from transforms.risk.weighing import (
    association_reasons,
    exposure_reasons,
    momentum_reasons,
    precedent_reasons,
    profile_share,
)

READS: tuple[str, ...] = (
    "signals.domain_origins",
    "signals.link_series",
    "staging.search_events",
    "staging.planned_events",
    "surges.link_surges",
    "surges.assessed_series",
    "drops.ranking_drops",
    "drops.assessed_series",
    "correlation.surge_drop_pairs",
    "correlation.drop_causes",
)

DEFAULTS = Params()
FITTED = read_coefficients()

Row = tuple[str, float | None, str, str, str]
"""Site, score, tier, basis and reasons."""


def build(tables: Mapping[str, pd.DataFrame], *, as_of: datetime.date, params: Params = DEFAULTS) -> pd.DataFrame:
    """One row per site with link data or rankings, by site: score, tier, basis and reasons of the day ``as_of``."""
    newest_links = newest_link_data(tables["signals.link_series"])
    with_rankings = set(tables["drops.assessed_series"]["site_domain"].astype(str))  # every series has a row there
    exposures = strongest_exposures(tables["signals.domain_origins"], tables["signals.link_series"], as_of, params)
    momenta = strongest_momenta(tables["surges.link_surges"], as_of, params)
    pairs = tables["correlation.surge_drop_pairs"]
    coverages = find_coverage(tables["surges.assessed_series"], tables["drops.assessed_series"], pairs, as_of, params)
    associations = strongest_associations(pairs, tables["drops.ranking_drops"], as_of, params)
    manual_actions = sites_with_manual_action(tables["staging.search_events"], as_of)
    events = find_events_ahead(tables["staging.search_events"], tables["staging.planned_events"], as_of, EventParams())
    sites = sorted({*newest_links, *with_rankings})
    precedents = precedents_of(
        tables["surges.link_surges"],
        read_falls(tables["drops.ranking_drops"], tables["correlation.drop_causes"], FallParams()),
        observed_spans(tables["drops.assessed_series"]),
        sites,
        FITTED,
        PrecedentParams(),
    )
    rows: list[Row] = []
    for site in sites:
        newest, has_rankings = newest_links.get(site), site in with_rankings
        reasons = _reasons_without_links(newest, as_of, params)
        if reasons and (newest is None or site not in manual_actions):
            rows.append((site, None, "not_assessed", "rankings" if has_rankings else "none", as_json(reasons)))
            continue
        coverage = coverages.get(site, Coverage())
        exposure, momentum = exposures.get(site, Exposure()), momenta.get(site, Momentum())
        reasons = reasons or [
            *exposure_reasons(exposure, params),
            *momentum_reasons(momentum, coverage, as_of, params),
            *precedent_reasons(precedents.get(site), momentum, params),
            *association_reasons(associations.get(site), coverage, as_of, params),
            *event_reasons(event_of(site, events), profile_share(exposure, params), params.events_ceiling),
        ]
        if site in manual_actions:
            reasons = _let_dominate(manual_actions[site], reasons, params)
        score = sum(given.tenths for given in reasons) / 10
        rows.append((site, score, params.tier_of(score), "both" if has_rankings else "links", as_json(reasons)))
    return _frame(rows, as_of)


def _reasons_without_links(newest: datetime.date | None, as_of: datetime.date, params: Params) -> list[Reason]:
    """Why the links of today cannot be assessed; empty when they can. ``newest`` is the day of the newest export."""
    if newest is None:
        return [reason("risk.not_assessed", 0.0)]
    if (as_of - newest).days > params.link_data_reach_days:
        return [reason("risk.not_assessed.since", 0.0, end=newest.isoformat())]
    return []


def _let_dominate(noted_on: str, reasons: Sequence[Reason], params: Params) -> list[Reason]:
    """The manual action first, the other reasons scaled into what it leaves."""
    left = 1 - params.manual_action_floor / 100
    action = reason("risk.manual_action", params.manual_action_floor, start=noted_on)
    return [action, *(scale(given, left) for given in reasons)]


def _frame(rows: Sequence[Row], as_of: datetime.date) -> pd.DataFrame:
    types = {"site_domain": "str", "risk_score": "Float64", "tier": "str", "basis": "str", "reasons": "str"}
    site_risk = pd.DataFrame(list(rows), columns=list(types)).astype(types)
    site_risk.insert(1, "day", pd.Series(pd.Timestamp(as_of), index=site_risk.index, dtype="datetime64[us]"))
    return site_risk
