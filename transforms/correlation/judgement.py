"""From the facts of a pair to a probability and a verdict.

The probability is a small sum of log-odds, in the form of an attributable share: of all drops that come at such a lag
after such a surge, how many does the surge explain? Odds = (effect rate at the lag) / (rate of drops with other
explanations) = reach x density(lag) / background rate, moved by size, by doubt about surge and drop, and by what else
happened. The numbers are stated assumptions, not fits: the result is capped until it is calibrated on simulated worlds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from transforms.correlation.circumstances import Circumstance
from transforms.correlation.evidence import said
from transforms.correlation.findings import ARRANGED, Drop, Surge
from transforms.correlation.lag_windows import LONGEST_LAG_DAYS, LagWindow

CONTROL = said("pair.control")
"""Said of every pair with a surge of natural links."""


def _reach() -> Mapping[str, float]:
    return {ARRANGED: 0.30, "spam": 0.05, "unknown": 0.10, "natural": 0.01}


def _circumstance_weights() -> Mapping[str, float]:
    return {
        "update.core": -1.6,
        "update.other": -1.2,
        "update.spam": -1.0,
        "update.link_spam": -0.5,
        "update.together": -1.6,
        "update.fault": -1.2,
        "tracker.together": -2.5,
        "outage.event": -2.5,
        "outage.seen": -2.5,
        "outage.open": -1.0,
        "data_break.at": -2.5,
        "data_break.near": -0.5,
        "site_change": -1.2,
        "manual_action.links": 3.0,
        "manual_action.other": -2.0,
        "season.demand": -1.2,
        "season.gradual": -0.4,
        "season.last_year": -0.8,
        "result_page": -1.5,
        "surge_after_drop": -1.0,
        "other_drop": -0.3,
        "natural_surge": -0.5,
    }


def _decisive() -> frozenset[str]:
    return frozenset(
        {
            "update.core",
            "update.other",
            "update.spam",
            "update.link_spam",
            "update.together",
            "update.fault",
            "tracker.together",
            "outage.event",
            "outage.seen",
            "data_break.at",
            "site_change",
            "manual_action.other",
            "season.demand",
            "result_page",
            "surge_after_drop",
        }
    )


@dataclass(frozen=True, kw_only=True)
class JudgementParams:
    """Assumptions of the model and thresholds of the verdicts."""

    reach: Mapping[str, float] = field(default_factory=_reach)
    """Chance that a surge of the group brings on a drop within 180 days. .30 is the coupling the method was tried with
    (research, detection 3); spam is not the site's doing and mostly ignored; natural is a control that does nothing."""
    background_drops_per_day: float = 1 / 365
    """Drops a site has for other reasons: about one a year."""
    neutral_excess: float = 10.0
    """Referring domains above the expected number at which the size of a surge says nothing either way."""
    size_slope: float = 0.35
    """Log-odds per e-fold of excess: dose response, weak because small campaigns have drawn manual actions too."""
    size_bounds: tuple[float, float] = (-0.5, 0.7)
    """Least and most log-odds for size, so that size alone never decides."""
    circumstance_weights: Mapping[str, float] = field(default_factory=_circumstance_weights)
    """Log-odds added for what else happened. -1.6 = five times less likely; a link-spam update takes little away,
    because links are what it acts on. Kinds as in circumstances.py and order_of_events.py."""
    decisive: frozenset[str] = field(default_factory=_decisive)
    """Circumstances that make a pair ``confounded``: each alone could account for the drop."""
    bounds: tuple[float, float] = (0.02, 0.90)
    """No probability beyond these until the model is calibrated."""
    insufficient_cap: float = 0.50
    """Largest probability of a pair judged ``insufficient_data``: while a drop is provisional or chance could not be
    worked out, links are never said to be more likely than all else together."""
    likely: float = 0.60
    """Probability from which ``links_likely`` may be said."""
    possible: float = 0.25
    """Probability from which ``links_possible`` may be said."""
    likely_p: float = 0.25
    """Largest placebo p-value with ``links_likely``: with 7 other sites the attainable values are 1/8, 2/8, ..."""


