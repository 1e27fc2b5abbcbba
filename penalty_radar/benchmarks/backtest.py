"""Nights replayed over a simulated portfolio whose sites export daily, weekly or monthly.

The portfolio is the test world's with about three large campaigns a site in two years, in the world's own mix. Each
site's files are those it would have downloaded on each day, read by ingest like any other; links come as often as the
cadence says, search performance weekly at most. Replayed is every night on which links were exported, over a stretch of
the two years that the case names; each is judged as it would have been. Told are campaigns alarmed in time, the lead
before the drop, false alarms, and what became of campaigns by mechanism and by how well their links were recognised.
"""

from __future__ import annotations

import datetime
import math
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from penalty_radar import walk
from penalty_radar.backtest import JudgedCampaign, Scores, day_complete
from penalty_radar.backtest.command import replay_exports
from penalty_radar.backtest.scores import ARRANGED, TELLING
from penalty_radar.benchmarks.rows import Row, make_row
from penalty_radar.simulation.search_engine import SearchWorld, load_search_world
from penalty_radar.simulation.search_engine.dated_exports import write_dated_exports
from penalty_radar.simulation.search_engine.truth import PlantedCampaign
from transforms.settings import load_settings

WORLD = "search_test"
SITES = 16
IN_TIME_BAR = 0.9
FALSE_BAR = 0.5
CAMPAIGNS_FACTOR = 2.0
"""Every site arranges links, twice as often as the world's average site: about three large campaigns in two years."""
SIZES = (("15 or more", 15, 10**6), ("8 to 14", 8, 14), ("7 or fewer", 0, 7))
"""Domains of a campaign told under one origin that people look at: name, least, most."""


@dataclass(frozen=True)
class Cadence:
    """How often sites export, and how many nights are replayed."""

    name: str
    every_days: int
    nights: int

    @property
    def case(self) -> str:
        """Its name in the tables."""
        return f"{self.name}, {self.nights} nights"


CADENCES = (Cadence("daily", 1, 60), Cadence("weekly", 7, 52), Cadence("monthly", 30, 24))


@dataclass
class Recognised:
    """How the domains of large campaigns were told on the first night that knew fifteen of them, by campaign."""

    campaigns: Sequence[PlantedCampaign]
    origins: dict[str, Counter[str]] = field(default_factory=dict)

    def note(self, connection: duckdb.DuckDBPyConnection, night: datetime.date) -> None:
        """Count the origins of each campaign that this night is the first to know."""
        for campaign in self.campaigns:
            complete_on = day_complete(campaign)
            if campaign.name in self.origins or complete_on is None or complete_on > night:
                continue
            told = connection.execute(
                "SELECT origin, count(*) FROM signals.domain_origins WHERE site_domain = ? AND provider = ? "
                "AND list_contains(?, source_domain) GROUP BY origin",
                [campaign.site_domain, campaign.provider, list(campaign.source_domains)],
            ).fetchall()
            self.origins[campaign.name] = Counter(dict(told))


@dataclass(frozen=True)
class Measured:
    """What one cadence gave; ``own`` is the origin that each campaign truly has, ``seconds`` of processor a night."""

    scores: Scores
    origins: dict[str, Counter[str]]
    own: dict[str, str]
    seconds: float


def measure_rows() -> list[Row]:
    """A case per cadence; metrics with bars are the share alarmed in time and false alarms a site-year."""
    return tell_rows({cadence: measure_cadence(cadence) for cadence in CADENCES})


def tell_rows(measured: dict[Cadence, Measured]) -> list[Row]:
    """The rows of what was measured, by cadence."""
    tables: tuple[Callable[[str, Measured], list[Row]], ...] = (_tell_cadence, _tell_mechanisms, _tell_recognition)
    return [row for tell in tables for cadence, found in measured.items() for row in tell(cadence.case, found)]


def backtest_world(sites: int = SITES) -> SearchWorld:
    """The test world, in which every site arranges links as often as :data:`CAMPAIGNS_FACTOR` says."""
    world = load_search_world(WORLD).changed(sites=sites)
    campaigns = {
        name: kind.model_copy(
            update={"sites_share": 1.0, "per_site_mean": CAMPAIGNS_FACTOR * kind.sites_share * kind.per_site_mean}
        )
        if kind.origin in ARRANGED
        else kind
        for name, kind in world.campaigns.items()
    }
    everybody = world.sites.model_copy(update={"links_only_share": 0.0, "tracker_share": 0.0, "outlinks_share": 0.0})
    return world.model_copy(update={"campaigns": campaigns, "sites": everybody})


