"""Messages from the warehouse to real servers on this machine, and what is left of them in it."""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from penalty_radar import delivery, walk
from penalty_radar.cli import app
from reports import outbox
from reports.alert_rows import Alert, insert_alert
from tests.reports.test_channels import SECRET, WebHook, hook
from transforms.errors import WarehouseError
from transforms.settings import Settings
from transforms.warehouse import open_writer

__all__ = ["hook"]

NOW = datetime.datetime(2026, 11, 16, 7)  # noqa: DTZ001 - TIMESTAMP columns are UTC without a zone
HOURS: dict[str, Any] = {"quiet_hours": "", "picture_seconds": 0.0, "digest_hour": 8}


def no_connections(conn_id: str) -> dict[str, Any]:
    return {}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hook: WebHook) -> Settings:
    """A warehouse with a page and a digest to send to ``desk``, whose channel is the hook."""
    made = Settings(
        warehouse=tmp_path / "warehouse.duckdb",
        report=tmp_path / "report",
        state=tmp_path / "state",
        alerts_file=tmp_path / "alerts.jsonl",
        **HOURS,
    )
    monkeypatch.setenv("PENALTY_RADAR_CHANNEL_DESK", hook.url)
    arguments = {
        "site": "shop.example", "depth_share": 0.6, "starts_on": "2026-11-10", "provider": "search_console",
        "q_value": 0.01, "detected_on": "2026-11-14", "cause": None, "cause_probability": None,
    }  # fmt: skip
    with open_writer(made.warehouse) as connection:
        connection.execute(
            "INSERT INTO ingest.listed_sites (site_domain, standing, recipients) "
            "VALUES ('shop.example', 'listed', 'desk')"
        )
        insert_alert(
            connection,
            Alert(
                alert_id="a1", dedupe_key="a1", site_domain="shop.example", kind="drop", severity="critical",
                finding_id="d1", message_key="alert.drop", arguments=arguments, as_of=NOW.date(),
                raised_at=NOW, is_page=True,
            ),
        )  # fmt: skip
    page = made.report / "sites" / "shop.example" / "en" / "incident-d1.html"
    page.parent.mkdir(parents=True)
    page.write_text("incident", encoding="utf-8")
    return made


def send(settings: Settings, minutes: int = 0) -> list[str]:
    return delivery.send_messages(settings, connections=no_connections, at=NOW + datetime.timedelta(minutes=minutes))


