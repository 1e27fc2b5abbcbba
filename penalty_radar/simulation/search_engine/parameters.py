"""The parameters of a world with a search engine, read from ``worlds/search_fit.toml`` or ``worlds/search_test.toml``.

Units and reasons stand beside every value in those files; the models fix names, types and ranges. What linking pages
look like is taken from a world of origins (``links_world``), of which there are two as well, one for each.
"""

from __future__ import annotations

import datetime
import tomllib
from typing import Annotated, Any, Literal

from pydantic import Field

from penalty_radar.simulation.arranged_parameters import Between, Portfolio, Scores
from penalty_radar.simulation.link_parameters import Arrivals, Frozen, Origin, Positive, Share
from penalty_radar.simulation.parameters import WORLDS, WorldParameters, draw_sites
from transforms.errors import UsageError

SEARCH_WORLDS = ("search_fit", "search_test")
"""Worlds that ``penalty-radar simulate --world`` knows beside the demo."""

Count = Annotated[float, Field(ge=0)]
Scope = Literal["page", "mixed", "site"]
Weekdays = tuple[Positive, Positive, Positive, Positive, Positive, Positive, Positive]


class SearchSites(Frozen):
    """How many sites there are, and how their exports and link profiles differ."""

    count: Annotated[int, Field(ge=1)]
    link_daily_mean: Scores
    link_dispersion: Scores
    background_spam_share: Scores
    links_only_share: Share
    tracker_share: Share
    outlinks_share: Share


class Demand(Frozen):
    """Search performance of a site with nothing planted: size, weekdays, noise and slow drift."""

    daily_clicks: Scores
    click_rate: Scores
    position: Scores
    brand_share: Scores
    hidden_share: Scores
    noise_sd: Scores
    autocorrelation: Scores
    part_noise_sd: Positive
    drift_sd: Scores
    drift_days: Positive
    growth_per_year: Scores
    consumer_share: Share
    weekday_stretch: Scores
    consumer_weekdays: Weekdays
    business_weekdays: Weekdays
    second_market_share: Scores
    mobile_share: Scores
    position_sd: Positive
    click_elasticity: Positive
    results_page_break_on: datetime.date
    results_page_impressions_factor: Positive
    results_page_position_factor: Positive


class CampaignKind(Frozen):
    """One way to get links: how often, how large, where, and how likely the search engine is to mind."""

    sites_share: Share
    per_site_mean: Count
    domain_count: Between
    days: Between
    kinds: dict[str, Share]
    origin: Origin
    target: Literal["money", "info", "mixed"]
    page_count: Between = (1, 1)
    keyword_count: Between = (1, 2)
    months: tuple[int, ...] = ()
    links_back: bool = False
    harm: Annotated[float, Field(ge=0, le=1)] = 0.0


class Lag(Frozen):
    """Days from the first link of a campaign to the fall: one range, drawn evenly."""

    share: Share
    days: Between


class Penalty(Frozen):
    """What the search engine does about a campaign."""

    most_reach: Share
    half_reach_domains: Positive
    lags: dict[str, Lag]
    scopes: dict[Scope, Share]
    page_depth: Scores
    rest_depth: Scores
    site_depth: Scores
    keyword_extra: Share
    brand_left: Share
    ramp_days: Between
    manual_share: Share
    manual_depth: Scores
    manual_lag_days: Between
    manual_noted_after_days: Between


class Updates(Frozen):
    """Updates of the bundled calendar: most have nothing to do with links."""

    down_share: Scores
    up_share: Scores
    scope_factors: dict[str, Annotated[float, Field(ge=0)]]
    depth: Scores
    gain: Scores
    ramp_days: Between
    brand_left: Share
    risky_spam_share: Share
    risky_spam_depth: Scores
    risky_within_days: Between


class Cause(Frozen):
    """A cause that strikes single sites: how often in two years, how deep, how long, how often it is written down."""

    per_site_mean: Count
    depth: Scores
    ramp_days: Between
    days: Between | None = None
    back_days: Between = (1, 3)
    regained: Scores = (1.0, 1.0)
    lasting_share: Share = 0.0
    recorded_share: Share = 0.0
    brand_left: Share = 1.0
    one_directory_share: Share = 0.0


class Season(Frozen):
    """A trade with a high season: demand falls at its end, each year, while positions stay."""

    sites_share: Share
    depth: Scores
    edge_days: Between
    year_jitter_days: Annotated[int, Field(ge=0)]
    high_days: Between


