"""Alerts: small nights in, alerts out."""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.alerts import (
    Alert,
    deliver_alerts,
    find_new_alerts,
    held_back_on,
    name_check,
    say_alert,
    tell_people,
)
from reports.messages import FOLDER, LANGUAGES
from tests.reports.alert_nights import AS_OF, NOW, SITE, Night, day, open_night, told


@pytest.fixture
def night() -> Iterator[Night]:
    with open_night() as made:
        yield made


SURGES = [
    ({"origin": "bought"}, "warning"),
    ({"origin": "guest_post"}, "warning"),
    ({"origin": "unknown"}, "info"),
    ({"origin": "spam", "excess_count": 5000.0}, "info"),
    ({"origin": "natural"}, None),
    ({"is_active": False}, None),
]


@pytest.mark.parametrize(("row", "severity"), SURGES)
def test_which_surges_alert_and_how_urgent(night: Night, row: dict[str, Any], severity: str | None) -> None:
    night.surge(**row)
    assert told(night.raise_alerts()) == ([("surge", "s1", severity)] if severity else [])


@pytest.mark.parametrize(
    ("origin", "reading", "is_told"),
    [
        ("unknown", "earned_growth", False),
        ("unknown", "concentrated", True),
        ("bought", "earned_growth", True),  # cannot be; were it so, it must not silence a warning
        ("spam", "earned_growth", True),
    ],
)
def test_earned_growth_of_unknown_origin_does_not_alarm(night: Night, origin: str, reading: str, is_told: bool) -> None:
    night.surge(origin=origin)
    night.add("surges.surge_composition", {"surge_id": "s1", "origin": origin, "reading": reading})
    assert bool(night.raise_alerts()) == is_told


def test_growth_that_turns_out_not_to_be_earned_is_told_then(night: Night) -> None:
    night.surge(origin="unknown")
    night.add("surges.surge_composition", {"surge_id": "s1", "origin": "unknown", "reading": "earned_growth"})
    assert night.raise_alerts() == []
    tomorrow = night.next_night()
    night.add(
        "surges.surge_composition",
        {"surge_id": "s1", "origin": "unknown", "reading": "concentrated", "as_of": tomorrow},
    )
    assert told(night.raise_alerts(tomorrow)) == [("surge", "s1", "info")]


@pytest.mark.parametrize(("is_declared", "severity"), [(True, "info"), (False, "warning")])
def test_a_declared_campaign_pages_nobody(night: Night, is_declared: bool, severity: str) -> None:
    night.surge(origin="bought")
    night.declare(is_declared=is_declared)
    alerts = night.raise_alerts()
    assert told(alerts) == [("surge", "s1", severity)]
    for language, words in (("en", "35 of the 60"), ("nl", "35 van de 60")):
        text = "\n".join(say_alert(alerts[0], language))
        assert (words in text) == is_declared


def test_a_campaign_that_outgrows_its_list_is_told_as_urgent_then(night: Night) -> None:
    night.surge(origin="bought")
    night.declare(is_declared=True)
    assert told(night.raise_alerts()) == [("surge", "s1", "info")]
    tomorrow = night.next_night()
    night.declare(is_declared=False, as_of=tomorrow)
    assert told(night.raise_alerts(tomorrow)) == [("surge", "s1", "warning")]


def test_a_declared_campaign_in_one_provider_hides_no_other_surge_of_the_days(night: Night) -> None:
    night.surge(origin="bought", excess_count=90.0)
    night.declare(is_declared=True)
    night.surge("s2", origin="bought", provider="majestic")
    assert told(night.raise_alerts()) == [("surge", "s2", "warning")]


DROPS = [
    ({}, "warning"),
    ({"depth_share": 0.5}, "critical"),
    ({"is_provisional": True}, "warning"),
    ({"is_active": False}, None),
    ({"detected_on": day("11-02")}, "warning"),
    ({"detected_on": day("11-01")}, None),  # not recovered for long: part of the baseline of a first load
]