def rows(settings: Settings, columns: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(f"SELECT {columns} FROM reports.outbox WHERE kind = 'page'").fetchall()


def test_server_that_refuses_first_gets_the_message_later_and_once(settings: Settings, hook: WebHook) -> None:
    hook.statuses = [503, 200]
    assert "HTTP 503; tried 1 time" in send(settings)[0]
    assert rows(settings, "last_error, delivered_at") == [("HTTP 503", None)]
    assert send(settings, minutes=1) == [], "not yet"
    assert send(settings, minutes=6)[0].startswith("sent")
    assert send(settings, minutes=30) == []
    assert len(hook.bodies) == 1
    body = hook.bodies[0]
    assert body["title"].startswith("[urgent] shop.example: visibility 60% lower since 10 Nov 2026")
    assert f"More: {settings.report}/sites/shop.example/en/incident-d1.html" in body["message"]
    ((message_id, error, delivered_at),) = rows(settings, "message_id, last_error, delivered_at")
    assert message_id in body["message"]
    assert (error, delivered_at is None) == (None, False)


def test_run_that_dies_after_sending_sends_again_under_the_same_id(
    settings: Settings, hook: WebHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*arguments: Any, **options: Any) -> None:
        raise WarehouseError("warehouse", "killed", "a run that lives", "run again")

    with monkeypatch.context() as broken:
        broken.setattr("reports.outbox.note_outcome", die)
        with pytest.raises(WarehouseError):
            send(settings)
    assert len(hook.bodies) == 1
    assert send(settings, minutes=6)[0].startswith("sent")
    assert len(set(hook.ids)) == 1 and len(hook.ids) == 2, "delivered at least once, told apart by its id"


def test_warehouse_that_is_busy_after_sending_makes_no_copies(
    settings: Settings, hook: WebHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_writer(settings.warehouse) as connection:
        connection.execute("UPDATE ingest.listed_sites SET recipients = 'desk|other'")
    monkeypatch.setenv("PENALTY_RADAR_CHANNEL_OTHER", hook.url)
    note, calls = outbox.note_outcome, []

    def note_later(*arguments: Any, **options: Any) -> None:
        calls.append(options)
        if len(calls) <= 2:
            raise WarehouseError("warehouse", "another writer", "one at a time", "wait")
        note(*arguments, **options)

    monkeypatch.setattr("reports.outbox.note_outcome", note_later)
    assert [line.split()[0] for line in send(settings)] == ["sent", "sent"]
    assert rows(settings, "delivered_at IS NOT NULL") == [(True,), (True,)]
    assert send(settings, minutes=6) == []
    assert len(hook.bodies) == 2


def test_address_of_the_report_stands_in_the_message_where_it_is_set(settings: Settings, hook: WebHook) -> None:
    send(settings.model_copy(update={"report_url": "https://radar.bureau.example/report/"}))
    address = "https://radar.bureau.example/report/sites/shop.example/en/incident-d1.html"
    assert f"More: {address}\n" in hook.bodies[0]["message"]


def test_secret_is_nowhere(
    settings: Settings, hook: WebHook, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    hook.statuses = [500, 200]
    lines = [*send(settings), *send(settings, minutes=10), *delivery.preview_messages(settings, at=NOW)]
    print("\n".join(lines))
    kept = b"".join(path.read_bytes() for path in settings.warehouse.parent.rglob("*") if path.is_file())
    assert SECRET.encode() not in kept
    assert SECRET not in caplog.text + "".join(capfd.readouterr())


def test_url_of_a_channel_may_stand_in_an_airflow_connection(
    settings: Settings, hook: WebHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PENALTY_RADAR_CHANNEL_DESK")
    connections = {"penalty_radar_desk": {"password": hook.url}}
    lines = delivery.send_messages(settings, connections=lambda name: connections.get(name, {}), at=NOW)
    assert lines[0].startswith("sent")


def test_warehouse_is_free_while_channels_are_looked_up_once(
    settings: Settings, hook: WebHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PENALTY_RADAR_CHANNEL_DESK")
    opened: list[Path] = []
    asked: list[tuple[str, bool]] = []

    @contextlib.contextmanager
    def open_and_note(path: Path, **options: Any) -> Iterator[duckdb.DuckDBPyConnection]:
        opened.append(path)
        with open_writer(path, **options) as connection:
            yield connection
        opened.remove(path)

    def look_up(name: str) -> dict[str, Any]:
        asked.append((name, bool(opened)))
        return {"password": hook.url}

    monkeypatch.setattr("transforms.warehouse.open_writer", open_and_note)
    assert delivery.send_messages(settings, connections=look_up, at=NOW)[0].startswith("sent")
    assert asked == [("penalty_radar_desk", False)]


def test_without_a_channel_nothing_fails_and_nothing_is_lost(
    settings: Settings, hook: WebHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PENALTY_RADAR_CHANNEL_DESK")
    (line,) = send(settings)
    assert line.startswith("desk: the channel desk is not set up here (PENALTY_RADAR_CHANNEL_DESK")
    assert rows(settings, "*") == []
    monkeypatch.setenv("PENALTY_RADAR_CHANNEL_DESK", hook.url)
    assert send(settings, minutes=5)[0].startswith("sent")


def test_alert_of_nobody_is_said(settings: Settings, hook: WebHook) -> None:
    with open_writer(settings.warehouse) as connection:
        insert_alert(
            connection,
            Alert(
                alert_id="o1", dedupe_key="o1", site_domain="*", kind="outage", severity="critical", finding_id="o1",
                message_key="alert.outage.outage", as_of=NOW.date(), raised_at=NOW,
            ),
        )  # fmt: skip
    assert send(settings)[0].startswith("1 alert has nobody to be told: set team_channel")
    assert not send(settings.model_copy(update={"team_channel": "desk"}), minutes=1)


def test_dry_run_says_what_would_go_to_whom_and_leaves_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "load", lambda: settings)
    monkeypatch.setattr(delivery, "now", lambda: NOW)
    result = CliRunner().invoke(app, ["alert", "--send", "--dry-run"])
    assert result.exit_code == 0
    assert "  page  desk  [urgent] shop.example: visibility 60% lower" in result.output
    assert SECRET not in result.output
    assert rows(settings, "*") == []


def test_missing_browser_holds_nothing_up_and_is_said(
    settings: Settings, hook: WebHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.letters.draw_figures", lambda connection, drafts: {("shop.example", "en"): object()})
    monkeypatch.setattr("reports.pictures.draw_pictures", lambda figures, most_seconds: ({}, "absent"))
    send(settings.model_copy(update={"picture_seconds": 5.0}))
    assert "Without a chart: there is no Chromium where messages are sent from." in hook.bodies[0]["message"]
    assert hook.bodies[0]["attachments"] == []


def test_alert_that_cannot_be_put_in_words_holds_nobody_else_up(settings: Settings, hook: WebHook) -> None:
    with open_writer(settings.warehouse) as connection:
        connection.execute(
            "INSERT INTO ingest.listed_sites (site_domain, standing, group_name, recipients) "
            "VALUES ('other.example', 'listed', 'Another client', 'desk')"
        )
        insert_alert(
            connection,
            Alert(
                alert_id="a0", dedupe_key="a0", site_domain="other.example", kind="drop", severity="critical",
                finding_id="d0", message_key="alert.drop", as_of=NOW.date(), raised_at=NOW, is_page=True,
            ),
        )  # fmt: skip
    lines = send(settings)
    assert len([line for line in lines if line.startswith("sent")]) == 1
    assert "not sent  desk  page: MessageError; tried 1 time" in lines
    assert sorted(rows(settings, "coalesce(last_error, 'sent')")) == [("MessageError",), ("sent",)]
    assert len(hook.bodies) == 1


def test_chart_that_cannot_be_drawn_holds_nothing_up_and_is_said(
    settings: Settings, hook: WebHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise ValueError("no such axis")

    with open_writer(settings.warehouse) as connection:
        connection.execute(
            "INSERT INTO risk.site_risk (day, site_domain, tier, basis) VALUES (?, 'shop.example', 'low', 'links')",
            [NOW.date()],
        )
    monkeypatch.setattr("reports.letters.read_portfolio", fail)
    assert send(settings.model_copy(update={"picture_seconds": 5.0}))[0].startswith("sent")
    assert "Without a chart: drawing it failed." in hook.bodies[0]["message"]


def test_team_is_told_of_a_failed_run(settings: Settings, hook: WebHook, monkeypatch: pytest.MonkeyPatch) -> None:
    told = walk.tell_failure(settings, "ingest_backlinks", "night", "end_failed", connections=no_connections)
    assert told == "no team_channel"
    team = settings.model_copy(update={"team_channel": "desk"})
    assert walk.tell_failure(team, "ingest_backlinks", "night", "end_failed", connections=no_connections) is None
    again = walk.tell_failure(team, "ingest_backlinks", "next", "end_failed", connections=no_connections)
    assert (again, len(hook.bodies)) == ("told less than 6 hours ago", 1)
    os.utime(settings.state / "told_failures" / "ingest_backlinks.end_failed", (0, 0))
    assert walk.tell_failure(team, "ingest_backlinks", "later", "end_failed", connections=no_connections) is None
    assert hook.bodies[0]["title"] == "[urgent] Airflow: ingest_backlinks failed"
    assert "failed at the task end_failed" in hook.bodies[0]["message"]