class Breaks(Frozen):
    """What goes wrong with measuring, for all sites of one provider at once."""

    tracker_gap_count: Annotated[int, Field(ge=0)]
    tracker_gap_days: Between
    tracker_gap_share: Share
    tracker_gap_recorded_share: Share
    tracker_shallow_days: Between
    logging_count: Annotated[int, Field(ge=0)]
    logging_days: Between
    logging_depth: Scores


class Recovery(Frozen):
    """The way back from penalties and updates."""

    penalty_share: Share
    update_share: Share
    after_days: Between
    back_days: Between
    regained: Scores
    removal_share: Share
    disavow_share: Share
    removed_links_share: Share


class Behaviour(Frozen):
    """What owners do: buy because they fell, buy when everybody talks of an update."""

    reacts_share: Share
    reacts_after_days: Between
    near_update_share: Share
    near_update_days: Between
    apart_days: Annotated[int, Field(ge=1)]


class Tracking(Frozen):
    """The rank tracker that a share of sites has."""

    days: Annotated[int, Field(ge=60)]
    depth: Annotated[int, Field(ge=10)]
    noise_sd: Positive
    autocorrelation: Share
    missing_share: Share
    base_position: Scores


class SearchWorld(Frozen):
    """A whole world with a search engine."""

    links_world: str
    seed: int
    last_export_on: datetime.date
    performance_days: Annotated[int, Field(ge=200)]
    performance_delay_days: Annotated[int, Field(ge=0)]
    link_history_days: Annotated[int, Field(ge=200)]
    quiet_days: Annotated[int, Field(ge=30)]
    sites: SearchSites
    arrivals: Arrivals
    demand: Demand
    campaigns: dict[str, CampaignKind]
    penalty: Penalty
    updates: Updates
    causes: dict[Literal["outage", "result_page", "site_change", "unknown"], Cause]
    season: Season
    breaks: Breaks
    recovery: Recovery
    behaviour: Behaviour
    tracking: Tracking

    @property
    def last_performance_on(self) -> datetime.date:
        """Last day that search performance exports hold."""
        return self.last_export_on - datetime.timedelta(days=self.performance_delay_days)

    @property
    def first_performance_on(self) -> datetime.date:
        """First day of search performance."""
        return self.last_performance_on - datetime.timedelta(days=self.performance_days - 1)

    @property
    def days(self) -> tuple[datetime.date, ...]:
        """Every day of search performance, in order."""
        first = self.first_performance_on
        return tuple(first + datetime.timedelta(days=offset) for offset in range(self.performance_days))

    def day_number(self, day: datetime.date) -> int:
        """Place of a day among :attr:`days`; negative before them."""
        return (day - self.first_performance_on).days

    def changed(self, *, sites: int | None = None, seed: int | None = None) -> SearchWorld:
        """The same kind of world with another number of sites, or drawn anew."""
        changes: dict[str, Any] = {}
        if sites is not None:
            changes["sites"] = self.sites.model_copy(update={"count": sites})
        if seed is not None:
            changes["seed"] = seed
        return self.model_copy(update=changes)

    def link_parameters(self) -> WorldParameters:
        """The world of links under this one: sites drawn from its trades, pages as its kinds describe them."""
        raw = tomllib.loads((WORLDS / self.links_world).read_text(encoding="utf-8"))
        base = WorldParameters.model_validate(
            raw
            | {
                "seed": self.seed,
                "last_export_on": self.last_export_on,
                "link_history_days": self.link_history_days,
                "arrivals": self.arrivals,
            }
        )
        portfolio = Portfolio(
            trades=base.portfolio.trades if base.portfolio is not None else (),
            site_count=self.sites.count,
            link_daily_mean=self.sites.link_daily_mean,
            link_dispersion=self.sites.link_dispersion,
            background_spam_share=self.sites.background_spam_share,
            link_exports=(("ahrefs_backlinks_comma",),),
            outgoing_exports=((),),
        )
        return base.model_copy(
            update={"portfolio": portfolio, "sites": draw_sites(portfolio, self.seed, world="search")}
        )


def load_search_world(name: str) -> SearchWorld:
    """Read one of :data:`SEARCH_WORLDS`.

    Raises:
        UsageError: no world has that name.
        ValidationError: the file does not say what it must.
    """
    if name not in SEARCH_WORLDS:
        known = ", ".join(("demo", *SEARCH_WORLDS))
        raise UsageError("--world", repr(name), f"one of {known}", "Name one of them; docs/worlds.md describes them.")
    return SearchWorld.model_validate(tomllib.loads((WORLDS / f"{name}.toml").read_text(encoding="utf-8")))