@pytest.mark.parametrize(("row", "severity"), DROPS)
def test_which_drops_alert_and_how_urgent(night: Night, row: dict[str, Any], severity: str | None) -> None:
    night.drop(**row)
    assert told(night.raise_alerts()) == ([("drop", "d1", severity)] if severity else [])


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [("links_likely", [("pair", "p1", "critical")]), ("links_possible", []), ("confounded", [])],
)
def test_only_pairs_that_links_likely_explain_alert(
    night: Night, verdict: str, expected: list[tuple[str, str, str]]
) -> None:
    night.surge()
    night.drop()
    night.pair(verdict=verdict)
    assert [alert for alert in told(night.raise_alerts()) if alert[0] == "pair"] == expected


def test_the_most_urgent_comes_first(night: Night) -> None:
    night.surge()
    night.drop(depth_share=0.6)
    night.surge("s2", origin="unknown", site_domain="another.example")
    assert [alert.severity for alert in night.raise_alerts()] == ["critical", "warning", "info"]


def test_a_second_run_and_a_further_night_raise_nothing_new(night: Night) -> None:
    night.surge()
    night.drop()
    assert len(night.raise_alerts()) == 2
    before = night.connection.execute("SELECT * FROM reports.alerts ORDER BY ALL").fetchall()

    assert night.raise_alerts() == []
    assert night.connection.execute("SELECT * FROM reports.alerts ORDER BY ALL").fetchall() == before
    assert night.raise_alerts(night.next_night()) == []


def test_a_repeated_older_night_is_history(night: Night) -> None:
    night.surge()
    tomorrow = AS_OF + datetime.timedelta(days=1)
    night.assessed(as_of=tomorrow)
    night.export(tomorrow)
    assert night.raise_alerts() == []


def test_a_night_after_the_newest_export_does_not_silence_the_real_ones(night: Night) -> None:
    night.surge()
    night.export(AS_OF)
    night.assessed(as_of=datetime.date(2062, 1, 1))
    assert told(night.raise_alerts()) == [("surge", "s1", "warning")]


@pytest.mark.parametrize(
    ("export", "count"),
    [
        ({"exported_on": day("11-18")}, 1),  # a night made up for after a weekend
        ({"exported_on": day("11-19")}, 0),
        ({"exported_on": day("11-19"), "exported_on_source": "file_modified"}, 1),
        ({"exported_on": day("11-19"), "status": "set_aside"}, 1),
        ({"exported_on": day("11-19"), "site_domain": None}, 1),  # the calendar of updates
    ],
)
def test_a_night_well_before_the_newest_export_is_a_backfill(night: Night, export: dict[str, Any], count: int) -> None:
    night.surge()
    night.export(**export)
    assert len(night.raise_alerts()) == count


MISSED: dict[str, dict[str, Any]] = {
    "drop": {"starts_on": day("10-16"), "detected_on": day("10-30")},
    "surge": {
        "starts_on": day("10-20"), "ends_on": day("10-30"), "detected_on": day("10-21"), "is_active": False,
    },
}  # fmt: skip


def test_a_monthly_night_tells_what_was_found_since_the_last_one(night: Night) -> None:
    night.assessed(as_of=day("10-15"))
    night.drop(**MISSED["drop"])
    night.surge(**MISSED["surge"])
    night.pair()
    raised = night.raise_alerts()
    assert {alert.kind for alert in raised} == {"drop", "surge", "pair"}
    assert night.raise_alerts() == []
    assert night.raise_alerts(night.next_night()) == []


