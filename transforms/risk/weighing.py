"""From what was seen of a site to reasons with points; what could not be looked at is a reason with no points."""

from __future__ import annotations

from transforms.risk.points import Params, saturate
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


def momentum_reasons(momentum: Momentum, is_tested: bool, params: Params) -> list[Reason]:
    """Points for recent surges of risky origin."""
    if momentum.weighted_excess > 0:
        points = saturate(momentum.weighted_excess, params.momentum_half, params.momentum_ceiling)
        count = round(momentum.excess)
        return [reason("risk.momentum.surge", points, count=count, end=momentum.newest_end)]
    return [reason("risk.momentum.none", 0.0) if is_tested else reason("risk.momentum.not_assessed", 0.0)]


def association_reasons(association: Association | None, is_tested: bool, params: Params) -> list[Reason]:
    """Points for the drop most consistent with the links."""
    if association is None:
        return [reason("risk.association.none", 0.0) if is_tested else reason("risk.association.not_assessed", 0.0)]
    points = params.association_ceiling * association.weight
    probability, start = round(association.probability, 4), association.drop_start
    if association.verdict == "links_likely":
        return [reason("risk.association.likely", points, probability=probability, start=start)]
    return [reason("risk.association.possible", points, probability=probability, start=start)]
