"""Makes ``risk.site_risk``: one score per site and night, with reasons that add up to it.

Points for exposure (how many links that look arranged stand), momentum (how many came lately) and association (drops
consistent with them); a standing manual action about links dominates. Where a site has several providers, each part
takes the provider that shows most, never the sum: they see the same links. Without link data there is no score.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import pandas as pd

from transforms.risk.points import Params
from transforms.risk.reasons import Reason, as_json, reason, scale
from transforms.risk.sightings import (
    Exposure,
    Momentum,
    sites_with_manual_action,
    strongest_associations,
    strongest_exposures,
    strongest_momenta,
    tested_sites,
)
from transforms.risk.weighing import association_reasons, exposure_reasons, momentum_reasons

READS: tuple[str, ...] = (
    "signals.domain_origins",
    "signals.link_series",
    "signals.visibility",
    "staging.search_events",
    "surges.link_surges",
    "surges.assessed_series",
    "drops.ranking_drops",
    "drops.assessed_series",
    "correlation.surge_drop_pairs",
)

DEFAULTS = Params()


def build(tables: Mapping[str, pd.DataFrame], *, as_of: datetime.date, params: Params = DEFAULTS) -> pd.DataFrame:
    """One row per site with link data or rankings, by site: score, tier, basis and reasons of the day ``as_of``."""
    with_links = set(tables["signals.link_series"]["site_domain"].astype(str))
    with_rankings = set(tables["signals.visibility"]["site_domain"].astype(str))
    with_rankings |= set(tables["drops.assessed_series"]["site_domain"].astype(str))
    exposures = strongest_exposures(tables["signals.domain_origins"], as_of, params)
    momenta = strongest_momenta(tables["surges.link_surges"], as_of, params)
    surge_tested = tested_sites(tables["surges.assessed_series"])
    drop_tested = tested_sites(tables["drops.assessed_series"])
    associations = strongest_associations(
        tables["correlation.surge_drop_pairs"], tables["drops.ranking_drops"], as_of, params
    )
    manual_actions = sites_with_manual_action(tables["staging.search_events"], as_of)
    rows: list[tuple[str, float | None, str, str, str]] = []
    for site in sorted(with_links | with_rankings):
        if site not in with_links:
            rows.append((site, None, "not_assessed", "rankings", as_json([reason("risk.not_assessed", 0.0)])))
            continue
        reasons = [
            *exposure_reasons(exposures.get(site, Exposure()), params),
            *momentum_reasons(momenta.get(site, Momentum()), site in surge_tested, params),
            *association_reasons(associations.get(site), site in drop_tested, params),
        ]
        if site in manual_actions:
            reasons = _let_dominate(manual_actions[site], reasons, params)
        score = sum(given.tenths for given in reasons) / 10
        basis = "both" if site in with_rankings else "links"
        rows.append((site, score, params.tier_of(score), basis, as_json(reasons)))
    return _frame(rows, as_of)


def _let_dominate(noted_on: str, reasons: Sequence[Reason], params: Params) -> list[Reason]:
    """The manual action first, the other reasons scaled into what it leaves."""
    left = 1 - params.manual_action_floor / 100
    action = reason("risk.manual_action", params.manual_action_floor, start=noted_on)
    return [action, *(scale(given, left) for given in reasons)]


def _frame(rows: Sequence[tuple[str, float | None, str, str, str]], as_of: datetime.date) -> pd.DataFrame:
    types = {"site_domain": "str", "risk_score": "Float64", "tier": "str", "basis": "str", "reasons": "str"}
    site_risk = pd.DataFrame(list(rows), columns=list(types)).astype(types)
    site_risk.insert(1, "day", pd.Series(pd.Timestamp(as_of), index=site_risk.index, dtype="datetime64[us]"))
    return site_risk