@pytest.mark.parametrize(
    ("earlier", "count"),
    [
        ([{"as_of": day("10-15")}], 2),
        ([], 0),
        ([{"as_of": day("10-15"), "site_domain": "other.example"}], 0),
        ([{"as_of": day("10-15")}, {"as_of": day("11-14")}], 0),
    ],
    ids=["a month ago", "first load", "another site", "and yesterday"],
)
def test_what_was_found_before_the_last_night_is_a_baseline(
    night: Night, earlier: list[dict[str, Any]], count: int
) -> None:
    for row in earlier:
        night.assessed(**row)
    night.drop(**MISSED["drop"])
    night.surge(**MISSED["surge"])
    assert len(night.raise_alerts()) == count


@pytest.mark.parametrize("site", [SITE, "*"])
def test_nights_held_back_do_not_count_as_a_look(night: Night, site: str) -> None:
    night.assessed(as_of=day("10-15"))
    night.assessed(as_of=day("11-14"))
    night.outcome("authority_in_range", as_of=day("11-14"), site_domain=site)
    night.drop(**MISSED["drop"])
    assert told(night.raise_alerts()) == [("drop", "d1", "warning")]


def test_a_nightly_walk_tells_what_a_monthly_export_reveals(night: Night) -> None:
    night.assessed(as_of=day("11-14"), tested_until_on=day("10-15"))
    night.surge(**MISSED["surge"])
    night.surge("s2", **MISSED["surge"] | {"starts_on": day("10-01"), "detected_on": day("10-03"), "origin": "spam"})
    night.add("surges.link_surges", {"surge_id": "s3", "as_of": day("11-14"), "origin": "exchanged"})
    night.surge("s3", **MISSED["surge"] | {"origin": "exchanged"})
    assert told(night.raise_alerts()) == [("surge", "s1", "warning")], "s3 was listed yesterday, s2 is of before"


def test_a_recovered_drop_of_long_ago_is_not_told(night: Night) -> None:
    night.assessed(as_of=day("10-15"))
    night.drop(**MISSED["drop"], recovered_on=day("11-10"))
    assert night.raise_alerts() == []


STEPS = [
    ([{"is_provisional": True}, {}], ["provisional", "confirmed"]),
    ([{"is_provisional": True}, {"depth_share": 0.9}], ["provisional", "confirmed"]),
    ([{"is_provisional": True}, {"is_provisional": True, "depth_share": 0.9}, {"depth_share": 0.9}],
     ["provisional", "worse.provisional", "confirmed"]),
    ([{}, {"depth_share": 0.6}, {"depth_share": 0.3}, {"depth_share": 0.9}], ["", "worse"]),
    ([{}, {"is_provisional": True}, {}], [""]),
    ([{"depth_share": 0.6}, {"depth_share": 0.9}], [""]),
    ([{}, {"depth_share": 0.6, "is_active": False}], [""]),
    ([{}, {"depth_share": 0.6, "detected_on": day("10-01")}], ["", "worse"]),
]  # fmt: skip


@pytest.mark.parametrize(("nights", "expected"), STEPS)
def test_a_drop_is_told_once_more_per_step_up(night: Night, nights: list[dict[str, Any]], expected: list[str]) -> None:
    keys = []
    for row in nights:
        night.connection.execute("DELETE FROM drops.ranking_drops")
        night.drop(**row)
        keys += [alert.message_key for alert in night.raise_alerts()]
        assert night.raise_alerts() == [], "a second run"
    assert [key.removeprefix("alert.drop").removeprefix(".") for key in keys] == expected


