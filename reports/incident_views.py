"""What the page of an incident shows, as frozen dataclasses: one field per column of the query it is read by."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from reports.views import Composition, Drop, Event, LinkDay, RiskyLink, SiteView, Surge


@dataclass(frozen=True, kw_only=True)
class IncidentPair:
    """A row of correlation.surge_drop_pairs, with the contrasts of pages and queries."""

    pair_id: str
    surge_id: str
    drop_id: str
    origin: str
    lag_days: int
    lag_window: str
    verdict: str
    probability: float
    probability_low: float
    probability_high: float
    terms: str
    p_time_shift: float | None
    p_site_swap: float | None
    page_contrast: float | None
    page_contrast_z: float | None
    keyword_contrast: float | None
    keyword_contrast_z: float | None
    confounders: str


@dataclass(frozen=True, kw_only=True)
class IncidentCause:
    """A row of correlation.drop_causes with its width."""

    drop_id: str
    cause: str
    probability: float
    probability_low: float
    probability_high: float
    evidence: str


@dataclass(frozen=True, kw_only=True)
class SiteTest:
    """A row of correlation.site_tests: the test of the site alone in one window."""

    lag_window: str
    surge_count: int
    drop_count: int
    observed_count: int
    expected_count: float
    p_larger: float | None
    least_p: float


@dataclass(frozen=True, kw_only=True)
class DropFacts:
    """What a drop looks like beside its depth; the tested days are None where its series is not tested any more."""

    drop_id: str
    impressions_change_share: float | None
    position_change: float | None
    click_rate_change_share: float | None
    tested_from_on: datetime.date | None
    tested_until_on: datetime.date | None


@dataclass(frozen=True, kw_only=True)
class ComparedDay:
    """Visibility on one day of the pages that links lead to, and of the site's other pages."""

    drop_id: str
    provider: str
    day: datetime.date
    linked_visibility: float
    other_visibility: float


@dataclass(frozen=True, kw_only=True)
class ComparedPage:
    """Mean visibility a day before and after the drop: of a linked page or, ``page`` None, of all other pages."""

    drop_id: str
    provider: str
    page: str | None
    page_count: int
    level_before: float
    level_after: float


@dataclass(frozen=True, kw_only=True)
class SeriesDay:
    """Visibility of the drop's own series on one day."""

    drop_id: str
    day: datetime.date
    visibility: float


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Other days on which the drop could have begun, by how well a surge would have matched; see ``Placebos``.

    ``level_counts`` place n: days whose best lag window has level n (0: no surge at all); ``level``: the drop's own.
    """

    level_counts: tuple[int, ...]
    level: int

    @property
    def day_count(self) -> int:
        """All other days."""
        return sum(self.level_counts)

    @property
    def match_count(self) -> int:
        """Other days that match as well or better."""
        return sum(self.level_counts[self.level :])

    @property
    def p_value(self) -> float:
        """As in correlation.surge_drop_pairs.p_time_shift."""
        return (1 + self.match_count) / (1 + self.day_count)


@dataclass(frozen=True, kw_only=True)
class IncidentView:
    """A drop argued with the surge that fits it best; ``pair`` and ``surge`` are None where no surge came before it."""

    site: SiteView = field(repr=False)
    """Left out of what is compared by its text: the site's own material has it."""
    drop: Drop
    facts: DropFacts
    pair: IncidentPair | None
    surge: Surge | None
    composition: Composition | None
    other_pairs: tuple[IncidentPair, ...]
    """The other surges before the drop that are no control, strongest first."""
    controls: tuple[IncidentPair, ...]
    """Surges of natural links before it."""
    causes: tuple[IncidentCause, ...]
    tests: tuple[SiteTest, ...]
    shift: Shift | None
    series_days: tuple[SeriesDay, ...]
    compared_days: tuple[ComparedDay, ...]
    """Of one provider: the drop's own where it follows pages."""
    compared_pages: tuple[ComparedPage, ...]
    links: tuple[RiskyLink, ...]
    link_count: int
    """Referring domains that have such a link; ``links`` are the strongest of them."""
    later_surges: tuple[Surge, ...]
    """Surges of arranged links that began on the day of the drop or soon after it."""
    parts: tuple[Drop, ...]
    """Drops of pages and other parts that are told with this one."""

    @property
    def probability_of_links(self) -> float:
        """That the links explain the drop: of the causes, which count every surge; 0 where nothing was worked out."""
        return next((cause.probability for cause in self.causes if cause.cause == "links"), 0.0)

    @property
    def first_cause(self) -> IncidentCause | None:
        """The most probable cause."""
        return self.causes[0] if self.causes else None

    @property
    def manual_actions(self) -> tuple[Event, ...]:
        """Manual actions on record of the site."""
        return tuple(event for event in self.site.events if event.kind == "manual_action")

    @property
    def link_provider(self) -> str | None:
        """The provider whose new links are drawn: the surge's, else the one that knows most domains by date."""
        if self.surge is not None:
            return self.surge.provider
        dated = {row.provider for row in self.site.link_days if row.new_domain_count}
        known = [series for series in self.site.link_series if series.provider in dated]
        return max(known, key=lambda series: (series.domain_count, series.provider)).provider if known else None

    @property
    def link_days(self) -> tuple[LinkDay, ...]:
        """New and lost domains of :attr:`link_provider`."""
        return tuple(row for row in self.site.link_days if row.provider == self.link_provider)
