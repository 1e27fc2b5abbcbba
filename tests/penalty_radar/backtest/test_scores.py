"""What counts as alarmed in time, as a lead, and as a false alarm."""

import datetime

import pandas as pd

from penalty_radar.backtest import ALARM_COLUMNS, score_alarms
from penalty_radar.simulation.search_engine.truth import PlantedCampaign, PlantedFall, SearchTruth
from penalty_radar.simulation.truth import SiteTruth

START = datetime.date(2026, 1, 1)
NIGHTS = [START + datetime.timedelta(days=number) for number in range(366)]
SITE = "kaas.example"


def day(number: int) -> datetime.date:
    return START + datetime.timedelta(days=number)


def campaign(name: str, seen: list[int], origin: str = "bought") -> PlantedCampaign:
    return PlantedCampaign(
        name=name, mechanism=origin, site_domain=SITE, provider="ahrefs_backlinks", origin=origin,
        starts_on=day(seen[0]), ends_on=day(seen[-1]), domain_count=len(seen), target_paths=("/kaas/",), keywords=(),
        seen_on=tuple(map(day, seen)), views=(),
    )  # fmt: skip


def fall(start: int, campaign_name: str | None = None) -> PlantedFall:
    return PlantedFall(
        name=f"fall {start}", site_domain=SITE, providers=("search_console",),
        cause="links" if campaign_name else "update",
        starts_on=day(start), settled_on=day(start + 3), depth_share=0.4, scope="site", parts=(), queries=(),
        campaign=campaign_name,
    )  # fmt: skip


def alarm(night: int, kind: str, start: int, end: int | None, series: str = "bought") -> tuple[object, ...]:
    provider = "ahrefs_backlinks" if kind == "surge" else "search_console"
    ends_on = None if end is None else day(end)
    return (
        day(night),
        kind,
        f"{kind}{night}",
        SITE,
        provider,
        series,
        day(start),
        ends_on,
        day(night),
        20.0,
        0.001,
        False,
    )


def score(campaigns, falls, alarms, exports=range(0, 366, 7)):
    truth = SearchTruth(
        world="t", seed=1, last_export_on=NIGHTS[-1], first_performance_on=START, last_performance_on=NIGHTS[-1],
        sites=(SiteTruth(site_domain=SITE, world="t", files=(), domain_origins={}),),
        campaigns=tuple(campaigns), falls=tuple(falls),
    )  # fmt: skip
    days = {(SITE, "ahrefs_backlinks"): [day(number) for number in exports]}
    return score_alarms(pd.DataFrame(alarms, columns=list(ALARM_COLUMNS)), truth, days, NIGHTS)


def test_seven_days_run_from_the_export_that_shows_the_fifteenth_domain():
    bought = campaign("a", [100] * 10 + [104] * 8)
    assert score([bought], [], [alarm(112, "surge", 100, 104)]).in_time == 1  # day 105 is the export
    late = score([bought], [], [alarm(113, "surge", 100, 104)])
    assert (late.in_time, late.told, late.campaigns) == (0, 1, 1)


def test_a_natural_alarm_tells_nobody_of_a_campaign():
    assert score([campaign("a", [100] * 20)], [], [alarm(101, "surge", 100, 100, "natural")]).told == 0


def test_drips_small_campaigns_and_earned_waves_stand_apart():
    drip, small = campaign("drip", list(range(50, 250, 10))), campaign("small", [100] * 14)
    found = score([drip, small, campaign("wave", [100] * 40, "natural")], [], [])
    assert (found.campaigns, found.drips) == (0, 1)


def test_the_lead_runs_from_the_first_alarm_to_the_fall():
    found = score([campaign("a", [100] * 20)], [fall(130, "a")], [alarm(105, "surge", 100, 100)])
    assert (found.lead_days, found.led_falls) == (25.0, 1)


def test_alarms_over_nothing_planted_are_false_and_over_waves_they_are_not():
    wave = campaign("wave", [100] * 40, "natural")
    alarms = [
        alarm(105, "surge", 100, 102, "natural"),
        alarm(205, "surge", 200, 203),
        alarm(140, "drop", 120, None, "site"),
        alarm(300, "drop", 290, None, "site"),
    ]
    found = score([wave], [fall(125)], alarms)
    assert (found.false_surges, found.false_drops) == (1, 1)
    assert score([], [], [alarm(0, "surge", 0, 3)]).false_surges == 0  # the first night looks back over the past
    assert round(found.false_a_site_year, 2) == 2.0


def test_an_alarm_of_before_the_campaign_could_be_seen_is_not_about_it():
    bought = campaign("a", [100] * 20)
    before = score([bought], [fall(130, "a")], [alarm(98, "surge", 94, 98)])
    assert (before.told, before.lead_days, before.false_surges) == (0, None, 1)
    between = score([bought], [], [alarm(101, "surge", 94, 98)])  # the first export to show it is day 105
    assert between.told == 0
    assert score([bought], [], [alarm(105, "surge", 94, 101)]).in_time == 1


def test_an_alarm_stands_for_one_campaign_that_of_the_nearest_start():
    first, second = campaign("a", [100] * 20), campaign("b", [106] * 20)
    falls = [fall(140, "a"), fall(150, "b")]
    one = score([first, second], falls, [alarm(112, "surge", 105, 108)])
    assert {found.name: found.outcome for found in one.judged} == {"a": "never", "b": "in time"}
    assert (one.lead_days, one.led_falls) == (38.0, 1)
    both = score([first, second], falls, [alarm(112, "surge", 105, 108), alarm(119, "surge", 100, 104, "unknown")])
    assert {found.name: (found.outcome, found.told_as) for found in both.judged} == {
        "a": ("later", "unknown"),
        "b": ("in time", "bought"),
    }


def test_an_alarm_of_a_small_campaign_does_not_tell_of_the_large_one_beside_it():
    small, large = campaign("small", [100] * 9), campaign("large", [112] * 20)
    found = score([small, large], [], [alarm(112, "surge", 100, 103), alarm(119, "surge", 112, 112)])
    assert [(each.name, each.outcome) for each in found.judged] == [("large", "in time")]
    assert score([small, large], [], [alarm(112, "surge", 100, 103)]).told == 0


def test_alarms_of_spam_tell_nobody_of_a_campaign_and_those_of_unknown_origin_do():
    bought = campaign("a", [100] * 20)
    assert score([bought], [], [alarm(105, "surge", 100, 100, "spam")]).told == 0
    assert score([bought], [], [alarm(105, "surge", 100, 100, "unknown")]).in_time == 1


def test_a_single_export_is_judged_as_if_there_had_been_one_every_day():
    bought = campaign("a", [100] * 10 + [104] * 8)
    assert score([bought], [], [alarm(111, "surge", 100, 104)], exports=[360]).in_time == 1
    assert score([bought], [], [alarm(112, "surge", 100, 104)], exports=[360]).in_time == 0
    assert score([bought], [], [], exports=[90]).campaigns == 0
