"""What else is raised: pages, manual actions, lost batches, networks, outages told once, all-clears."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from reports.alerts import OF_NO_SITE, Alert, say_alert
from reports.messages import LANGUAGES
from tests.reports.alert_nights import AS_OF, SITE, Night, day, open_night, told


@pytest.fixture
def night() -> Iterator[Night]:
    with open_night() as made:
        yield made


def say(alert: Alert, language: str = "en") -> str:
    return "\n".join(say_alert(alert, language))


@pytest.mark.parametrize(
    ("row", "is_page"),
    [
        ({"depth_share": 0.6}, True),
        ({"depth_share": 0.4}, False),
        ({"depth_share": 0.6, "segment": "/shop/"}, False),
        ({"depth_share": 0.6, "recovered_on": day("11-14")}, False),
    ],
    ids=["severe", "not severe", "a part of the site", "recovered by then"],
)
def test_only_a_severe_drop_of_the_whole_site_pages(night: Night, row: dict[str, Any], is_page: bool) -> None:
    night.drop(**row)
    night.surge()
    night.pair()
    assert [alert.is_page for alert in night.raise_alerts() if alert.kind == "drop"] == [is_page]
    pages = night.connection.execute("SELECT kind FROM reports.alerts WHERE is_page").fetchall()
    assert pages == [("drop",)] * is_page, "surges and pairs wait for the digest"


def test_a_drop_pages_once_and_again_never_when_it_is_confirmed(night: Night) -> None:
    night.drop(depth_share=0.6, is_provisional=True)
    assert [alert.is_page for alert in night.raise_alerts()] == [True]
    night.connection.execute("UPDATE drops.ranking_drops SET is_provisional = false")
    assert [(alert.step, alert.is_page) for alert in night.raise_alerts()] == [("confirmed", False)]


def test_a_drop_that_deepens_to_severe_pages_then(night: Night) -> None:
    night.drop()
    assert [alert.is_page for alert in night.raise_alerts()] == [False]
    night.connection.execute("UPDATE drops.ranking_drops SET depth_share = 0.6")
    assert [(alert.step, alert.is_page) for alert in night.raise_alerts()] == [("worse", True)]


def test_a_severe_drop_is_not_hidden_by_a_fall_of_the_tracker_in_the_same_days(night: Night) -> None:
    night.drop("t", provider="se_ranking", depth_share=0.9)
    night.cause("t", "tracker")
    assert told(night.raise_alerts()) == [("drop", "t", "info")]
    night.drop("d1", depth_share=0.6)
    night.drop("d2", provider="semrush_tracking", depth_share=0.6)
    assert [alert.is_page for alert in night.raise_alerts()] == [True], "and the third provider says nothing new"
    assert night.raise_alerts() == []


def test_a_drop_is_not_hidden_by_what_is_information(night: Night) -> None:
    night.drop("t", provider="se_ranking", depth_share=0.9)
    night.cause("t", "tracker")
    night.raise_alerts()
    tomorrow = night.next_night()
    night.cause("t", "tracker", as_of=tomorrow)
    night.drop(as_of=tomorrow)
    assert told(night.raise_alerts(tomorrow)) == [("drop", "d1", "warning")]
    assert night.raise_alerts(tomorrow) == []


def test_a_drop_of_measuring_is_information(night: Night) -> None:
    night.drop(depth_share=0.9)
    night.cause(cause="tracker", probability=0.3)
    night.cause(cause="data_break", probability=0.3)
    night.cause(cause="links", probability=0.4)
    (alert,) = night.raise_alerts()
    assert (alert.severity, alert.is_page) == ("info", False)


@pytest.mark.parametrize(
    ("tier", "surge", "pair"),
    [("low", "info", "warning"), ("raised", "warning", "warning"), ("high", "warning", "critical")],
)
def test_severity_follows_the_risk_of_the_site(night: Night, tier: str, surge: str, pair: str) -> None:
    night.add("risk.site_risk", {"tier": tier})
    night.surge(observed_count=100_000)
    night.drop()
    night.pair()
    found = {alert.kind: alert.severity for alert in night.raise_alerts()}
    assert (found["surge"], found["pair"]) == (surge, pair)


@pytest.mark.parametrize(
    ("row", "first_said", "count"),
    [
        ({}, None, 1),
        ({"starts_on": day("09-01")}, AS_OF, 1),
        ({"starts_on": day("09-01")}, day("10-01"), 0),
        ({"starts_on": day("05-01")}, AS_OF, 0),
        ({"ends_on": day("11-12")}, None, 0),
    ],
    ids=["this week", "noted today", "known for long", "of long ago", "lifted"],
)
def test_a_manual_action_pages_when_it_is_entered(
    night: Night, row: dict[str, Any], first_said: datetime.date | None, count: int
) -> None:
    night.manual_action(**row)
    if first_said:
        night.add("staging.event_observations", {"event_id": "e1", "file_id": "f", "observed_on": first_said})
    alerts = night.raise_alerts()
    assert told(alerts) == [("manual_action", "e1", "critical")] * count
    assert all(alert.is_page for alert in alerts)
    assert night.raise_alerts() == []


def test_a_manual_action_that_is_lifted_gets_an_all_clear(night: Night) -> None:
    night.manual_action()
    night.raise_alerts()
    night.connection.execute("UPDATE staging.search_events SET ends_on = ?", [AS_OF])
    tomorrow = night.next_night()
    (over,) = night.raise_alerts(tomorrow)
    assert (over.kind, over.step, over.is_page) == ("manual_action", "cleared", False)
    assert "was lifted on 15 Nov 2026" in say(over)
    night.connection.execute("UPDATE staging.search_events SET ends_on = NULL")
    later = AS_OF + datetime.timedelta(days=3)
    assert [(alert.step, alert.is_page) for alert in night.raise_alerts(later)] == [("new", True)], "it was not over"
    assert night.raise_alerts(later) == []


BATCH = {
    "batch_id": "b1", "kind": "rented", "placed_from_on": day("05-01"), "placed_to_on": day("05-06"), "months": 6,
    "lost_from_on": day("11-01"), "lost_to_on": day("11-05"), "domain_count": 12, "expected_count": 0.4,
    "p_value": 1e-6,
}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, [("batch_lost", "b1", "info")]),
        ({"kind": "purchase"}, []),
        ({"lost_from_on": day("09-01"), "lost_to_on": day("09-05")}, []),
    ],
    ids=["lost this month", "bought, not rented", "lost long ago"],
)
def test_a_lost_batch_of_rented_links_is_told_once(
    night: Night, row: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    night.add("signals.link_batches", BATCH | row)
    assert told(night.raise_alerts()) == expected
    night.connection.execute("UPDATE signals.link_batches SET batch_id = 'b2'")
    assert night.raise_alerts(night.next_night()) == [], "a batch that is renamed is known"


def a_network(night: Night, group_id: str, provider: str, sites: list[str], sources: int) -> None:
    for site in sites:
        for at in range(sources):
            counts = {"link_count": 3, "source_count": sources, "target_count": 9, "site_count": len(sites)}
            days = {"starts_on": day("10-20"), "ends_on": day("11-03"), "chance": 0.001}
            row = {
                "group_id": group_id,
                "source_domain": f"blog{at}.example",
                "site_domain": site,
                "provider": provider,
            }
            night.add("signals.lockstep_members", row | counts | days)


def test_a_network_over_several_sites_is_told_once_and_of_no_site(night: Night) -> None:
    a_network(night, "g1", "ahrefs_backlinks", [SITE, "other.example"], 6)
    a_network(night, "g2", "semrush_backlinks", [SITE, "other.example"], 5)
    a_network(night, "g3", "majestic", [SITE], 9)
    (alert,) = night.raise_alerts()
    assert (alert.kind, alert.site_domain, alert.group_name, alert.is_page) == ("network", OF_NO_SITE, None, False)
    assert "other.example, shop.example" in say(alert)
    assert night.raise_alerts() == []


def many_drops(night: Night, cause: str, count: int = 3, **row: Any) -> None:
    for at in range(count):
        site = f"site{at}.example"
        night.assessed(site_domain=site)
        night.drop(f"d{at}", site_domain=site, **{"provider": "se_ranking"} | row)
        night.cause(f"d{at}", cause, 0.7, site_domain=site)


@pytest.mark.parametrize("cause", ["outage", "tracker", "data_break", "update"])
def test_one_outage_is_one_message(night: Night, cause: str) -> None:
    many_drops(night, cause)
    (alert,) = night.raise_alerts()
    assert (alert.kind, alert.site_domain, alert.arguments["site_count"]) == ("outage", OF_NO_SITE, 3)
    assert "site0" not in say(alert)
    folded = night.connection.execute(
        "SELECT count(*) FROM reports.alerts WHERE kind = 'drop' AND told_in = ?", [alert.alert_id]
    ).fetchall()
    assert folded == [(3,)]
    assert night.raise_alerts() == []


def test_what_joins_an_outage_later_tells_nothing_new_and_its_end_is_told_once(night: Night) -> None:
    many_drops(night, "tracker")
    night.raise_alerts()
    tomorrow = night.next_night()
    causes = "correlation.drop_causes"
    night.connection.execute(f"INSERT INTO {causes} SELECT * REPLACE (as_of + 1 AS as_of) FROM {causes}")
    night.assessed(site_domain="late.example", as_of=tomorrow)
    night.drop("late", provider="se_ranking", site_domain="late.example", as_of=tomorrow, starts_on=day("11-11"))
    night.cause("late", as_of=tomorrow)
    night.assessed(site_domain="unclear.example", as_of=tomorrow)
    night.drop("unclear", provider="se_ranking", site_domain="unclear.example", as_of=tomorrow, depth_share=0.8)
    assert night.raise_alerts(tomorrow) == []
    night.connection.execute("UPDATE drops.ranking_drops SET recovered_on = as_of")
    (over,) = night.raise_alerts(tomorrow)
    assert (over.kind, over.step) == ("outage", "cleared")
    assert night.raise_alerts(tomorrow) == []


@pytest.mark.parametrize(
    ("cause", "row"),
    [("links", {}), ("unknown", {}), ("update", {"depth_share": 0.6})],
    ids=["links", "unknown", "severe, by an update"],
)
def test_what_is_no_outage_is_told_site_by_site(night: Night, cause: str, row: dict[str, Any]) -> None:
    many_drops(night, cause, **row)
    assert [alert.kind for alert in night.raise_alerts()] == ["drop"] * 3


def test_a_severe_drop_that_nothing_explains_beside_an_outage_of_its_provider_wakes_nobody(night: Night) -> None:
    many_drops(night, "tracker")
    for name, provider in (("beside", "se_ranking"), ("apart", "search_console")):
        night.assessed(site_domain=f"{name}.example")
        night.drop(name, site_domain=f"{name}.example", provider=provider, depth_share=0.7)
        night.cause(name, "unknown", site_domain=f"{name}.example")
    alerts = night.raise_alerts()
    assert [(alert.kind, alert.site_domain, alert.is_page) for alert in alerts] == [
        ("drop", "apart.example", True),
        ("outage", OF_NO_SITE, False),
    ]
    assert alerts[1].arguments["site_count"] == 4


def test_a_drop_told_within_an_outage_hides_no_page_of_its_site(night: Night) -> None:
    many_drops(night, "tracker")
    night.drop("beside", provider="se_ranking", depth_share=0.9)
    night.drop("real", provider="search_console", depth_share=0.6)
    alerts = night.raise_alerts()
    assert [(alert.kind, alert.finding_id, alert.is_page) for alert in alerts if alert.kind == "drop"] == [
        ("drop", "real", True)
    ]
    assert night.raise_alerts() == []


def test_a_drop_told_within_an_outage_is_told_when_it_turns_out_to_be_something_else(night: Night) -> None:
    many_drops(night, "update")
    assert [alert.kind for alert in night.raise_alerts()] == ["outage"]
    night.connection.execute("UPDATE correlation.drop_causes SET cause = 'links' WHERE drop_id = 'd0'")
    (alert,) = night.raise_alerts()
    assert (alert.finding_id, alert.step, alert.message_key) == ("d0", "new", "alert.drop")
    assert night.raise_alerts() == []


def test_two_sites_or_two_trackers_are_no_outage(night: Night) -> None:
    many_drops(night, "tracker", 2)
    night.assessed(site_domain="third.example")
    night.drop("third", provider="semrush_tracking", site_domain="third.example")
    night.cause("third", site_domain="third.example")
    assert [alert.kind for alert in night.raise_alerts()] == ["drop"] * 3


def test_a_provider_that_stops_is_one_message_and_comes_back_in_one(night: Night) -> None:
    for at in range(3):
        for text in ("10-20", "10-25"):
            night.export(day(text), site_domain=f"site{at}.example", file_id=f"{at}-{text}")
    (stopped,) = night.raise_alerts()
    assert (stopped.kind, stopped.message_key) == ("outage", "alert.outage.stopped")
    assert "3 sites" in say(stopped)
    for at in range(3):
        night.export(AS_OF, site_domain=f"site{at}.example", file_id=f"{at}-back")
    (over,) = night.raise_alerts(night.next_night())
    assert (over.kind, over.step) == ("outage", "cleared")


def test_a_drop_that_recovers_gets_one_all_clear(night: Night) -> None:
    night.drop(depth_share=0.6)
    night.raise_alerts()
    tomorrow = night.next_night()
    night.connection.execute("UPDATE drops.ranking_drops SET recovered_on = as_of WHERE as_of = ?", [tomorrow])
    (over,) = night.raise_alerts(tomorrow)
    assert (over.step, over.is_page, over.severity) == ("cleared", False, "info")
    assert "since 16 Nov 2026 visibility is back" in say(over)
    assert night.raise_alerts(tomorrow) == []


def test_a_drop_that_falls_again_after_its_all_clear_is_told_again(night: Night) -> None:
    night.drop(depth_share=0.6)
    night.raise_alerts()
    tomorrow = night.next_night()
    night.connection.execute("UPDATE drops.ranking_drops SET recovered_on = as_of WHERE as_of = ?", [tomorrow])
    assert [alert.step for alert in night.raise_alerts(tomorrow)] == ["cleared"]
    assert night.raise_alerts(tomorrow) == [], "recovered, though it is still listed as active"
    told_then: dict[int, list[tuple[str, bool]]] = {2: [], 8: [("new", True)], 9: [("cleared", False)]}
    for after, expected in told_then.items():
        later = AS_OF + datetime.timedelta(days=after)
        night.assessed(as_of=later)
        night.drop(depth_share=0.6, as_of=later, recovered_on=later if after == 9 else None)
        assert [(alert.step, alert.is_page) for alert in night.raise_alerts(later)] == expected
        assert night.raise_alerts(later) == []


def test_a_surge_and_a_pair_that_start_again_are_told_again_when_the_week_is_over(night: Night) -> None:
    night.surge()
    night.drop(starts_on=day("11-14"))
    night.pair()
    night.raise_alerts()
    night.connection.execute("UPDATE surges.link_surges SET is_active = false")
    night.connection.execute("UPDATE correlation.surge_drop_pairs SET verdict = 'links_possible'")
    assert {(alert.kind, alert.step) for alert in night.raise_alerts()} == {("surge", "cleared"), ("pair", "cleared")}
    for after in (3, 8):
        later = AS_OF + datetime.timedelta(days=after)
        night.assessed(as_of=later)
        night.surge(as_of=later)
        night.drop(as_of=later, starts_on=day("11-14"))
        night.pair(as_of=later)
        expected = {("surge", "new", "alert.surge.bought"), ("pair", "new", "alert.pair")} if after == 8 else set()
        assert {(one.kind, one.step, one.message_key) for one in night.raise_alerts(later)} == expected
        assert night.raise_alerts(later) == []


def test_a_drop_that_is_only_no_longer_listed_gets_none(night: Night) -> None:
    night.drop()
    night.raise_alerts()
    tomorrow = AS_OF + datetime.timedelta(days=1)
    night.assessed(as_of=tomorrow)
    assert night.raise_alerts(tomorrow) == []
    assert set(night.open_ones().values()) == {False}


def test_the_same_thing_is_told_once_a_week_unless_it_is_more_urgent(night: Night) -> None:
    night.surge()
    night.raise_alerts()
    days = [AS_OF + datetime.timedelta(days=after) for after in (1, 7)]
    for as_of in days:
        night.assessed(as_of=as_of)
        night.surge(as_of=as_of)
        night.surge("s2", starts_on=day("11-15"), ends_on=day("11-16"), detected_on=day("11-16"), as_of=as_of)
        night.surge("s3", origin="exchanged", provider="majestic", as_of=as_of)
    assert told(night.raise_alerts(days[0])) == [("surge", "s3", "warning")], "another origin is something else"
    assert told(night.raise_alerts(days[1])) == [("surge", "s2", "warning")]


def test_an_alert_knows_its_people(night: Night) -> None:
    night.add("ingest.listed_sites", {"standing": "listed", "owner": "Anna", "group_name": "Winkels BV"})
    night.surge()
    (alert,) = night.raise_alerts()
    assert (alert.owner, alert.group_name) == ("Anna", "Winkels BV")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_new_here_can_be_said_whole(night: Night, language: str) -> None:
    night.manual_action()
    night.add("signals.link_batches", BATCH)
    a_network(night, "g1", "ahrefs_backlinks", [SITE, "other.example"], 6)
    night.surge()
    night.drop("p")
    night.pair(drop_id="p")
    night.add("risk.site_risk", {"tier": "raised"})
    for at, cause in enumerate(("outage", "tracker", "data_break", "update")):
        for site in range(3):
            night.drop(f"{at}{site}", site_domain=f"s{at}{site}.example", provider=f"tracker{at}")
            night.cause(f"{at}{site}", cause, site_domain=f"s{at}{site}.example")
    alerts = night.raise_alerts()
    assert {alert.kind for alert in alerts} == {
        "manual_action", "batch_lost", "network", "surge", "drop", "pair", "outage",
    }  # fmt: skip
    night.connection.execute("UPDATE risk.site_risk SET tier = 'high'")
    worse = night.raise_alerts()
    assert [alert.message_key for alert in worse] == ["alert.pair.worse"]
    night.connection.execute("UPDATE correlation.surge_drop_pairs SET verdict = 'links_possible'")
    (unlikely,) = night.raise_alerts()
    assert unlikely.message_key == "alert.pair.cleared"
    for alert in (*alerts, *worse, unlikely):
        said = say_alert(alert, language)
        assert "{" not in "".join(said)
        assert len(said) == (1 if alert.step == "cleared" else 4), said
