"""The world of the backtest, and what its tables say of campaigns."""

import csv
import datetime
from collections import Counter

from penalty_radar.backtest import JudgedCampaign, Scores
from penalty_radar.backtest.scores import ARRANGED
from penalty_radar.benchmarks.backtest import Cadence, Measured, backtest_world, tell_rows
from penalty_radar.simulation.search_engine import load_search_world
from penalty_radar.simulation.search_engine.dated_exports import write_dated_exports

SHOWN = datetime.date(2026, 3, 1)


def judged(name: str, mechanism: str, told_after: int | None) -> JudgedCampaign:
    told_on = None if told_after is None else SHOWN + datetime.timedelta(days=told_after)
    return JudgedCampaign(name, mechanism, SHOWN, told_on, None if told_on is None else "bought")


def test_the_world_keeps_the_mix_of_the_test_world():
    kinds, usual = backtest_world().campaigns, load_search_world("search_test").campaigns
    often = {name: kind.sites_share * kind.per_site_mean for name, kind in kinds.items()}
    factors = {
        round(often[name] / (kind.sites_share * kind.per_site_mean), 6)
        for name, kind in usual.items()
        if kind.origin in ARRANGED
    }
    assert factors == {2.0}
    assert kinds["wave"] == usual["wave"]
    assert kinds["attack"] == usual["attack"]


def test_tables_tell_what_became_of_campaigns_by_mechanism_and_by_recognition():
    scores = Scores(
        nights=24, site_years=30.0, drips=0, drips_told=0, lead_days=None, led_falls=0, false_surges=3, false_drops=0,
        judged=(judged("a", "rented", 7), judged("b", "rented", 8), judged("c", "guest_post", None)),
    )  # fmt: skip
    origins = {
        "a": Counter(bought=16, natural=4),
        "b": Counter(bought=5, guest_post=5, natural=10),
        "c": Counter(natural=20),
    }
    own = {"a": "bought", "b": "bought", "c": "guest_post"}
    rows = tell_rows({Cadence("monthly", 30, 24): Measured(scores, origins, own, 5.0)})
    told = {(row["case"], row["metric"]): row["value"] for row in rows}
    assert told["monthly, 24 nights", "alarmed within 7 days"] == 0.3333
    assert told["monthly, 24 nights", "false alarms a site-year"] == 0.1
    rented = "monthly, 24 nights: rented"
    assert [told[rented, metric] for metric in ("told in time", "told later", "never told")] == [1, 1, 0]
    assert told[rented, "domains told as arranged"] == 0.65
    assert told[rented, "domains told as their own origin"] == 0.525
    assert told["monthly, 24 nights: guest_post", "domains told as natural"] == 1.0
    assert told["monthly, 24 nights: 15 or more", "campaigns"] == 1
    assert told["monthly, 24 nights: 7 or fewer", "campaigns"] == 2


def test_the_truth_of_dated_exports_has_what_the_last_of_them_no_longer_lists(tmp_path):
    world = backtest_world(1)
    quiet = world.sites.model_copy(update={"link_daily_mean": (0.05, 0.06)})
    world = world.model_copy(update={"sites": quiet})
    days = [world.last_export_on - datetime.timedelta(days=back) for back in (420, 0)]
    truth = write_dated_exports(tmp_path, world, name="t", days=days)
    pages = []
    for day in days:
        (path,) = (tmp_path / "exports").rglob(f"*backlinks*{day}*")
        with path.open(encoding="utf-8-sig", newline="") as file:
            pages.append(" ".join(row["Referring page URL"] for row in csv.DictReader(file)))
    planted = [
        (domain, seen_on)
        for campaign in truth.campaigns
        for domain, seen_on in zip(campaign.source_domains, campaign.seen_on, strict=True)
    ]
    assert planted
    assert all(domain in pages[0] or domain in pages[1] for domain, _ in planted)
    gone = [seen_on for domain, seen_on in planted if domain not in pages[1]]
    assert gone
    assert max(gone) <= days[0]