def test_a_surge_of_unclear_origin_is_told_once_more_when_the_risk_of_the_site_rises(night: Night) -> None:
    night.surge(origin="unknown", excess_count=50.0)
    severities = [alert.severity for alert in night.raise_alerts()]
    for excess, tier in ((1500.0, "raised"), (60.0, "high"), (60.0, "severe")):
        night.connection.execute("UPDATE surges.link_surges SET excess_count = ?", [excess])
        night.connection.execute("DELETE FROM risk.site_risk")
        night.add("risk.site_risk", {"tier": tier})
        severities += [alert.severity for alert in night.raise_alerts()]
    assert severities == ["info", "warning"], "by risk, not by count"
    assert set(night.open_ones()) == {"surge:s1", "surge:s1:warning"}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, []),
        ({"depth_share": 0.9}, [("drop", "d9", "critical")]),
        ({"starts_on": day("11-01")}, [("drop", "d9", "warning")]),
    ],
    ids=["the same drop", "the same, worse", "another drop"],
)
def test_a_drop_that_missed_a_night_and_has_a_new_id_is_known(
    night: Night, row: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    night.drop()
    night.raise_alerts()
    night.connection.execute("DELETE FROM drops.ranking_drops")
    night.drop("d9", **{"starts_on": day("11-11"), "detected_on": day("11-13")} | row)
    assert told(night.raise_alerts()) == expected


def test_an_alert_closes_when_its_finding_is_over_and_stays_while_nobody_looked(night: Night) -> None:
    night.surge()
    night.surge("s2", site_domain="other.example")
    night.assessed(site_domain="other.example")
    night.raise_alerts()
    tomorrow = night.next_night()
    night.connection.execute("UPDATE surges.link_surges SET is_active = false WHERE as_of > ?", [AS_OF])
    night.connection.execute("DELETE FROM surges.assessed_series WHERE as_of > ? AND site_domain = ?", [AS_OF, SITE])

    (over,) = night.raise_alerts(tomorrow)

    assert (over.step, over.site_domain, over.is_page) == ("cleared", "other.example", False)
    assert night.raise_alerts(tomorrow) == [], "the all-clear is told once"
    assert night.open_ones() == {"surge:s1": True, "surge:s2": False, "surge:s2:cleared": False}


@pytest.mark.parametrize(
    ("second", "count"),
    [
        ({"provider": "semrush_backlinks", "starts_on": day("11-05"), "ends_on": day("11-06")}, 1),
        ({"provider": "semrush_backlinks", "starts_on": day("10-20"), "ends_on": day("11-01")}, 1),
        ({"provider": "semrush_backlinks", "starts_on": day("10-20"), "ends_on": day("10-31")}, 2),
        ({"provider": "semrush_backlinks", "origin": "exchanged"}, 2),
        ({"provider": "semrush_backlinks", "site_domain": "other.example"}, 2),
        ({"provider": "ahrefs_backlinks"}, 2),
    ],
    ids=["overlap", "7 days apart", "8 days apart", "other origin", "other site", "same provider"],
)
def test_a_surge_seen_by_two_providers_is_one_alert(night: Night, second: dict[str, Any], count: int) -> None:
    night.surge()
    night.surge("s2", excess_count=20.0, **second)
    assert len(night.raise_alerts()) == count


def test_the_second_provider_stays_merged_on_later_nights(night: Night) -> None:
    night.surge()
    assert told(night.raise_alerts()) == [("surge", "s1", "warning")]
    tomorrow = night.next_night()
    night.surge("s2", provider="semrush_backlinks", excess_count=500.0, as_of=tomorrow)
    night.connection.execute("UPDATE surges.link_surges SET is_active = false WHERE surge_id = 's1'")
    assert [alert.step for alert in night.raise_alerts(tomorrow)] == ["cleared"]


def test_a_drop_seen_by_two_providers_is_one_alert_about_the_whole_site(night: Night) -> None:
    night.drop("d2", provider="se_ranking", segment="/shop/", depth_share=0.9, starts_on=day("11-13"))
    night.drop("d1")
    assert told(night.raise_alerts()) == [("drop", "d1", "warning")]


def test_people_told_of_an_old_drop_are_told_when_links_become_likely(night: Night) -> None:
    night.surge(detected_on=day("10-01"), is_active=False)
    night.drop(detected_on=day("11-02"))
    night.pair(verdict="links_possible")
    night.raise_alerts()
    later = AS_OF + datetime.timedelta(days=10)
    night.assessed(as_of=later)
    night.surge(detected_on=day("10-01"), is_active=False, as_of=later)
    night.drop(detected_on=day("11-02"), as_of=later)
    night.pair(as_of=later)
    night.pair("p2", as_of=later, drop_id="untold")
    assert told(night.raise_alerts(later)) == [("pair", "p1", "critical")]


def test_a_held_back_site_is_told_once_while_it_lasts_and_again_when_it_returns(night: Night) -> None:
    night.surge()
    night.outcome("authority_in_range")
    held_back = frozenset({SITE})
    first = night.raise_alerts(held_back=held_back)
    assert told(first) == [("held_back", "authority_in_range", "warning")], "its surge is not to be trusted tonight"

    days = [AS_OF + datetime.timedelta(days=after) for after in (1, 2, 3, 7)]
    night.outcome("authority_in_range", as_of=days[0])
    assert night.raise_alerts(days[0], held_back) == []
    night.outcome("authority_in_range", as_of=days[1], is_met=True)
    assert [(alert.kind, alert.step) for alert in night.raise_alerts(days[1])] == [("held_back", "cleared")]
    assert set(night.open_ones().values()) == {False}
    night.outcome("authority_in_range", as_of=days[2])
    assert night.raise_alerts(days[2], held_back) == [], "it comes and goes: told again after a week at the earliest"
    night.outcome("authority_in_range", as_of=days[3])
    (again,) = night.raise_alerts(days[3], held_back)
    assert (again.kind, again.arguments["since_on"]) == ("held_back", days[2].isoformat())


@pytest.mark.parametrize(
    ("row", "held_back", "is_open"),
    [
        ({}, frozenset(), False),
        ({}, frozenset({SITE}), True),
        ({"site_domain": "other.example"}, frozenset(), True),
    ],
    ids=["assessed", "held back by another check", "not assessed"],
)
def test_a_check_that_is_no_longer_measured_does_not_stay_open(
    night: Night, row: dict[str, Any], held_back: frozenset[str], is_open: bool
) -> None:
    night.outcome("keywords_filled")
    night.raise_alerts()
    later = AS_OF + datetime.timedelta(days=1)
    night.assessed(as_of=later, **row)
    night.raise_alerts(later, held_back)
    assert list(night.open_ones().values()) == [is_open]

    much_later = AS_OF + datetime.timedelta(days=60)
    night.outcome("keywords_filled", as_of=much_later)
    assert len(night.raise_alerts(much_later)) == (not is_open)


def test_who_is_held_back_is_read_from_the_outcomes(night: Night) -> None:
    night.surge()
    night.surge("s2", site_domain="other.example")
    night.outcome("authority_in_range")
    night.outcome("export_is_complete", severity="maximum", site_domain="other.example")
    night.outcome("keywords_filled", is_met=True, site_domain="other.example")
    night.outcome("keywords_filled", as_of=AS_OF - datetime.timedelta(days=1), site_domain="other.example")
    night.outcome("exports_loaded", site_domain="*", as_of=AS_OF - datetime.timedelta(days=1))
    assert held_back_on(night.connection, AS_OF) == {SITE}
    found = find_new_alerts(night.connection, as_of=AS_OF, raised_at=NOW)
    assert {alert.finding_id for alert in found if alert.kind == "surge"} == {"s2"}


def test_a_night_that_broke_half_way_tells_only_that(night: Night) -> None:
    night.surge()
    night.drop()
    night.raise_alerts()
    tomorrow = AS_OF + datetime.timedelta(days=1)
    night.assessed(as_of=tomorrow)
    night.outcome("surges_explained", site_domain="*", as_of=tomorrow, stage="surges")
    night.surge("s2", origin="exchanged", as_of=tomorrow)
    night.drop("d2", site_domain="other.example", depth_share=0.9, as_of=tomorrow)
    night.manual_action()

    assert told(night.raise_alerts(tomorrow)) == [("held_back", "surges_explained", "critical")]
    assert night.open_ones()["surge:s1"] and night.open_ones()["drop:d1"], "nobody looked whether they are over"

    night.connection.execute("UPDATE expectations.outcomes SET is_met = true")
    found = {(alert.kind, alert.step) for alert in night.raise_alerts(tomorrow)}
    assert {("surge", "new"), ("drop", "new"), ("manual_action", "new"), ("held_back", "cleared")} <= found


def test_a_broken_maximum_raises_nothing_and_a_broken_warehouse_is_critical(night: Night) -> None:
    night.outcome("export_is_complete", severity="maximum")
    night.outcome("exports_loaded", site_domain="*")
    assert told(night.raise_alerts()) == [("held_back", "exports_loaded", "critical")]


@pytest.mark.parametrize(
    ("days", "count"),
    [(("10-20", "10-25"), 1), (("10-25",), 0), (("11-01", "11-04"), 0), (("09-01", "09-08"), 0)],
    ids=["fell silent", "came once", "fresh", "an old archive"],
)
def test_a_feed_that_fell_silent_is_told(night: Night, days: tuple[str, ...], count: int) -> None:
    for text in days:
        night.export(day(text))
    assert [alert.kind for alert in night.raise_alerts()] == ["stale_feed"] * count


def test_a_silent_feed_closes_when_it_comes_back(night: Night) -> None:
    night.export(day("10-20"))
    night.export(day("10-25"))
    night.raise_alerts()
    night.export(AS_OF)
    assert [(alert.kind, alert.step) for alert in night.raise_alerts()] == [("stale_feed", "cleared")]
    assert set(night.open_ones().values()) == {False}


def test_of_a_site_that_left_the_list_nothing_is_told_and_alerts_close(night: Night) -> None:
    night.surge()
    assert len(night.raise_alerts()) == 1
    night.surge("s2", starts_on=day("06-01"), ends_on=day("06-02"))
    night.add("ingest.listed_sites", {"standing": "unlisted"})
    assert night.raise_alerts() == []
    assert set(night.open_ones().values()) == {False}


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [
        ({"cadence": "daily", "allowed_days": 4}, "sites.toml expects it daily"),
        (None, "weekly is assumed, because two exports tell no cadence"),
    ],
)
def test_a_late_feed_says_what_was_expected_and_why(night: Night, listed: dict[str, Any] | None, sentence: str) -> None:
    days = ("11-08",) if listed else ("10-28", "11-01")
    for text in days:
        night.export(day(text))
    if listed:
        night.add("ingest.listed_feeds", listed)
    (alert,) = night.raise_alerts()
    assert sentence in say_alert(alert, "en")[0]


