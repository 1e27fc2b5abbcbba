"""The bundled calendar: consistent with itself, and with the lists it was checked against where they are at hand."""

from __future__ import annotations

import csv
import datetime
import re
from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest

from transforms.schemas.vocabulary import EVENT_KINDS

SHARED = Path(__file__).parents[4] / "shared" / "exports" / "google-updates"
WITHOUT_SHARED = "../shared is not here: the lists the calendar was checked against"

DECIDED = {
    "august 2026 spam update": "still rolling out in the list; the incident record ends it on 2026-08-21",
    "ongoing ranking issue": "kept as outages, named by their first day",
    "page experience update for desktop": "named by its month, like the others",
    "june 2021 spam update": "two days in two parts, 23 and 28 June; the list has the first only",
}
"""Where the calendar differs from a list it was checked against, and why."""


def calendar() -> list[dict[str, str]]:
    """Rows of the calendar as text."""
    text = files("transforms.ingest").joinpath("calendar/search_updates.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def listed(name: str) -> list[dict[str, str]]:
    """Rows of a list the calendar was checked against."""
    return list(csv.DictReader((SHARED / name).read_text(encoding="utf-8").splitlines()))


def days_of(name: str) -> tuple[str, str]:
    """First and last day of the event of that name."""
    [(first, last)] = [(row["starts_on"], row["ends_on"]) for row in calendar() if row["name"] == name]
    return first, last


def test_rows_are_well_formed() -> None:
    rows = calendar()
    assert len({row["event_id"] for row in rows}) == len(rows)
    assert {row["kind"] for row in rows} <= set(EVENT_KINDS)
    assert all(row["site_domain"] == "" and row["name"] and row["scope"] and row["source"] for row in rows)
    assert all(re.fullmatch(r"[a-z0-9-]+", row["event_id"]) for row in rows)
    assert [row["starts_on"] for row in rows] == sorted(row["starts_on"] for row in rows)


def test_nothing_ends_before_it_starts_and_no_rollout_lasts_longer_than_a_season() -> None:
    for row in calendar():
        first, last = (datetime.date.fromisoformat(row[name]) for name in ("starts_on", "ends_on"))
        assert datetime.timedelta(0) <= last - first <= datetime.timedelta(days=80), row["event_id"]


def test_scopes_are_few_and_named_alike() -> None:
    scopes = {row["scope"] for row in calendar() if row["kind"] == "update"}
    assert scopes == {"core", "spam", "link_spam", "reviews", "helpful_content", "page_experience", "discover"}


def test_days_that_were_not_checked_say_so() -> None:
    unchecked = {row["event_id"] for row in calendar() if "not checked" in row["source"] or "not read" in row["source"]}
    assert {row["event_id"] for row in calendar() if row["starts_on"] < "2021-11-01"} < unchecked
    assert {"september-2026-spam-update", "2025-09-14-loss-of-num-100"} < unchecked


def test_link_spam_updates() -> None:
    assert days_of("July 2021 link spam update") == ("2021-07-26", "2021-08-24")
    assert days_of("December 2022 link spam update") == ("2022-12-14", "2023-01-12")
    assert [row["name"] for row in calendar() if row["scope"] == "link_spam"] == [
        "July 2021 link spam update",
        "December 2022 link spam update",
    ]


def test_known_ends() -> None:
    assert days_of("March 2024 core update") == ("2024-03-05", "2024-04-19")
    assert days_of("August 2025 spam update") == ("2025-08-26", "2025-09-22")
    assert days_of("March 2026 spam update") == ("2026-03-24", "2026-03-25")
    assert days_of("May 2026 core update") == ("2026-05-21", "2026-06-02")
    assert days_of("June 2026 spam update") == ("2026-06-24", "2026-06-26")


def test_data_break_of_september_2025_falls_into_a_spam_update() -> None:
    [day] = [row["starts_on"] for row in calendar() if row["kind"] == "data_break"]
    first, last = days_of("August 2025 spam update")
    assert day == "2025-09-14"
    assert first <= day <= last


def test_rollouts_that_overlap() -> None:
    updates = [row for row in calendar() if row["kind"] == "update" and row["starts_on"] >= "2022-09-01"]
    overlapping = {
        (one["event_id"], other["event_id"])
        for one, other in combinations(updates, 2)
        if one["starts_on"] <= other["ends_on"] and other["starts_on"] <= one["ends_on"]
    }
    assert {
        ("september-2022-core-update", "september-2022-product-reviews-update"),
        ("december-2022-helpful-content-update", "december-2022-link-spam-update"),
        ("october-2023-spam-update", "october-2023-core-update"),
        ("november-2023-core-update", "november-2023-reviews-update"),
        ("march-2024-core-update", "march-2024-spam-update"),
    } == overlapping


@pytest.mark.skipif(not SHARED.is_dir(), reason=WITHOUT_SHARED)
def test_first_days_agree_with_the_lists() -> None:
    ours = {(row["name"].lower(), row["starts_on"]) for row in calendar()}
    theirs = listed("confirmed_2020-01_to_2021-07.csv") + listed("confirmed_2021-11_to_2026-08.csv")
    different = {row["name"].lower() for row in theirs if (row["name"].lower(), row["start"]) not in ours}
    assert different <= set(DECIDED), different - set(DECIDED)
    assert len(theirs) == 50


@pytest.mark.skipif(not SHARED.is_dir(), reason=WITHOUT_SHARED)
def test_last_days_agree_with_the_durations() -> None:
    ours = {(row["name"].lower(), row["starts_on"]): row["ends_on"] for row in calendar()}
    checked = 0
    for row in listed("confirmed_2021-11_to_2026-08.csv"):
        last = ours.get((row["name"].lower(), row["start"]))
        length = re.search(r"(\d+) day", row["duration_verbatim"])
        if last is None or length is None:
            continue
        took = datetime.date.fromisoformat(last) - datetime.date.fromisoformat(row["start"])
        assert took.days - int(length.group(1)) in (0, 1), row
        checked += 1
    assert checked > 30


def test_doubtful_entries_of_other_lists_are_left_out() -> None:
    assert "October 2024 core update" not in {row["name"] for row in calendar()}
    assert "2026-05-18" not in {row["starts_on"] for row in calendar()}
