"""What a surge-drop pair shows, in the features of the cause model (:mod:`transforms.correlation.cause_terms`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.correlation.circumstances import Circumstance
from transforms.correlation.findings import Drop, Surge
from transforms.correlation.lag_windows import LONGEST_LAG_DAYS, PRIMARY, LagWindow
from transforms.correlation.look_back import LookBack
from transforms.correlation.specificity import Contrast

NATURAL = "natural"
UPDATE = "update."


@dataclass(frozen=True, kw_only=True)
class PairTermParams:
    """Units and bounds of the features."""

    neutral_excess: float = 10.0
    """Referring domains above the expected number at which the size of a surge says nothing either way."""
    size_bounds: tuple[float, float] = (-1.5, 1.5)
    """Least and most log of size over the neutral one (2 to 45 domains), so that size alone never decides."""
    least_certainty: float = 1e-2
    """Floor of the chance that surge and drop are both real."""
    rarity_bounds: tuple[float, float] = (-0.7, 1.0)
    """Bounds of the log of 1 / (2 sqrt p), a p-value turned into a bet against chance (Vovk and Wang 2021): p = 1 and
    p = .034; with few sites p goes no lower."""
    contrast_bounds: tuple[float, float] = (-2.0, 4.0)
    """Bounds of a contrast in standard errors: beyond four the noise it is measured in is the doubt."""


@dataclass(frozen=True)
class Pair:
    """A surge and a later drop, with everything found about them.

    ``is_page_linked``: for the drop of one page, whether the surge links to it; None otherwise.
    """

    drop: Drop
    surge: Surge
    lag_days: int
    window: LagWindow
    circumstances: tuple[Circumstance, ...]
    p_time_shift: float | None
    p_site_swap: float | None
    pages: Contrast | None
    keywords: Contrast | None
    is_page_linked: bool | None

    @property
    def largest_p(self) -> float | None:
        """The larger of the placebo p-values that could be worked out."""
        known = [p for p in (self.p_time_shift, self.p_site_swap) if p is not None]
        return max(known) if known else None

    def has(self, kind: str) -> bool:
        """Whether a circumstance of this kind was found."""
        return any(circumstance.kind == kind for circumstance in self.circumstances)


def features_of_pair(pair: Pair, params: PairTermParams) -> dict[str, float]:
    """What is seen of a pair, by feature; natural links count as no surge at all, because they are the control."""
    if pair.surge.group == NATURAL:
        return features_without_pair(pair.circumstances, LookBack(LONGEST_LAG_DAYS, 1.0))
    seen = {circumstance.kind: circumstance.value for circumstance in pair.circumstances}
    seen[pair.surge.group] = 1.0
    if pair.window != PRIMARY:
        seen[f"lag.{pair.window.name}"] = 1.0
    seen["size"] = _between(math.log(max(1.0, pair.surge.excess_count) / params.neutral_excess), params.size_bounds)
    real = (1.0 - pair.surge.q_value) * (1.0 - _zero_if_null(pair.drop.q_value))
    seen["certainty"] = math.log(max(params.least_certainty, real))
    if pair.largest_p is not None:
        seen["rarity"] = _between(math.log(0.5 / math.sqrt(pair.largest_p)), params.rarity_bounds)
    for name, contrast in (("pages", pair.pages), ("keywords", pair.keywords)):
        if contrast is not None:
            seen[f"{name}.compared"] = 1.0
            seen[f"{name}.fell_more"] = _between(-contrast.z, params.contrast_bounds)
    if pair.is_page_linked is not None:
        seen["page.linked" if pair.is_page_linked else "page.not_linked"] = 1.0
    return {name: round(value, 4) for name, value in seen.items()}


@dataclass(frozen=True)
class LinksBefore:
    """Referring domains of arranged links new in the 45 days before a drop, and in the 135 before those.

    ``pages``: how the pages they lead to did beside the site's others; None where that cannot be compared.
    """

    near: int
    far: int
    pages: Contrast | None = None


NO_LINKS = LinksBefore(0, 0)


def features_without_pair(
    circumstances: Sequence[Circumstance],
    covered: LookBack,
    before: LinksBefore = NO_LINKS,
    params: PairTermParams = PairTermParams(),
) -> dict[str, float]:
    """The same for a drop without a surge before it: as far as link data cover the days before, there was none.

    Links that came without standing out count by the log of their number. An update against spam says nothing of links
    that nobody saw come.
    """
    seen = {one.kind: one.value for one in circumstances if not one.kind.startswith(UPDATE)}
    trickle = {"trickle.near": math.log1p(before.near), "trickle.far": math.log1p(before.far)}
    if before.pages is not None:
        trickle["trickle.pages.compared"] = 1.0
        trickle["trickle.pages.fell_more"] = _between(-before.pages.z, params.contrast_bounds)
    data = {"no_surge": covered.effect_share, "no_data": 1.0 - covered.effect_share}
    return seen | {name: round(value, 4) for name, value in (trickle | data).items() if value}


def _between(value: float, bounds: tuple[float, float]) -> float:
    return min(bounds[1], max(bounds[0], value))


def _zero_if_null(q_value: float) -> float:
    return 0.0 if math.isnan(q_value) else q_value
