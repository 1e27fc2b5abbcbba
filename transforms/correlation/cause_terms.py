"""What speaks for each cause of a drop: the terms of the cause model, with the guess each weight starts from.

A cause's score is the sum of its terms, weight times what was seen; the probabilities are the softmax of the scores.
``unknown`` has no term of its own: every weight is log-odds against it. The weights in force are fitted on simulated
worlds (``cause_model.toml``), each with a prior at the guess below, so that what worlds say little about stays where
common sense puts it. Guesses: a cause that nothing speaks for weighs .03 (calendars and notes are incomplete); update
windows cover about a third of the days, so that being inside one is worth a factor of about three.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One weight of the model.

    ``cause`` it speaks for; ``feature`` what is looked at (:mod:`transforms.correlation.circumstances` and
    :mod:`transforms.correlation.pair_terms` name them); ``guess`` log-odds for each unit of the feature; ``low`` and
    ``high`` bound the fit, so that evidence never counts the wrong way round, whatever a world says.
    """

    cause: str
    feature: str
    guess: float
    low: float
    high: float

    @property
    def name(self) -> str:
        """As in ``cause_model.toml``."""
        return f"{self.cause}:{self.feature}"


BASE = "base"
"""The feature every drop has: how often a cause is behind a drop that nothing else speaks for."""


def _base(cause: str) -> Term:
    return Term(cause, BASE, -3.5, -6.0, -1.0)


def _for(cause: str, feature: str, guess: float, high: float = 8.0) -> Term:
    return Term(cause, feature, guess, 0.0, high)


def _against(cause: str, feature: str, guess: float) -> Term:
    return Term(cause, feature, guess, -4.0, 0.0)


LINK_TERMS = (
    # What kind of surge came before, at a lag of 7 to 45 days and of ten domains; without one, what link data cover.
    Term("links", "arranged", 0.6, -2.0, 3.0),
    Term("links", "unknown", -0.5, -3.0, 1.0),
    Term("links", "spam", -1.2, -4.0, 0.0),
    Term("links", "no_surge", -4.0, -6.0, -2.0),
    _for("links", "trickle.near", 0.5, 1.5),
    _for("links", "trickle.far", 0.2, 1.0),
    _for("links", "trickle.pages.fell_more", 0.6, 2.0),
    _against("links", "trickle.pages.compared", -0.4),
    Term("links", "no_data", -2.2, -4.0, -1.0),
    _against("links", "lag.1-14", -0.7),
    _against("links", "lag.30-180", -2.0),
    _for("links", "size", 0.35, 1.5),
    _for("links", "certainty", 1.0, 2.0),
    _for("links", "rarity", 0.5, 2.0),
    _for("links", "pages.fell_more", 0.8, 2.0),
    _against("links", "pages.compared", -0.8),
    _for("links", "keywords.fell_more", 0.5, 2.0),
    _against("links", "keywords.compared", -0.4),
    _for("links", "page.linked", 1.0, 4.0),
    _against("links", "page.not_linked", -1.0),
    _against("links", "surge_after_drop", -1.0),
    _against("links", "other_drop", -0.3),
    _against("links", "natural_surge", -0.5),
    Term("links", "manual_action.links", 7.5, 6.5, 10.0),
    _for("links", "update.link_spam", 1.0, 2.5),
    _for("links", "update.spam", 0.3, 2.0),
    Term("links", "position.worse", 0.5, 0.0, 2.0),
    Term("links", "brand.spared", 0.3, 0.0, 2.0),
    _against("links", "brand.alike", -0.5),
)

OTHER_TERMS = (
    _base("update"),
    _for("update", "update.core", 4.9),
    _for("update", "update.spam", 4.6),
    _for("update", "update.link_spam", 4.6),
    _for("update", "update.other", 3.9),
    _for("update", "update.together", 4.6),
    _for("update", "others.fell", 1.5, 4.0),
    _for("update", "update.fault", 4.2),
    _for("update", "position.worse", 0.5, 2.0),
    _for("update", "brand.spared", 0.3, 2.0),
    _against("update", "brand.alike", -0.8),
    _base("outage"),
    _for("outage", "ranks.held", 0.5, 3.0),
    _for("outage", "outage.event", 6.0),
    _for("outage", "outage.seen", 6.0),
    _for("outage", "outage.open", 4.6),
    _base("tracker"),
    _for("tracker", "tracker.together", 6.0),
    _for("tracker", "tracker.others_fell", 4.0),
    _for("tracker", "tracker.alone", 3.0),
    _for("data_break", "tracker.others_fell", 1.0, 4.0),
    _for("data_break", "others.fell", 1.5, 4.0),
    _base("data_break"),
    _for("data_break", "data_break.at", 5.5),
    _for("data_break", "data_break.near", 2.8),
    _base("result_page"),
    _for("result_page", "result_page", 4.7),
    _for("result_page", "ranks.held", 1.0, 3.0),
    _base("season"),
    _for("season", "ranks.held", 1.0, 3.0),
    _for("season", "season.demand", 3.9),
    _for("season", "fall.demand", 0.5, 3.0),
    _against("season", "position.worse", -0.5),
    Term("data_break", "fall.demand", 0.0, -2.0, 2.0),
    _against("data_break", "position.worse", -0.3),
    Term("outage", "fall.demand", 0.0, -2.0, 2.0),
    Term("result_page", "fall.demand", -1.0, -4.0, 0.0),
    _against("result_page", "position.worse", -0.5),
    _for("result_page", "brand.spared", 0.2, 2.0),
    _against("result_page", "brand.alike", -0.8),
    _for("site_change", "position.worse", 0.2, 2.0),
    _for("season", "season.gradual", 1.5),
    _for("season", "season.last_year", 2.5),
    _base("site_change"),
    _for("site_change", "site_change", 4.6),
    _for("unknown", "manual_action.other", 2.5),
    Term("unknown", "confirmed", -0.7, -3.0, 0.0),
)

TERMS = (*LINK_TERMS, *OTHER_TERMS)
