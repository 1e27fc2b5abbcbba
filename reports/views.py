"""What a page shows, as frozen dataclasses: one field per column of the query of the same purpose in ``queries/``."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from reports.hit_rates import HitRate
from reports.quality_views import FileList, Outcome, RejectedRow

RECENT_DAYS = 14
"""Days before a night that count as now, as for active findings: a series that ends earlier says nothing of today."""


@dataclass(frozen=True, kw_only=True)
class SiteRow:
    """A site in the portfolio, as known on its ``night``: the run's day, or for a held-back site its last good day."""

    site_domain: str
    night: datetime.date | None
    previous_night: datetime.date | None
    is_held_back: bool
    risk_score: float | None
    previous_score: float | None
    tier: str
    basis: str
    reasons: str
    active_surge_count: int
    active_drop_count: int
    is_tested_for_surges: bool
    is_tested_for_drops: bool
    strongest_cause: str | None
    strongest_cause_probability: float | None
    links_until_on: datetime.date | None
    rankings_until_on: datetime.date | None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A surge or a drop of any site; ``what`` is the origin or the segment, ``size`` the excess or the depth."""

    site_domain: str
    kind: str
    finding_id: str
    provider: str
    what: str
    starts_on: datetime.date
    ends_on: datetime.date | None
    detected_on: datetime.date
    is_active: bool
    is_new: bool
    observed_count: int | None
    expected_count: float | None
    depth_share: float | None


@dataclass(frozen=True, kw_only=True)
class Surge:
    """A row of surges.link_surges."""

    surge_id: str
    provider: str
    origin: str
    starts_on: datetime.date
    ends_on: datetime.date
    detected_on: datetime.date
    is_active: bool
    shape: str
    observed_count: int
    expected_count: float
    excess_low_count: float
    excess_high_count: float
    window_days: int
    p_value: float
    q_value: float
    corrections: str


@dataclass(frozen=True, kw_only=True)
class Composition:
    """A row of surges.surge_composition: what the sentences about it name."""

    surge_id: str
    reading: str
    reasons: str
    source_domain_count: int
    network_variety: float
    top_network_share: float
    keyword_anchor_share: float
    worded_anchor_share: float
    informational_target_share: float
    top_target: str
    peak_on: datetime.date
    peak_share: float
    half_days: int
    later_share: float | None
    arranged_share: float
    shared_domain_count: int
    shared_host: str | None
    shared_with: str | None


@dataclass(frozen=True, kw_only=True)
class SurgePart:
    """A row of surges.surge_parts."""

    surge_id: str
    part: str
    value: str
    item_count: int
    share: float
    value_count: int
    is_same_owner: bool | None


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """A row of surges.surge_declarations."""

    surge_id: str
    source_domain_count: int
    declared_domain_count: int
    is_declared: bool
    campaign: str | None


@dataclass(frozen=True, kw_only=True)
class PlacementCounts:
    """Links the team placed; ``lost_count`` leaves out those it had taken away itself."""

    placement_count: int
    seen_count: int
    lost_count: int


@dataclass(frozen=True, kw_only=True)
class LostPlacement:
    """A link the team placed that is gone, and that the team did not have taken away."""

    source_url: str
    target_url: str | None
    kind: str | None
    campaign: str | None
    placed_on: datetime.date | None
    first_seen_on: datetime.date | None
    lost_on: datetime.date


@dataclass(frozen=True, kw_only=True)
class Drop:
    """A row of drops.ranking_drops."""

    drop_id: str
    provider: str
    segment: str
    starts_on: datetime.date
    ends_on: datetime.date | None
    detected_on: datetime.date
    recovered_on: datetime.date | None
    is_active: bool
    is_provisional: bool
    level_before: float
    level_after: float
    depth_share: float
    p_value: float
    q_value: float
    recovery_days: int | None
    """Days from the start until it was made good; None while it is not."""
    regained_share: float | None
    """Share of the loss regained so far; below 0 when it fell further."""
    part_of_drop_id: str | None
    """The wider drop it is told with; None: it stands alone."""
    is_confirmed: bool
    starts_from_on: datetime.date
    starts_until_on: datetime.date
    """Earliest and latest start in the 90 % interval."""
    depth_low_share: float
    depth_high_share: float
    """90 % interval of the depth."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A row of correlation.surge_drop_pairs."""

    pair_id: str
    surge_id: str
    drop_id: str
    origin: str
    surge_starts_on: datetime.date
    drop_starts_on: datetime.date
    lag_days: int
    lag_window: str
    verdict: str
    probability: float
    probability_low: float
    probability_high: float
    terms: str
    p_time_shift: float | None
    p_site_swap: float | None
    confounders: str


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A row of correlation.drop_causes."""

    drop_id: str
    cause: str
    probability: float
    evidence: str


@dataclass(frozen=True, kw_only=True)
class LinkDay:
    """New and lost referring domains of one provider and origin on one day."""

    provider: str
    origin: str
    day: datetime.date
    new_domain_count: int
    lost_domain_count: int


@dataclass(frozen=True, kw_only=True)
class VisibilityDay:
    """Visibility (clicks, or estimated clicks of a tracker's basket) of one provider and segment on one day."""

    provider: str
    segment: str
    day: datetime.date
    visibility: float


@dataclass(frozen=True, kw_only=True)
class LinkSeries:
    """A row of signals.link_series."""

    provider: str
    starts_on: datetime.date | None
    ends_on: datetime.date
    is_truncated: bool
    export_count: int
    link_count: int
    domain_count: int
    dated_share: float
    loss_horizon_on: datetime.date | None


@dataclass(frozen=True, kw_only=True)
class AssessedSeries:
    """What a detector could test; ``what`` is the origin or the segment, ``kind`` is surge or drop."""

    kind: str
    provider: str
    what: str
    status: str
    tested_from_on: datetime.date | None
    tested_until_on: datetime.date | None
    history_days: int

    def covers(self, night: datetime.date) -> bool:
        """Whether the series was tested into the last days before ``night``."""
        return self.tested_until_on is not None and (night - self.tested_until_on).days <= RECENT_DAYS


@dataclass(frozen=True, kw_only=True)
class OriginCount:
    """Referring domains of one provider and origin."""

    provider: str
    origin: str
    domain_count: int
    standing_count: int


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A rule that applied to a link, with its sentence in each language."""

    rule: str
    weight: float
    seen: str | None
    policy_clause: str | None
    says_en: str
    says_nl: str


@dataclass(frozen=True, kw_only=True)
class RiskyLink:
    """The strongest link of a referring domain; ``domain_link_count`` links of that domain have the same origin.

    ``told_by`` and what follows it: the team's own word, see signals.told_links; null where it says nothing.
    """

    provider: str
    source_domain: str
    source_url: str
    target_url: str
    anchor_text: str | None
    origin: str
    probability: float
    told_by: str | None
    told_origin: str | None
    told_subject: str | None
    told_on: datetime.date | None
    label_who: str | None
    evidence: tuple[Evidence, ...]
    source_authority: float | None
    first_seen_on: datetime.date | None
    lost_on: datetime.date | None
    is_nofollow: bool | None
    is_sponsored: bool | None
    domain_link_count: int


@dataclass(frozen=True, kw_only=True)
class Event:
    """A row of staging.search_events."""

    kind: str
    name: str
    starts_on: datetime.date
    ends_on: datetime.date | None
    scope: str | None
    source: str


@dataclass(frozen=True, kw_only=True)
class RiskDay:
    """The score of one earlier night."""

    day: datetime.date
    risk_score: float | None
    tier: str


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """A row of risk.drop_forecasts."""

    chance_90: float
    chance_low: float
    chance_high: float
    chance_without_links: float
    links_share: float
    basis: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class RecoveryEvent:
    """A row of correlation.recovery_events."""

    drop_id: str
    kind: str
    name: str | None
    happened_on: datetime.date
    days_since_start: int
    days_to_recovery: int | None
    item_count: int | None
    told_by: str


@dataclass(frozen=True, kw_only=True)
class SiteAssociation:
    """The test of one site: drops a surge could count for, those with one, what chance gives, and p."""

    drop_count: int
    observed_count: int
    expected_count: float
    p_larger: float


@dataclass(frozen=True, kw_only=True)
class SiteView:
    """Everything the page of one site shows."""

    site: SiteRow
    as_of: datetime.date
    surges: tuple[Surge, ...]
    compositions: tuple[Composition, ...]
    surge_parts: tuple[SurgePart, ...]
    declarations: tuple[Declaration, ...]
    placements: PlacementCounts
    lost_placements: tuple[LostPlacement, ...]
    drops: tuple[Drop, ...]
    pairs: tuple[Pair, ...]
    associations: tuple[SiteAssociation, ...]
    """One, or none where nothing could be tested."""
    causes: tuple[Cause, ...]
    link_days: tuple[LinkDay, ...]
    visibility_days: tuple[VisibilityDay, ...]
    link_series: tuple[LinkSeries, ...]
    assessed: tuple[AssessedSeries, ...]
    origins: tuple[OriginCount, ...]
    risky_links: tuple[RiskyLink, ...]
    spam_links: tuple[RiskyLink, ...]
    events: tuple[Event, ...]
    files: FileList
    rejected_rows: tuple[RejectedRow, ...]
    outcomes: tuple[Outcome, ...]
    risk_days: tuple[RiskDay, ...]
    forecasts: tuple[Forecast, ...]
    recovery_events: tuple[RecoveryEvent, ...]
    hit_rates: tuple[HitRate, ...]
    ranking_day_count: int


@dataclass(frozen=True, kw_only=True)
class Association:
    """The pooled test of the portfolio: drops a surge could count for, those with one, what chance gives, and p."""

    site_count: int
    drop_count: int
    observed_count: int
    expected_count: float
    p_larger: float


@dataclass(frozen=True, kw_only=True)
class PortfolioView:
    """Everything the portfolio page shows."""

    as_of: datetime.date
    sites: tuple[SiteRow, ...]
    findings: tuple[Finding, ...]
    events: tuple[Event, ...]
    hit_rates: tuple[HitRate, ...]
    associations: tuple[Association, ...]
    """One, or none where nothing could be tested."""
    broken_check_count: int
    set_aside_count: int