@dataclass(frozen=True)
class Pair:
    """A surge and a later drop, with everything found about them."""

    drop: Drop
    surge: Surge
    lag_days: int
    window: LagWindow
    circumstances: tuple[Circumstance, ...]
    p_time_shift: float | None
    p_site_swap: float | None

    @property
    def largest_p(self) -> float | None:
        """The larger of the placebo p-values that could be worked out."""
        known = [p for p in (self.p_time_shift, self.p_site_swap) if p is not None]
        return max(known) if known else None

    def has(self, kind: str) -> bool:
        """Whether a circumstance of this kind was found."""
        return any(circumstance.kind == kind for circumstance in self.circumstances)


def weigh(pair: Pair, params: JudgementParams) -> dict[str, float]:
    """The terms of the log-odds by name; their sum is the log-odds before the cap."""
    prior = params.reach[pair.surge.group] / (LONGEST_LAG_DAYS * params.background_drops_per_day)
    doubt = max(1e-2, (1 - pair.surge.q_value) * (1 - _zero_if_null(pair.drop.q_value)))
    kinds = sorted({circumstance.kind for circumstance in pair.circumstances})
    return {
        "prior": math.log(prior),
        "lag": pair.window.log_density_ratio,
        "size": _weigh_size(pair.surge.excess_count, params),
        "doubt": math.log(doubt),
        "placebo": _weigh_placebo(pair.largest_p),
        **{kind: params.circumstance_weights[kind] for kind in kinds},
    }


def _weigh_size(excess_count: float, params: JudgementParams) -> float:
    least, most = params.size_bounds
    slope = params.size_slope * math.log(max(1.0, excess_count) / params.neutral_excess)
    return min(most, max(least, slope))


def _weigh_placebo(largest_p: float | None) -> float:
    """Log of the calibrator 1 / (2 sqrt p), never above 0.

    A p-value turned into a bet against chance (Vovk and Wang 2021, kappa = 1/2). A small p adds nothing, because the
    lag already counts; a large one takes away: such matches turn up anyway.
    """
    return 0.0 if largest_p is None else min(0.0, math.log(0.5 / math.sqrt(largest_p)))


def _zero_if_null(q_value: float) -> float:
    return 0.0 if math.isnan(q_value) else q_value


def estimate_probability(pair: Pair, params: JudgementParams) -> float:
    """Probability that the links explain the drop: a first estimate within ``params.bounds``."""
    log_odds = math.fsum(weigh(pair, params).values())
    least, most = params.bounds
    return min(most, max(least, 1 / (1 + math.exp(-log_odds))))


def judge(pair: Pair, params: JudgementParams) -> tuple[str, float]:
    """Verdict and probability; with ``insufficient_data`` the probability is at most ``params.insufficient_cap``."""
    probability = estimate_probability(pair, params)
    verdict = choose_verdict(pair, probability, params)
    return verdict, min(probability, params.insufficient_cap) if verdict == "insufficient_data" else probability


def choose_verdict(pair: Pair, probability: float, params: JudgementParams) -> str:
    """The verdict, by rules in this order: control, manual action, too little data, confounded, probability."""
    if pair.surge.group == "natural":
        return "not_explained_by_links"
    if pair.has("manual_action.links"):
        return "links_likely" if probability >= params.likely else "links_possible"
    if pair.drop.is_provisional:
        return "insufficient_data"
    if any(pair.has(kind) for kind in params.decisive):
        return "confounded"
    if pair.p_time_shift is None:
        return "insufficient_data"
    if probability < params.possible:
        return "not_explained_by_links"
    is_rare = (pair.largest_p or 0.0) <= params.likely_p
    is_likely = probability >= params.likely and pair.surge.group == ARRANGED and is_rare
    return "links_likely" if is_likely else "links_possible"
