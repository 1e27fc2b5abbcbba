"""From the probability of a pair to a verdict, in the project's fixed words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.correlation.evidence import said
from transforms.correlation.findings import ARRANGED
from transforms.correlation.pair_terms import NATURAL, Pair

CONTROL = said("pair.control")
"""Said of every pair with a surge of natural links."""

DECISIVE = (
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
    "season.last_year",
    "result_page",
    "surge_after_drop",
)
"""Circumstances that could account for a drop alone: without a clear case for links, the two cannot be told apart."""


@dataclass(frozen=True, kw_only=True)
class JudgementParams:
    """Thresholds of the verdicts."""

    insufficient_cap: float = 0.50
    """Largest probability of a pair judged ``insufficient_data``: while a drop is provisional or chance could not be
    worked out, links are never said to be more likely than all else together."""
    likely: float = 0.70
    """Probability from which ``links_likely`` may be said: of all pairs above it, more than 85 % are to be right."""
    possible: float = 0.25
    """Probability from which ``links_possible`` may be said."""
    rival: float = 0.25
    """Probability of another named cause from which a pair that is not likely is ``confounded``; so it is with any
    circumstance of :data:`DECISIVE`."""
    doubted: float = 0.10
    """Probability of links below which another cause is not said to compete with them."""
    likely_p: float = 0.25
    """Largest placebo p-value with ``links_likely``: with 7 other sites the attainable values are 1/8, 2/8, ..."""


def judge(pair: Pair, probabilities: Mapping[str, float], params: JudgementParams) -> tuple[str, float]:
    """Verdict and probability of links.

    Args:
        pair: what was found.
        probabilities: of every cause, were this the surge in question.
        params: with ``insufficient_data`` the probability is at most ``insufficient_cap``.
    """
    verdict = choose_verdict(pair, probabilities, params)
    links = probabilities["links"]
    return verdict, min(links, params.insufficient_cap) if verdict == "insufficient_data" else links


def choose_verdict(pair: Pair, probabilities: Mapping[str, float], params: JudgementParams) -> str:
    """The verdict, by rules in this order: control, manual action, provisional, rivals, too little to say, likely."""
    links = probabilities["links"]
    if pair.surge.group == NATURAL:
        return "not_explained_by_links"
    if pair.has("manual_action.links"):
        return "links_likely" if links >= params.likely else "links_possible"
    if pair.drop.is_provisional:
        return "insufficient_data"
    rival = max(given for cause, given in probabilities.items() if cause not in {"links", "unknown"})
    has_rival = rival >= params.rival or any(pair.has(kind) for kind in DECISIVE)
    if params.doubted <= links < params.likely and has_rival:
        return "confounded"
    if links < params.possible:
        return "not_explained_by_links"
    if pair.largest_p is None or (pair.p_time_shift is None and not _is_masked(pair)):
        return "insufficient_data"
    is_likely = links >= params.likely and pair.surge.group == ARRANGED and pair.largest_p <= params.likely_p
    return "links_likely" if is_likely else "links_possible"


MASKS = ("update.", "data_break.at", "outage.event")
"""Circumstances whose days are left out of the time shift; a drop in them is tested by the swap of sites alone."""


def _is_masked(pair: Pair) -> bool:
    return any(circumstance.kind.startswith(MASKS) for circumstance in pair.circumstances)
