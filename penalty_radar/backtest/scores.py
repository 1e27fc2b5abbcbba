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
TELLING = (*ARRANGED, "unknown")
"""Origins under which an alarm tells of a campaign: people look at those, and at no natural growth or spam."""
ExportDays = Mapping[tuple[str, str], Sequence[datetime.date]]


@dataclass(frozen=True)
class JudgedCampaign:
    """A large campaign: the first export that shows its fifteenth domain, and the night and origin that told of it."""

    name: str
    mechanism: str
    shown_on: datetime.date
    told_on: datetime.date | None
    told_as: str | None

    @property
    def outcome(self) -> str:
        """``in time``, ``later`` or ``never``."""
        if self.told_on is None:
            return "never"
        return "in time" if self.told_on <= self.shown_on + datetime.timedelta(days=IN_TIME_DAYS) else "later"


@dataclass(frozen=True)
class Scores:
    """Counts and shares of one replay; shares and medians are None where there is nothing to take them of.

    ``lead_days`` runs from the alarm of a campaign to the fall it brought: positive is before the fall. ``judged`` has
    the large campaigns one by one.
    """

    nights: int
    site_years: float
    judged: tuple[JudgedCampaign, ...]
    drips: int
    drips_told: int
    lead_days: float | None
    led_falls: int
    false_surges: int
    false_drops: int

    @property
    def campaigns(self) -> int:
        """Large campaigns that the nights could tell."""
        return len(self.judged)

    @property
    def in_time(self) -> int:
        """Those that were alarmed in time."""
        return sum(campaign.outcome == "in time" for campaign in self.judged)

    @property
    def told(self) -> int:
        """Those that were alarmed at all."""
        return sum(campaign.told_on is not None for campaign in self.judged)

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
    matched = _match(truth.campaigns, surges, export_days)
    leads = [
        (fall.starts_on - matched[fall.campaign].night).days
        for fall in truth.falls
        if fall.campaign in matched and nights[0] < fall.starts_on <= nights[-1]
    ]
    sites = {site.site_domain for site in truth.sites if site.site_domain}
    return Scores(
        nights=len(nights),
        site_years=len(sites) * ((nights[-1] - nights[0]).days + 1) / YEAR,
        judged=tuple(_judge(campaign, shown_on, matched.get(campaign.name)) for campaign, shown_on in bursts),
        drips=len(drips),
        drips_told=sum(campaign.name in matched for campaign in drips),
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
        complete_on = day_complete(campaign)
        if complete_on is None:
            if nights[0] <= campaign.seen_on[0] and campaign.seen_on[-1] <= nights[-1]:
                drips.append(campaign)
            continue
        shown_on = _shown_on(campaign, complete_on, export_days)
        if shown_on is None or campaign.seen_on[0] <= nights[0]:
            continue
        if shown_on + datetime.timedelta(days=IN_TIME_DAYS) <= nights[-1]:
            bursts.append((campaign, shown_on))
    return bursts, drips


def day_complete(campaign: PlantedCampaign) -> datetime.date | None:
    """The first day by which fifteen of its domains had come within four weeks; None for a drip."""
    days = campaign.seen_on
    for first, last in zip(days, days[LARGE_CAMPAIGN - 1 :], strict=False):
        if (last - first).days < CAMPAIGN_DAYS:
            return last
    return None


def _shown_on(campaign: PlantedCampaign, day: datetime.date, export_days: ExportDays) -> datetime.date | None:
    """The first export that lists what was seen by ``day``; None where none does.

    A single export is replayed as if there had been one every day until its own.
    """
    days = export_days.get((campaign.site_domain, campaign.provider), ())
    if len(days) == 1 and day <= days[0]:
        return day
    return next((exported_on for exported_on in days if exported_on >= day), None)


def _match(
    campaigns: Sequence[PlantedCampaign], surges: Sequence[_Alarm], export_days: ExportDays
) -> dict[str, _Alarm]:
    """By name of an arranged campaign of any size the alarm that told of it; each alarm tells of one campaign.

    Alarms come in the order in which they were told; each stands for the campaign of the nearest start, among those
    over whose days it lies, whose first domain an export had shown, and for which no alarm before it stands.
    """
    first_shown = {
        campaign.name: shown_on
        for campaign in campaigns
        if campaign.origin in ARRANGED
        and (shown_on := _shown_on(campaign, campaign.seen_on[0], export_days)) is not None
    }
    matched: dict[str, _Alarm] = {}
    for night in sorted({alarm.night for alarm in surges}):
        pairs = sorted(
            (abs((alarm.starts_on - campaign.seen_on[0]).days), campaign.name, place)
            for place, alarm in enumerate(surges)
            if alarm.night == night and alarm.series in TELLING
            for campaign in campaigns
            if campaign.name in first_shown
            and campaign.name not in matched
            and night >= first_shown[campaign.name]
            and _is_over(alarm, campaign)
        )
        used: set[int] = set()
        for _, name, place in pairs:
            if name not in matched and place not in used:
                matched[name] = surges[place]
                used.add(place)
    return matched


def _judge(campaign: PlantedCampaign, shown_on: datetime.date, alarm: _Alarm | None) -> JudgedCampaign:
    told_on, told_as = (None, None) if alarm is None else (alarm.night, alarm.series)
    return JudgedCampaign(campaign.name, campaign.mechanism, shown_on, told_on, told_as)


def _is_over(alarm: _Alarm, campaign: PlantedCampaign) -> bool:
    """Whether a surge lies over the days on which a campaign of its site was seen, be it bought, earned or suffered.

    What was told before its first domain was seen cannot be about it.
    """
    reach = datetime.timedelta(days=SURGE_REACH)
    return (
        alarm.site_domain == campaign.site_domain
        and alarm.provider == campaign.provider
        and alarm.night >= campaign.seen_on[0]
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
