from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from penalty_radar import cli, feeding
from penalty_radar.connections import environment_connection
from tests.transforms.ingest.api_answers import AHREFS_LINKS
from tests.transforms.ingest.feeds.local_api import Ahrefs, LocalApi, SearchConsole
from transforms.errors import BadInputError, UsageError
from transforms.ingest.feeds import ahrefs
from transforms.ingest.feeds.ledger import LEDGER_NAME, FeedLedger
from transforms.settings import Settings, load_settings

NOW = datetime.datetime(2026, 11, 23, 4)  # noqa: DTZ001 - the warehouse keeps UTC without a zone

SITES = """
[[site]]
domain = "voorbeeldwinkel.nl"
[site.feeds.search_console]
cadence = "daily"
fetch = true

[[site]]
domain = "fietsen.example"
[site.feeds.search_console]
cadence = "daily"
fetch = true
property = "https://www.fietsen.example/"
[site.feeds.ahrefs_backlinks]
fetch = true
target = "www.fietsen.example"
mode = "exact"
monthly_cap = 5000

[[site]]
domain = "boeken.example"
[site.feeds.search_console]
cadence = "daily"
"""


class Office:
    """A checkout with two sites, their servers, and the connections to them."""

    def __init__(self, folder: Path, console: LocalApi, ahrefs: LocalApi) -> None:
        self.folder = folder
        self.console = console
        self.ahrefs = ahrefs
        self.said: list[str] = []
        (folder / "sites.toml").write_text(SITES, encoding="utf-8")

    @property
    def settings(self) -> Settings:
        return load_settings({}, self.folder)

    def connection(self, conn_id: str) -> Mapping[str, Any]:
        return {
            "search_console": {"token": "test-token", "host": self.console.address},
            "ahrefs": {"password": "test-key", "host": self.ahrefs.address},
        }[conn_id]

    def fetch(self, feeds: list[str] | None = None, **options: Any) -> list[dict[str, Any]]:
        return feeding.fetch_feeds(
            self.settings, feeds, connections=self.connection, sleep=lambda _: None, echo=self.said.append, **options
        )

    def files(self) -> set[str]:
        folder = self.folder / "exports"
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def service() -> SearchConsole:
    filled = SearchConsole()
    for age in range(2, 60):
        filled.fill(str(NOW.date() - datetime.timedelta(days=age)), 2)
    return filled