def test_a_dry_run_writes_nothing(night: Night) -> None:
    night.surge()
    found = find_new_alerts(night.connection, as_of=AS_OF, held_back=frozenset(), raised_at=NOW)
    assert told(found) == [("surge", "s1", "warning")]
    assert night.open_ones() == {}


def test_no_alert_is_lost_when_telling_breaks_off(night: Night, tmp_path: Path) -> None:
    night.surge()

    def break_off(_: str) -> None:
        raise KeyboardInterrupt

    def tell(echo: Any) -> list[Alert]:
        return tell_people(night.connection, as_of=AS_OF, raised_at=NOW, file=file, language="en", echo=echo)

    file = tmp_path / "alerts.jsonl"
    with pytest.raises(KeyboardInterrupt):
        tell(break_off)
    said: list[str] = []
    assert told(tell(said.append)) == [("surge", "s1", "warning")]
    assert said
    assert len(file.read_text().splitlines()) == 1, "the file had it already"
    assert tell(said.append) == []


def test_the_files_survive_a_torn_line_and_keep_what_they_hold(night: Night, tmp_path: Path) -> None:
    night.surge()
    night.drop()
    alerts = night.raise_alerts()
    file = tmp_path / "new" / "alerts.jsonl"
    deliver_alerts(alerts[:1], file=file, language="en", echo=lambda _: None)
    with file.open("a") as torn:
        torn.write('{"alert_id": "to')

    deliver_alerts(alerts, file=file, language="nl", echo=lambda _: None)

    lines = file.read_text().splitlines()
    assert [json.loads(line)["alert_id"] for line in (lines[0], lines[2])] == [alert.alert_id for alert in alerts]
    words = file.with_suffix(".txt").read_text()
    assert all(alert.alert_id in words for alert in alerts)
    assert [path.name for path in sorted(file.parent.iterdir())] == ["alerts.jsonl", "alerts.txt"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_alert_can_be_said_whole(night: Night, language: str) -> None:
    origins = ("bought", "exchanged", "guest_post", "link_programme", "spam", "unknown")
    for origin in origins:
        night.surge(f"s-{origin}", origin=origin, site_domain=f"{origin}.example")
    night.surge()
    night.drop()
    night.pair()
    night.drop("d2", is_provisional=True, site_domain="other.example")
    night.add("correlation.drop_causes", {"drop_id": "d1", "cause": "update", "probability": 0.6})
    night.outcome("required:staging.links.link_id", site_domain="bad.example")
    night.outcome("first_seen_by_export", site_domain="bad.example", most_value=0.01)
    night.export(day("10-20"))
    night.export(day("10-25"))
    night.drop("d3", is_provisional=True, site_domain="confirmed.example")
    night.drop("d4", site_domain="worse.example")
    night.drop("d5", is_provisional=True, site_domain="worse-provisional.example")

    alerts = night.raise_alerts()
    night.connection.execute("UPDATE drops.ranking_drops SET is_provisional = false WHERE drop_id = 'd3'")
    night.connection.execute("UPDATE drops.ranking_drops SET depth_share = 0.7 WHERE drop_id IN ('d4', 'd5')")
    night.add("risk.site_risk", {"tier": "high", "site_domain": "unknown.example"})
    steps = night.raise_alerts()
    assert [alert.message_key.split(".", 1)[1] for alert in steps] == [
        "drop.worse.provisional", "drop.worse", "drop.confirmed", "surge.worse",
    ]  # fmt: skip
    alerts += steps
    night.outcome("exports_loaded", site_domain="*")
    alerts += night.raise_alerts()

    assert {alert.kind for alert in alerts} == {"surge", "drop", "pair", "held_back", "stale_feed"}
    for alert in alerts:
        said = say_alert(alert, language)
        assert len(said) == (5 if alert.kind == "held_back" else 4), said
        assert "{" not in "".join(said)
        assert alert.site_domain in said[0] or alert.site_domain == "*"


def test_spam_is_worded_as_not_of_the_sites_doing(night: Night) -> None:
    night.surge(origin="spam")
    (alert,) = night.raise_alerts()
    said = " ".join(say_alert(alert, "en"))
    assert "not of the site's doing" in said
    assert "bought" not in said


def test_the_words_promise_no_more_than_is_known() -> None:
    for file in ("alerts.toml", "expectations.toml"):
        for key, sentences in tomllib.loads((FOLDER / file).read_text(encoding="utf-8")).items():
            words = " ".join(sentences.values()).lower()
            assert not any(word in words for word in ("caused", "toxic", "veroorzaakt", "giftig")), key


def test_control_characters_do_not_reach_the_terminal(night: Night) -> None:
    night.surge(site_domain="\x1b[2Jshop.example\u202e")
    (alert,) = night.raise_alerts()
    said = "".join(say_alert(alert, "en"))
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_a_check_is_named_by_its_sentence() -> None:
    assert name_check("required:staging.links.link_id", "en") == "link_id is filled in every row of staging.links."
    assert name_check("key_unique:staging.links", "nl") == "Geen rij van staging.links komt dubbel voor."
    assert "1%" in name_check("first_seen_by_export", "en", most=0.01)
    assert name_check("from_a_later_version", "en") == "from_a_later_version"
