"""Which run assesses the night. Nights are told as small histories: who publishes when, which runs go ahead."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from penalty_radar.night import night_of, plan_night
from transforms.settings import Settings

SETTINGS = Settings(time_zone="Europe/Amsterdam")


def moment(text: str) -> datetime.datetime:
    """``"22 05:10"`` of November 2026, UTC."""
    day, clock = text.split()
    return datetime.datetime.fromisoformat(f"2026-11-{day}T{clock}:00+00:00")


def play(*story: str) -> list[str]:
    """Run a story of ``day time what`` lines; ``backlinks``/``rankings`` publish and start a run, as do ``cutoff`` and
    ``person``; returns the runs that assessed, with what they missed. An assessment is published at once."""
    events: dict[str, dict[str, Any]] = {}
    went: list[str] = []
    for line in story:
        day, clock, what = line.split()
        at = moment(f"{day} {clock}")
        trigger = {"cutoff": "scheduled", "person": "manual"}.get(what, "asset_triggered")
        if trigger == "asset_triggered":
            events[what] = {"at": at.isoformat(), "day": f"2026-11-{day}"}
        plan = plan_night(SETTINGS, trigger, at, events)
        if plan is not None:
            events["assessment"] = {**plan, "at": at.isoformat()}
            went.append(" ".join([line, *(f"-{feed}" for feed in plan["missing_feeds"])]))
    return went


BOTH_KNOWN = ("21 04:10 backlinks", "21 04:20 rankings")
"""A night in which both feeds came, so that both are expected from then on."""


def play_on(*story: str) -> list[str]:
    """As :func:`play`, after a first night with both feeds; only what comes after it."""
    return play(*BOTH_KNOWN, *story)[2:]


def test_with_one_kind_of_export_nothing_is_waited_for() -> None:
    went = play("21 14:00 backlinks", "22 04:10 backlinks", "22 06:00 cutoff", "23 04:10 backlinks")
    assert went == ["21 14:00 backlinks", "22 04:10 backlinks", "23 04:10 backlinks"]


def test_on_the_first_night_each_feed_is_assessed_as_it_comes() -> None:
    went = play("21 04:10 backlinks", "21 04:20 rankings", "21 06:00 cutoff")
    assert went == ["21 04:10 backlinks", "21 04:20 rankings"]


def test_both_feeds_make_one_run_and_the_cutoff_none() -> None:
    assert play_on("22 04:10 backlinks", "22 04:20 rankings", "22 06:00 cutoff") == ["22 04:20 rankings"]


def test_a_missing_feed_is_assessed_at_the_cutoff_and_named() -> None:
    assert play_on("22 04:10 backlinks", "22 06:00 cutoff") == ["22 06:00 cutoff -rankings"]


@pytest.mark.parametrize("late", ["22 08:00 rankings", "22 13:00 rankings"])
def test_a_missing_feed_that_comes_on_the_same_day_completes_the_night_at_once(late: str) -> None:
    went = play_on("22 04:10 backlinks", "22 06:00 cutoff", late, "23 04:10 backlinks", "23 04:20 rankings")
    assert went[:2] == ["22 06:00 cutoff -rankings", late]
    assert went[-1] == "23 04:20 rankings"


def test_yesterdays_half_never_completes_tonight() -> None:
    went = play_on(
        "22 04:10 backlinks", "22 06:00 cutoff", "23 04:10 rankings", "23 04:20 backlinks", "23 06:00 cutoff"
    )
    assert went == ["22 06:00 cutoff -rankings", "23 04:20 backlinks"]


def test_evening_arrivals_belong_to_the_coming_night() -> None:
    assert play_on("21 22:00 backlinks", "22 04:10 rankings", "22 06:00 cutoff") == ["22 04:10 rankings"]


def test_more_files_after_the_night_was_assessed_are_assessed_as_they_come_and_nothing_is_called_missing() -> None:
    went = play_on(
        "22 04:10 backlinks", "22 04:20 rankings", "22 05:00 backlinks", "22 06:00 cutoff", "22 09:00 backlinks"
    )
    assert went == ["22 04:20 rankings", "22 05:00 backlinks", "22 09:00 backlinks"]


def test_more_files_by_day_before_anything_else_of_the_coming_night_wait_for_it() -> None:
    went = play_on("22 04:10 backlinks", "22 04:20 rankings", "22 15:00 backlinks", "23 04:10 rankings")
    assert went == ["22 04:20 rankings", "23 04:10 rankings"]


def test_each_arrival_is_taken_in_once() -> None:
    events: dict[str, dict[str, Any]] = {"backlinks": {"at": moment("22 04:10").isoformat()}}
    plan = plan_night(SETTINGS, "asset_triggered", moment("22 04:10"), events)
    assert plan is not None
    events["assessment"] = {**plan, "at": moment("22 04:30").isoformat()}
    for trigger in ("asset_triggered", "scheduled"):
        assert plan_night(SETTINGS, trigger, moment("22 04:40"), events) is None


def test_a_night_in_which_nothing_comes_is_assessed_at_the_cutoff_and_says_so_once() -> None:
    went = play_on(
        "22 04:10 backlinks", "22 04:20 rankings", "23 06:00 cutoff", "23 07:00 cutoff", "23 08:00 backlinks"
    )
    assert went == ["22 04:20 rankings", "23 06:00 cutoff -backlinks -rankings", "23 08:00 backlinks -rankings"]


def test_before_anything_was_assessed_an_empty_night_is_skipped() -> None:
    assert play("22 06:00 cutoff", "23 06:00 cutoff") == []


def test_a_person_is_never_refused_and_repeats_what_was_said() -> None:
    went = play_on("22 04:10 backlinks", "22 06:00 cutoff", "22 07:00 person", "22 14:00 person", "23 06:00 cutoff")
    assert went == [
        "22 06:00 cutoff -rankings",
        "22 07:00 person -rankings",
        "22 14:00 person -rankings",
        "23 06:00 cutoff -backlinks -rankings",
    ]


def test_a_person_may_start_before_anything_was_published() -> None:
    assert play("22 07:00 person") == ["22 07:00 person"]


def test_an_assessment_that_failed_is_made_up_for_at_the_cutoff() -> None:
    events = {"backlinks": {"at": moment("22 04:10").isoformat()}, "rankings": {"at": moment("22 04:20").isoformat()}}
    first = plan_night(SETTINGS, "asset_triggered", moment("22 04:20"), events)
    again = plan_night(SETTINGS, "scheduled", moment("22 06:00"), events)
    assert first is not None and first == again


def test_the_day_comes_with_the_events() -> None:
    events = {
        "backlinks": {"at": moment("22 04:10").isoformat(), "day": "2026-11-20"},
        "rankings": {"at": moment("22 04:20").isoformat(), "day": "2026-11-21"},
    }
    plan = plan_night(SETTINGS, "asset_triggered", moment("22 04:20"), events)
    assert plan is not None and plan["as_of"] == "2026-11-21"


@pytest.mark.parametrize("wish", [{"as_of": "2026-10-01"}, {"site": "shop.example"}])
def test_a_run_for_one_day_or_site_does_not_stand_for_the_night(wish: dict[str, str]) -> None:
    events: dict[str, dict[str, Any]] = {
        "backlinks": {"at": moment("22 04:10").isoformat(), "day": "2026-11-22"},
        "rankings": {"at": moment("22 04:20").isoformat(), "day": "2026-11-22"},
    }
    plan = plan_night(SETTINGS, "manual", moment("22 04:30"), events, **wish)
    assert plan is not None and {name: plan[name] for name in wish} == wish
    events["assessment"] = {**plan, "at": moment("22 04:30").isoformat()}
    assert plan_night(SETTINGS, "scheduled", moment("22 06:00"), events) is not None


@pytest.mark.parametrize(
    ("utc", "night"),
    [("22 10:59", "2026-11-21"), ("22 11:00", "2026-11-22"), ("22 23:30", "2026-11-22"), ("23 04:00", "2026-11-22")],
)
def test_a_night_runs_from_noon_to_noon_where_the_team_is(utc: str, night: str) -> None:
    assert night_of(moment(utc), "Europe/Amsterdam") == night