def measure_cadence(cadence: Cadence, *, sites: int = SITES) -> Measured:
    """Write the exports of a cadence, replay its nights and compare what they told with the truth."""
    world = backtest_world(sites)
    last = world.last_export_on
    nights = [last - datetime.timedelta(days=cadence.every_days * back) for back in range(cadence.nights - 1, -1, -1)]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        truth = write_dated_exports(folder, world, name=WORLD, days=nights)
        settings = load_settings(
            {
                "PENALTY_RADAR_EXPORTS": str(folder / "exports"),
                "PENALTY_RADAR_WAREHOUSE": str(folder / "backtest.duckdb"),
                "PENALTY_RADAR_SITES": str(folder / "sites.toml"),
            },
            walk.CHECKOUT,
        )
        walk.ingest_paths(settings)
        recognised = Recognised([campaign for campaign in truth.campaigns if campaign.origin in ARRANGED])
        started = time.process_time()
        replayed = replay_exports(settings, nights, truth=truth, after_night=recognised.note)
        seconds = (time.process_time() - started) / len(nights)
    if replayed.scores is None:
        raise RuntimeError("a simulated portfolio has a truth")
    own = {campaign.name: campaign.origin for campaign in truth.campaigns}
    return Measured(replayed.scores, recognised.origins, own, seconds)


def _tell_cadence(case: str, measured: Measured) -> list[Row]:
    table, scores, share = "nights replayed, by how often sites export", measured.scores, measured.scores.in_time_share
    values = {
        "nights": scores.nights,
        "campaigns of 15 domains within 28 days": scores.campaigns,
        "told at all": _share(scores.told, scores.campaigns),
        "drips (apart)": scores.drips,
        "drips told": _share(scores.drips_told, scores.drips),
        "median lead before the drop, days": math.nan if scores.lead_days is None else scores.lead_days,
        "drops with a lead": scores.led_falls,
        "false surges": scores.false_surges,
        "false drops": scores.false_drops,
        "site-years": scores.site_years,
        "seconds a night": measured.seconds,
    }
    false = scores.false_a_site_year
    bars = [
        make_row(table, case, "alarmed within 7 days", math.nan if share is None else share, f"≥ {IN_TIME_BAR}",
                 None if share is None else share >= IN_TIME_BAR),
        make_row(table, case, "false alarms a site-year", false, f"≤ {FALSE_BAR}", false <= FALSE_BAR),
    ]  # fmt: skip
    return [*bars, *(make_row(table, case, metric, value) for metric, value in values.items())]


def _tell_mechanisms(case: str, measured: Measured) -> list[Row]:
    rows = []
    for mechanism in sorted({campaign.mechanism for campaign in measured.scores.judged}):
        chosen = [campaign for campaign in measured.scores.judged if campaign.mechanism == mechanism]
        rows += _tell_outcomes("campaigns by mechanism", f"{case}: {mechanism}", chosen, measured)
    return rows


def _tell_recognition(case: str, measured: Measured) -> list[Row]:
    """By the largest number of a campaign's domains under one origin that people look at: a surge is of one origin."""
    title = "campaigns by how many of their domains were told under one arranged origin (or unknown)"
    rows = []
    for name, least, most in SIZES:
        chosen = [
            campaign
            for campaign in measured.scores.judged
            if least <= max(measured.origins[campaign.name][origin] for origin in TELLING) <= most
        ]
        if chosen:
            rows += _tell_outcomes(title, f"{case}: {name}", chosen, measured)
    return rows


def _tell_outcomes(title: str, case: str, chosen: Sequence[JudgedCampaign], measured: Measured) -> list[Row]:
    """What became of campaigns, and the mean shares of their domains by how they were told."""
    outcomes = Counter(campaign.outcome for campaign in chosen)
    told = [(measured.origins[campaign.name], measured.own[campaign.name]) for campaign in chosen]
    values = {
        "campaigns": len(chosen),
        "told in time": outcomes["in time"],
        "told later": outcomes["later"],
        "never told": outcomes["never"],
        "share told in time": _share(outcomes["in time"], len(chosen)),
        "domains told as arranged": _mean(
            _share(sum(found[name] for name in ARRANGED), found.total()) for found, _ in told
        ),
        "domains told as their own origin": _mean(_share(found[own], found.total()) for found, own in told),
        "domains told as natural": _mean(_share(found["natural"], found.total()) for found, _ in told),
    }
    return [make_row(title, case, metric, value) for metric, value in values.items()]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _mean(shares: Iterable[float]) -> float:
    return statistics.fmean(share for share in shares if not math.isnan(share))
