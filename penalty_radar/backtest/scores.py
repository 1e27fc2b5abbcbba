"""What the nights told beside what was planted: campaigns alarmed in time, lead before the drop, false alarms."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from penalty_radar.simulation.search_engine.truth import PlantedCampaign, PlantedFall, SearchTruth

LARGE_CAMPAIGN = 15
"""New referring domains from which a campaign must be alarmed."""
CAMPAIGN_DAYS = 28
"""Days within which they come; slower ones are drips and stand apart."""
IN_TIME_DAYS = 7
"""Days after an export shows the fifteenth domain by which somebody must have been told."""
SURGE_REACH = 10
"""Days by which an alarm may lie beside those of a campaign: first sight is blurred, and a surge's edges are found."""
DROP_REACH = 21
"""Days by which an alarm of a drop may lie beside the planted fall."""
YEAR = 365.25

ARRANGED = ("bought", "exchanged", "guest_post", "link_programme")
ExportDays = Mapping[tuple[str, str], Sequence[datetime.date]]


@dataclass(frozen=True)
class Scores:
    """Counts and shares of one replay; shares and medians are None where there is nothing to take them of.

    ``lead_days`` runs from the first alarm of a campaign to the fall it brought: positive is before the fall.
    """

    nights: int
    site_years: float
    campaigns: int
    in_time: int
    told: int
    drips: int
    drips_told: int
    lead_days: float | None
    led_falls: int
    false_surges: int
    false_drops: int

    @property
    def in_time_share(self) -> float | None:
        """Share of large campaigns that were alarmed in time."""
        return self.in_time / self.campaigns if self.campaigns else None

    @property
    def false_a_site_year(self) -> float:
        """False alarms of both kinds, per site and year."""
        return (self.false_surges + self.false_drops) / self.site_years if self.site_years else 0.0


def score_alarms(
    alarms: pd.DataFrame, truth: SearchTruth, export_days: ExportDays, nights: Sequence[datetime.date]
) -> Scores:
    """Compare alarms (columns of :data:`penalty_radar.backtest.nights.ALARM_COLUMNS`) with the truth.

    What the first night tells is the backfill of all that came before it and is not counted as false: it stands for
    years that were not replayed.

    Args:
        alarms: what the nights told, each finding once.
        truth: of the portfolio.
        export_days: by site and provider the days of its exports.
        nights: the nights that were replayed, in order.
    """
    told = [_Alarm.of(row) for row in alarms.to_dict("records")]
    surges = [alarm for alarm in told if alarm.kind == "surge"]
    drops = [alarm for alarm in told if alarm.kind == "drop"]
    bursts, drips = _split(truth.campaigns, export_days, nights)
    first_told = {campaign.name: _first_told(campaign, surges) for campaign in truth.campaigns}
    leads = [
        (fall.starts_on - alarmed_on).days
        for fall in truth.falls
        if fall.campaign and (alarmed_on := first_told.get(fall.campaign)) and nights[0] < fall.starts_on <= nights[-1]
    ]
    sites = {site.site_domain for site in truth.sites if site.site_domain}
    return Scores(
        nights=len(nights),
        site_years=len(sites) * ((nights[-1] - nights[0]).days + 1) / YEAR,
        campaigns=len(bursts),
        in_time=sum(_is_in_time(first_told[campaign.name], shown_on) for campaign, shown_on in bursts),
        told=sum(first_told[campaign.name] is not None for campaign, _ in bursts),
        drips=len(drips),
        drips_told=sum(first_told[campaign.name] is not None for campaign in drips),
        lead_days=float(statistics.median(leads)) if leads else None,
        led_falls=len(leads),
        false_surges=sum(
            not any(_is_over(alarm, planted) for planted in truth.campaigns)
            for alarm in surges
            if alarm.night > nights[0]
        ),
        false_drops=sum(
            not any(_is_fall(alarm, fall) for fall in truth.falls) for alarm in drops if alarm.night > nights[0]
        ),
    )


@dataclass(frozen=True)
class _Alarm:
    night: datetime.date
    kind: str
    site_domain: str
    provider: str
    series: str
    starts_on: datetime.date
    ends_on: datetime.date

    @classmethod
    def of(cls, row: Mapping[Hashable, Any]) -> _Alarm:
        ends_on = row["ends_on"]
        return cls(
            night=pd.Timestamp(row["night"]).date(),
            kind=row["kind"],
            site_domain=row["site_domain"],
            provider=row["provider"],
            series=row["series"],
            starts_on=pd.Timestamp(row["starts_on"]).date(),
            ends_on=datetime.date.max if pd.isna(ends_on) else pd.Timestamp(ends_on).date(),
        )


def _split(
    campaigns: Sequence[PlantedCampaign], export_days: ExportDays, nights: Sequence[datetime.date]
) -> tuple[list[tuple[PlantedCampaign, datetime.date]], list[PlantedCampaign]]:
    """Large arranged campaigns that the nights could tell: bursts with the day an export showed them, and drips."""
    bursts, drips = [], []
    for campaign in campaigns:
        if campaign.origin not in ARRANGED or len(campaign.seen_on) < LARGE_CAMPAIGN:
            continue
        complete_on = _complete_on(campaign)
        if complete_on is None:
            if nights[0] <= campaign.seen_on[0] and campaign.seen_on[-1] <= nights[-1]:
                drips.append(campaign)
            continue
        shown = [day for day in export_days[campaign.site_domain, campaign.provider] if day >= complete_on]
        if shown and campaign.seen_on[0] > nights[0] and shown[0] + datetime.timedelta(days=IN_TIME_DAYS) <= nights[-1]:
            bursts.append((campaign, shown[0]))
    return bursts, drips


def _complete_on(campaign: PlantedCampaign) -> datetime.date | None:
    """The first day by which fifteen of its domains had come within four weeks; None for a drip."""
    days = campaign.seen_on
    for first, last in zip(days, days[LARGE_CAMPAIGN - 1 :], strict=False):
        if (last - first).days < CAMPAIGN_DAYS:
            return last
    return None


def _first_told(campaign: PlantedCampaign, surges: Sequence[_Alarm]) -> datetime.date | None:
    """The first night that told of it under any origin but natural."""
    return min(
        (alarm.night for alarm in surges if alarm.series != "natural" and _is_over(alarm, campaign)), default=None
    )


def _is_in_time(told_on: datetime.date | None, shown_on: datetime.date) -> bool:
    return told_on is not None and told_on <= shown_on + datetime.timedelta(days=IN_TIME_DAYS)


def _is_over(alarm: _Alarm, campaign: PlantedCampaign) -> bool:
    """Whether a surge lies over the days on which a campaign of its site was seen, be it bought, earned or suffered."""
    reach = datetime.timedelta(days=SURGE_REACH)
    return (
        alarm.site_domain == campaign.site_domain
        and alarm.provider == campaign.provider
        and alarm.starts_on <= campaign.seen_on[-1] + reach
        and alarm.ends_on >= campaign.seen_on[0] - reach
    )


def _is_fall(alarm: _Alarm, fall: PlantedFall) -> bool:
    reach = datetime.timedelta(days=DROP_REACH)
    return (
        alarm.site_domain == fall.site_domain
        and alarm.provider in fall.providers
        and fall.starts_on - reach <= alarm.starts_on <= fall.settled_on + reach
    )
