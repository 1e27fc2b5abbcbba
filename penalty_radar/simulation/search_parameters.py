"""Parameters of search performance and of the rank tracker."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from penalty_radar.simulation.link_parameters import Frozen, Positive, Share


class Drop(Frozen):
    """A lasting fall of rankings."""

    starts_on: datetime.date
    ramp_days: Annotated[int, Field(ge=1)]
    depth_share: Share
    cause: Literal["links", "update"]
    campaign: str | None = None
    update: str | None = None


class Outage(Frozen):
    """Days on which the site cannot be reached: clicks and impressions near zero, then back."""

    starts_on: datetime.date
    days: Annotated[int, Field(ge=1)]
    left_share: Share


class Search(Frozen):
    """Daily search performance of a site."""

    daily_clicks: Positive
    click_rate: Share
    position: Positive
    noise_sd: Positive
    weekdays: Literal["consumer", "business"]
    season_amplitude: Annotated[float, Field(ge=0)]
    season_peak_month: Annotated[int, Field(ge=1, le=12)]
    property_name: str
    drops: tuple[Drop, ...] = ()
    outages: tuple[Outage, ...] = ()


class SearchNoise(Frozen):
    """What all search series share."""

    autocorrelation: Share
    impressions_noise_share: Share
    position_sd: Positive
    weekday_factors: dict[Literal["consumer", "business"], tuple[Positive, ...]]
    results_page_break_on: datetime.date
    results_page_impressions_factor: Positive
    results_page_position_factor: Positive
    click_elasticity: Positive


class Tracker(Frozen):
    """What the rank tracker follows."""

    starts_on: datetime.date
    depth: Annotated[int, Field(ge=10)]
    position_noise_sd: Positive
    position_autocorrelation: Share
    missing_check_share: Share
