"""From what was seen of a site to reasons with points; what could not be looked at is a reason with no points."""

from __future__ import annotations

import datetime

from transforms.risk.coverage import Coverage, is_recent
from transforms.risk.points import Params, saturate
from transforms.risk.precedent import Precedent
from transforms.risk.reasons import Reason, reason
from transforms.risk.sightings import Association, Exposure, Momentum, exposure_points

LEAST_UNKNOWN_SHARE = 0.5
"""From half of the profile on, it is said that the origin of so many domains is not known."""


def exposure_reasons(exposure: Exposure, params: Params) -> list[Reason]:
    """Points for number and share of standing domains of risky origin, and how much of the profile cannot be judged."""
    if exposure.total == 0:
        return [reason("risk.exposure.no_domains", 0.0)]
    for_count, for_share = exposure_points(exposure, params)
    reasons = [reason("risk.exposure.none", 0.0, total=exposure.total)]
    if exposure.risky > 0:
        reasons = [
            reason("risk.exposure.count", for_count, count=round(exposure.risky, 2), total=exposure.total),
            reason("risk.exposure.share", for_share, share=round(_plain_share(exposure), 4)),
        ]
    if exposure.unknown >= LEAST_UNKNOWN_SHARE * exposure.total:
        unknown = round(exposure.unknown / exposure.total, 4)
        reasons.append(reason("risk.exposure.unknown", 0.0, share=unknown))
    return reasons


def _plain_share(exposure: Exposure) -> float:
    return exposure.risky / (exposure.risky + exposure.clean)


def momentum_reasons(momentum: Momentum, coverage: Coverage, as_of: datetime.date, params: Params) -> list[Reason]:
    """Points for recent surges of risky origin; without one, how many of the last days were looked at."""
    reasons = []
    if momentum.weighted_excess > 0:
        points = saturate(momentum.weighted_excess, params.momentum_half, params.momentum_ceiling)
        count = round(momentum.excess)
        reasons.append(reason("risk.momentum.surge", points, count=count, end=momentum.newest_end))
    until = coverage.links_until
    if until is not None and not is_recent(until, as_of, params):
        reasons.append(reason("risk.momentum.not_since", 0.0, end=until.isoformat()))
    if reasons:
        return reasons
    if until is None:
        return [reason("risk.momentum.not_assessed", 0.0)]
    days = coverage.surge_days(as_of, params.momentum_reach_days)
    return [reason("risk.momentum.none", 0.0, days=days, end=until.isoformat())]


def precedent_reasons(precedent: Precedent | None, momentum: Momentum, params: Params) -> list[Reason]:
    """Points for what followed such surges elsewhere, while one of this site is recent; nothing without one."""
    if precedent is None or momentum.weighted_excess <= 0:
        return []
    weight = saturate(momentum.weighted_excess, params.momentum_half, 1.0)
    points = saturate(precedent.share, params.precedent_half, params.precedent_ceiling) * weight
    share = round(precedent.share, 4)
    if precedent.surges == 0:
        return [reason("risk.precedent.simulated", points, share=share)]
    expected = round(precedent.expected, 1)
    return [
        reason(
            "risk.precedent", points,
            share=share, surges=precedent.surges, followed=precedent.followed, expected=expected,
        )
    ]  # fmt: skip


def profile_share(exposure: Exposure, params: Params) -> float:
    """The profile's points as a share of what a profile can have, 0 to 1."""
    if exposure.total == 0:
        return 0.0
    return sum(exposure_points(exposure, params)) / (params.count_ceiling + params.share_ceiling)


def association_reasons(
    association: Association | None, coverage: Coverage, as_of: datetime.date, params: Params
) -> list[Reason]:
    """Points for the drop most consistent with the links; without one, what could be judged and what not."""
    if association is not None:
        points = params.association_ceiling * association.weight
        probability, start = round(association.probability, 4), association.drop_start
        if association.verdict == "links_likely":
            return [reason("risk.association.likely", points, probability=probability, start=start)]
        return [reason("risk.association.possible", points, probability=probability, start=start)]
    reasons = []
    if coverage.too_little_data:
        reasons.append(reason("risk.association.too_little_data", 0.0, start=coverage.too_little_data))
    if coverage.confounded:
        reasons.append(reason("risk.association.confounded", 0.0, start=coverage.confounded))
    rankings, links = coverage.rankings_until, coverage.links_until
    if rankings is None:
        return [*reasons, reason("risk.association.not_assessed", 0.0)]
    if links is None:
        return [*reasons, reason("risk.association.links_untold", 0.0)]
    if not is_recent(rankings, as_of, params):
        reasons.append(reason("risk.association.not_since", 0.0, end=rankings.isoformat()))
    if not is_recent(links, as_of, params):
        reasons.append(reason("risk.association.links_not_since", 0.0, end=links.isoformat()))
    return reasons or [_no_association(coverage, as_of, params)]


def _no_association(coverage: Coverage, as_of: datetime.date, params: Params) -> Reason:
    """Both sides reach to the present and no drop is in doubt: what is said of the days that could be judged."""
    judged = coverage.judged_days(as_of, params)
    if judged is None:
        return reason("risk.association.links_untold", 0.0)
    first, last = judged
    reaches_back = (as_of - first).days >= params.association_reach_days
    if reaches_back and is_recent(last, as_of, params):
        return reason("risk.association.none", 0.0)
    return reason("risk.association.none_in_part", 0.0, start=first.isoformat(), end=last.isoformat())
