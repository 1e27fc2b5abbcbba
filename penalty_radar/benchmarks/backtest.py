"""Nights replayed over a simulated portfolio whose sites export daily, weekly or monthly.

The portfolio is the test world's with more campaigns (a few a year and site, so that there are enough to count). Each
site's files are those it would have downloaded on each day, read by ingest like any other; links come as often as the
cadence says, search performance weekly at most. Replayed are the nights on which links were exported: all of them for a
quarter of a year (daily), a year (weekly) and two years (monthly). Told are campaigns alarmed in time, the lead before
the drop, and false alarms.
"""

from __future__ import annotations

import datetime
import math
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from penalty_radar import walk
from penalty_radar.backtest import Scores
from penalty_radar.backtest.command import replay_exports
from penalty_radar.benchmarks.rows import Row, make_row
from penalty_radar.simulation.search_engine import SearchWorld, load_search_world
from penalty_radar.simulation.search_engine.dated_exports import write_dated_exports
from transforms.settings import load_settings

WORLD = "search_test"
SITES = 8
IN_TIME_BAR = 0.9
FALSE_BAR = 0.5
CAMPAIGNS = {"bought": 9.0, "link_programme": 3.0}
"""Campaigns a site in two years, of mechanisms that every site of this portfolio uses."""


@dataclass(frozen=True)
class Cadence:
    """How often sites export, and how many nights are replayed."""

    name: str
    every_days: int
    nights: int


CADENCES = (Cadence("daily", 1, 91), Cadence("weekly", 7, 52), Cadence("monthly", 30, 24))


def measure_rows() -> list[Row]:
    """One case per cadence; metrics with bars are the share alarmed in time and false alarms a site-year."""
    return [row for cadence in CADENCES for row in _tell(cadence, *measure_cadence(cadence))]


def backtest_world(sites: int = SITES) -> SearchWorld:
    """The test world with campaigns in every site."""
    world = load_search_world(WORLD).changed(sites=sites)
    campaigns = {
        name: kind.model_copy(update={"sites_share": 1.0, "per_site_mean": CAMPAIGNS[name]})
        if name in CAMPAIGNS
        else kind
        for name, kind in world.campaigns.items()
    }
    everybody = world.sites.model_copy(update={"links_only_share": 0.0, "tracker_share": 0.0, "outlinks_share": 0.0})
    return world.model_copy(update={"campaigns": campaigns, "sites": everybody})


def measure_cadence(cadence: Cadence, *, sites: int = SITES) -> tuple[Scores, float]:
    """Scores of one cadence and the seconds of processor time that a night took."""
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
        started = time.process_time()
        replayed = replay_exports(settings, nights, truth=truth)
        seconds = (time.process_time() - started) / len(nights)
    if replayed.scores is None:
        raise RuntimeError("a simulated portfolio has a truth")
    return replayed.scores, seconds


def _tell(cadence: Cadence, scores: Scores, seconds: float) -> list[Row]:
    table, share = "nights replayed, by how often sites export", scores.in_time_share
    values = {
        "nights": scores.nights,
        "campaigns of 15 domains within 28 days": scores.campaigns,
        "told at all": scores.told / scores.campaigns if scores.campaigns else math.nan,
        "drips (apart)": scores.drips,
        "drips told": scores.drips_told / scores.drips if scores.drips else math.nan,
        "median lead before the drop, days": math.nan if scores.lead_days is None else scores.lead_days,
        "drops with a lead": scores.led_falls,
        "false surges": scores.false_surges,
        "false drops": scores.false_drops,
        "site-years": scores.site_years,
        "seconds a night": seconds,
    }
    false = scores.false_a_site_year
    bars = [
        make_row(table, cadence.name, "alarmed within 7 days", math.nan if share is None else share, f"≥ {IN_TIME_BAR}",
                 None if share is None else share >= IN_TIME_BAR),
        make_row(table, cadence.name, "false alarms a site-year", false, f"≤ {FALSE_BAR}", false <= FALSE_BAR),
    ]  # fmt: skip
    return [*bars, *(make_row(table, cadence.name, metric, value) for metric, value in values.items())]


if __name__ == "__main__":
    chosen = sys.argv[1:] or [cadence.name for cadence in CADENCES]
    for one in CADENCES:
        if one.name in chosen:
            sys.stdout.writelines(
                f"{row['case']}: {row['metric']} {row['value']}\n" for row in _tell(one, *measure_cadence(one))
            )
