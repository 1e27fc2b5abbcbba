"""How facts about a site become points: saturating curves whose ceilings add up to 100, so that nothing is clipped.

Every curve rises with what speaks for risk and never with a link that does not. Points are whole tenths, so that
reasons add up to the score exactly. All ceilings and half-way values are stated assumptions until the score is
calibrated against what followed (docs/methods-risk.md).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Params:
    """Ceilings, half-way values and bands."""

    count_ceiling: float = 16.0
    """Points for the number of standing referring domains of risky origin. Exposure as a whole has 31: a profile alone,
    without surge or drop, is at most ``raised``, whatever lies ahead."""
    count_half: float = 15.0
    """Expected number of risky domains that earns half: a bought package, the size from which an alarm is promised."""
    share_ceiling: float = 15.0
    """Points for their share of the profile."""
    share_half: float = 0.06
    """Share that earns half: about the published median share of reciprocal links; beyond it a profile stands out."""
    share_ballast: float = 10.0
    """Clean domains added before the share is taken, so that one bought link among three is not a third."""
    momentum_ceiling: float = 22.0
    """Points for recent surges of risky origin."""
    momentum_half: float = 15.0
    """Recent excess of risky domains that earns half: the same size of campaign."""
    momentum_half_life_days: float = 30.0
    """Days after its end in which a surge loses half its weight: effects come within weeks, some after months."""
    momentum_reach_days: int = 180
    """Surges that ended longer ago are left out; the longest lag looked at."""
    precedent_ceiling: float = 8.0
    """Points for what followed such surges elsewhere, while a surge is recent: less than half of the surge's own, for
    other sites' fate is weaker evidence than what this site did."""
    precedent_half: float = 0.3
    """Share of surges that bring on a drop which earns half: about what the simulated worlds show (forecast.toml)."""
    events_ceiling: float = 5.0
    """Points for what is under way or planned, at most in proportion to the profile's own points: an update takes
    nothing from a site without risky links. The smallest part: in most quarters some update runs."""
    association_ceiling: float = 34.0
    """Points for a drop that is consistent with the links, times its probability: the largest part, because something
    has happened."""
    association_reach_days: int = 365
    """Drops that began longer ago are left out."""
    recovered_weight: float = 0.5
    """Weight of a drop that has been made good."""
    possible_weight: float = 0.5
    """Weight of a pair judged ``links_possible`` beside one judged ``links_likely``."""
    recent_days: int = 35
    """Days before ``as_of`` within which tested data must end to speak of today: the longest month and four days for
    an export that comes late, so that monthly exports pass and a missed month does not. Beyond it is said since when
    nothing was looked at."""
    link_data_reach_days: int = 180
    """A link series that ended longer ago says nothing about today and counts as no link data: it is the longest lag
    looked at, and providers themselves drop links they have not seen for about six months."""
    look_back_days: tuple[int, int] = (7, 45)
    """Days before a drop that link data must cover for a judgement of it: the primary lag window."""
    manual_action_floor: float = 75.0
    """Points for a manual action about links that stands; all else shares what is left to 100. The lowest score of
    ``severe``: the search engine has said so itself."""
    raised_from: float = 25.0
    """Lowest score of ``raised``: most of the profile's 31 points, or one strong reason and some exposure."""
    high_from: float = 50.0
    """Lowest score of ``high``: not reachable by the profile alone."""
    severe_from: float = 75.0
    """Lowest score of ``severe``: not reachable without a drop consistent with the links or a manual action."""

    def tier_of(self, risk_score: float) -> str:
        """The band of a score."""
        if risk_score < self.raised_from:
            return "low"
        if risk_score < self.high_from:
            return "raised"
        return "high" if risk_score < self.severe_from else "severe"


def saturate(amount: float, half: float, ceiling: float) -> float:
    """``ceiling * amount / (amount + half)``: 0 at 0, half the ceiling at ``half``, never the ceiling itself."""
    return ceiling * amount / (amount + half)


def share_of(risky: float, clean: float, ballast: float) -> float:
    """Risky over risky plus clean plus ballast: rises with every risky domain, falls with every clean one."""
    return risky / (risky + clean + ballast)