@pytest.fixture
def office(tmp_path: Path, service: SearchConsole, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(feeding, "now", lambda: NOW)
    with LocalApi(service) as console, LocalApi(Ahrefs(list(AHREFS_LINKS))) as ahrefs:
        yield Office(tmp_path, console, ahrefs)


def test_what_is_on_is_fetched_into_the_inbox(office: Office):
    outcomes = office.fetch()
    assert [(one["site"], one["feed"], one["saved"], one["reason"]) for one in outcomes] == [
        ("voorbeeldwinkel.nl", "search_console", 78, None),
        ("fietsen.example", "search_console", 78, None),
        ("fietsen.example", "ahrefs_backlinks", 1, None),
    ]
    assert "fietsen.example/ahrefs_backlinks/ahrefs_api.all-backlinks.2026-11-23.full.page-1.json" in office.files()
    assert (
        "voorbeeldwinkel.nl/search_console/voorbeeldwinkel.nl-performance.search_console_api.date.2026-11-21."
        "fetched-2026-11-23.page-1.json"
    ) in office.files()
    asked = {asked.path.split("/")[4] for asked in office.console.asked}
    assert asked == {"sc-domain%3Avoorbeeldwinkel.nl", "https%3A%2F%2Fwww.fietsen.example%2F"}
    parameters = office.ahrefs.asked[-1].parameters
    assert (parameters["target"], parameters["mode"]) == ("www.fietsen.example", "exact")


def test_what_was_fetched_today_is_not_due_but_can_be_wished(office: Office):
    office.fetch()
    asked = len(office.console.asked)
    assert office.fetch() == []
    assert len(office.console.asked) == asked
    wished = office.fetch(["search_console"], site="voorbeeldwinkel.nl")
    assert [(one["site"], one["unchanged"]) for one in wished] == [("voorbeeldwinkel.nl", 10)]


def test_a_site_that_fails_stops_no_other_and_is_named_at_the_end(office: Office, service: SearchConsole):
    service.forbidden.add("sc-domain:voorbeeldwinkel.nl")
    with pytest.raises(BadInputError, match=r"^voorbeeldwinkel.nl search_console: .*sc-domain:voorbeeldwinkel.nl"):
        office.fetch()
    assert {name.split("/")[1] for name in office.files()} == {"search_console", "ahrefs_backlinks"}
    service.forbidden.clear()
    assert [one["site"] for one in office.fetch()] == ["voorbeeldwinkel.nl"], "only what failed is due again"


def test_a_reached_cap_is_told_and_is_no_failure(office: Office):
    text = SITES.replace("monthly_cap = 5000", "monthly_cap = 10")
    (office.folder / "sites.toml").write_text(text, encoding="utf-8")
    (outcome,) = office.fetch(["ahrefs_backlinks"])
    assert outcome["is_capped"]
    assert office.said[-1].endswith("stopped: monthly cap reached: 10 units left, too few for another page")


def test_a_dry_run_needs_no_credentials_and_writes_no_file(office: Office):
    options: dict[str, Any] = {"dry_run": True, "echo": office.said.append, "connections": lambda conn_id: {}}
    feeding.fetch_feeds(office.settings, **options)
    assert (office.files(), office.console.asked, office.ahrefs.asked) == (set(), [], [])
    assert office.said == [
        "voorbeeldwinkel.nl sc-domain:voorbeeldwinkel.nl: 39 days from 2026-10-14 to 2026-11-21, free of charge",
        "fietsen.example https://www.fietsen.example/: 39 days from 2026-10-14 to 2026-11-21, free of charge",
        "fietsen.example ahrefs_backlinks: all links of www.fietsen.example, the next 294: at most 4,998 units; "
        "5,000 left this month",
    ]


def test_without_a_site_list_nothing_is_done(tmp_path: Path):
    assert feeding.fetch_feeds(load_settings({}, tmp_path), connections=lambda conn_id: {}) == []


def test_a_bad_entry_is_told_and_stops_only_its_site(office: Office):
    text = SITES.replace('mode = "exact"', 'mod = "exact"')
    (office.folder / "sites.toml").write_text(text, encoding="utf-8")
    assert [one["site"] for one in office.fetch()] == ["voorbeeldwinkel.nl"]
    assert "mod" in office.said[0]


def test_after_long_enough_the_rest_is_left_and_comes_first_next_time(office: Office, monkeypatch: pytest.MonkeyPatch):
    seconds = iter([0.0, 1.0, 3000.0, 0.0, 1.0, 2.0])
    monkeypatch.setattr("penalty_radar.feeding.time.monotonic", lambda: next(seconds))
    assert [one["site"] for one in office.fetch(["search_console"])] == ["voorbeeldwinkel.nl"]
    assert office.said[-1].startswith("fietsen.example search_console: left for the next run")
    assert office.fetch(["search_console"])[0]["site"] == "fietsen.example"


def test_an_inbox_that_cannot_be_written_is_a_reason(office: Office):
    (office.folder / "exports").write_text("a file", encoding="utf-8")
    with pytest.raises(BadInputError, match="cannot be saved"):
        office.fetch(["ahrefs_backlinks"])
    assert office.ahrefs.asked == [], "nothing is paid for that cannot be kept"


def test_two_runs_at_once_do_not_pay_twice(office: Office):
    with FeedLedger(office.settings.state / LEDGER_NAME, NOW).alone("ahrefs_backlinks"):
        assert office.fetch(["ahrefs_backlinks"]) == []
    assert office.said == ["fietsen.example ahrefs_backlinks: another run fetches this feed now"]
    assert office.ahrefs.asked == []


def test_late_in_a_run_only_recent_days_are_asked(office: Office, monkeypatch: pytest.MonkeyPatch):
    seconds = iter([0.0, 1.0, feeding.LONGEST_BACKFILL_SECONDS])
    monkeypatch.setattr("penalty_radar.feeding.time.monotonic", lambda: next(seconds))
    outcomes = office.fetch(["search_console"])
    assert [(one["site"], one["saved"]) for one in outcomes] == [("voorbeeldwinkel.nl", 78), ("fietsen.example", 18)]


def test_a_connection_that_is_missing_or_broken_is_named_and_stops_no_other_feed(office: Office):
    def connection(conn_id: str) -> Mapping[str, Any]:
        if conn_id == "ahrefs":
            raise UsageError("AIRFLOW_CONN_AHREFS", "no JSON", "a connection as JSON", "See docs/feeds.md.")
        return {}

    with pytest.raises(BadInputError) as raised:
        feeding.fetch_feeds(office.settings, connections=connection, echo=office.said.append)
    assert str(raised.value).count("there is no connection 'search_console'") == 2
    assert "AIRFLOW_CONN_AHREFS" in str(raised.value)


def test_a_feed_that_nobody_can_fetch_is_a_failure(office: Office):
    text = SITES.replace("ahrefs_backlinks", "ahrefs")
    (office.folder / "sites.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match=r"fietsen.example ahrefs: fetch = true, and nothing can fetch it"):
        office.fetch(["search_console"])


def test_with_nothing_switched_on_that_is_said(office: Office):
    assert office.fetch(site="boeken.example") == []
    assert "no feed of boeken.example says fetch = true" in office.said[0]


def test_the_price_of_a_link_is_that_of_the_fields_asked_for():
    assert Settings().ahrefs_units_per_row == len(ahrefs.FIELDS)


def test_an_unknown_feed_is_refused(office: Office):
    with pytest.raises(UsageError, match="one of search_console, ahrefs_backlinks, semrush_backlinks"):
        office.fetch(["majestic"])


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, {}),
        ({"GOOGLE_APPLICATION_CREDENTIALS": "/key.json"}, {"key_path": "/key.json"}),
        (
            {"AIRFLOW_CONN_SEARCH_CONSOLE": json.dumps({"conn_type": "http", "password": "k", "host": "https://h"})},
            {"password": "k", "host": "https://h"},
        ),
        (
            {"AIRFLOW_CONN_SEARCH_CONSOLE": json.dumps({"extra": json.dumps({"keyfile_dict": "{}"})})},
            {"password": None, "host": None, "keyfile_dict": "{}"},
        ),
        (
            {"AIRFLOW_CONN_SEARCH_CONSOLE": json.dumps({"extra": {"extra__google_cloud_platform__key_path": "/k"}})},
            {"password": None, "host": None, "key_path": "/k"},
        ),
    ],
)
def test_connections_of_the_environment(environ: dict[str, str], expected: dict[str, Any]):
    assert environment_connection("search_console", environ) == expected


def test_a_connection_that_is_no_json_is_refused_without_its_text():
    with pytest.raises(UsageError) as raised:
        environment_connection("ahrefs", {"AIRFLOW_CONN_AHREFS": "http://:s3cret@host"})
    assert "AIRFLOW_CONN_AHREFS" in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_the_command_fetches_with_connections_of_the_environment(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name in ("SITES", "EXPORTS", "STATE"):
        place = {"SITES": "sites.toml"}.get(name, name.lower())
        monkeypatch.setenv(f"PENALTY_RADAR_{name}", str(office.folder / place))
    connection = json.dumps(dict(office.connection("ahrefs")))
    monkeypatch.setenv("AIRFLOW_CONN_AHREFS", connection)
    with pytest.raises(SystemExit) as ended:
        cli.main(["fetch", "ahrefs_backlinks", "--site", "www.fietsen.example"])
    assert ended.value.code == 0
    assert "fietsen.example ahrefs_backlinks: 1 file saved, 0 unchanged, 50 units spent" in capsys.readouterr().out
    assert len(office.files()) == 1
