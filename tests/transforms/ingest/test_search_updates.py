"""Lists of search updates: each update is one event, whoever lists it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transforms.ingest.conftest import STAMP, Inbox
from tests.transforms.ingest.made_team_exports import INCIDENTS, UPDATE_DOCUMENT, UPDATE_LIST, incident, incidents
from tests.transforms.text_tables import open_memory
from transforms.ingest.inbox import bundled_calendar, read_calendar

SHARED = Path(__file__).parents[4] / "shared" / "exports" / "google-updates"
EVENTS = (
    "SELECT event_id, kind, name, CAST(starts_on AS VARCHAR), CAST(ends_on AS VARCHAR), scope, site_domain "
    "FROM staging.event_observations ORDER BY starts_on DESC"
)


def test_incidents_of_the_dashboard(inbox: Inbox) -> None:
    outcome = inbox.read_only("incidents.json", INCIDENTS)
    assert (outcome.format, outcome.row_count, outcome.loaded_count) == ("search_status_incidents", 4, 4)
    assert outcome.site_domain is None
    assert inbox.rows(EVENTS) == [
        (
            "2026-11-20-delay-in-serving-results",
            "outage",
            "Delay in serving results",
            "2026-11-20",
            None,
            "other services",
            None,
        ),
        ("november-2026-core-update", "update", "November 2026 core update", "2026-11-03", None, "core", None),
        (
            "2026-10-20-ongoing-ranking-issue",
            "outage",
            "Ongoing ranking issue",
            "2026-10-20",
            "2026-10-22",
            "ranking",
            None,
        ),
        ("august-2026-spam-update", "update", "August 2026 spam update", "2026-08-18", "2026-08-21", "spam", None),
    ]
    assert inbox.rows("SELECT DISTINCT source FROM staging.event_observations") == [
        ("https://status.search.google.com/incidents/inCident000000000001",)
    ]


def test_a_service_nobody_knows_is_rejected_with_its_name(inbox: Inbox) -> None:
    outcome = inbox.read_only("incidents.json", incidents(incident(), incident(service_name="Ads", number="2")))
    assert (outcome.loaded_count, outcome.rejected_count) == (1, 1)
    assert inbox.rows("SELECT column_name, value FROM ingest.rejected_rows") == [("service_name", "Ads")]


def test_typed_list_with_durations(inbox: Inbox) -> None:
    outcome = inbox.read_only("lijst.csv", UPDATE_LIST)
    assert (outcome.format, outcome.loaded_count, outcome.rejected_count) == ("search_update_list", 4, 0)
    assert [(row[0], row[1], row[3], row[4], row[5]) for row in inbox.rows(EVENTS)] == [
        ("november-2026-core-update", "update", "2026-11-03", None, "core"),
        ("march-2026-spam-update", "update", "2026-03-24", "2026-03-25", "spam"),
        ("2024-08-15-ranking-issue", "outage", "2024-08-15", "2024-08-20", "ranking"),
        (
            "february-2022-page-experience-update-for-desktop",
            "update",
            "2022-02-22",
            "2022-03-03",
            "page_experience",
        ),
    ]


def test_document_with_announcements_gives_its_updates_only(inbox: Inbox) -> None:
    outcome = inbox.read_only("updates.json", UPDATE_DOCUMENT)
    assert (outcome.row_count, outcome.loaded_count, outcome.passed_over_count) == (2, 1, 1)
    assert [(row[0], row[5]) for row in inbox.rows(EVENTS)] == [("march-2024-core-update", "core")]


def test_updates_of_the_bundled_calendar_are_not_doubled(inbox: Inbox) -> None:
    read_calendar(inbox.connection, ingested_at=STAMP)
    inbox.put("incidents.json", INCIDENTS)
    inbox.put("lijst.csv", UPDATE_LIST)
    inbox.put("updates.json", UPDATE_DOCUMENT)
    inbox.read()
    listed = inbox.rows("SELECT count(*), count(DISTINCT event_id) FROM staging.event_observations")
    assert listed == [(9, 8)], "only the November update is in two of the lists, and is one event"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/exports is not here: public lists of search updates")
def test_public_lists_name_the_events_of_the_bundled_calendar() -> None:
    inbox = Inbox(SHARED, open_memory())
    outcomes = inbox.read()
    assert {
        path: (o.row_count, o.loaded_count, o.rejected_count, o.passed_over_count) for path, o in outcomes.items()
    } == {
        "confirmed_2020-01_to_2021-07.csv": (9, 9, 0, 0),
        "confirmed_2021-11_to_2026-08.csv": (41, 41, 0, 0),
        "third_party_2024_to_2026.json": (32, 14, 0, 18),
    }
    bundled = Inbox(SHARED, open_memory())
    calendar = bundled.read_one(bundled_calendar())
    known = set(bundled.rows("SELECT event_id, kind, scope, starts_on FROM staging.event_observations"))
    listed = set(inbox.rows("SELECT event_id, kind, scope, starts_on FROM staging.event_observations"))
    assert calendar.loaded_count == len(known)
    assert listed <= known
