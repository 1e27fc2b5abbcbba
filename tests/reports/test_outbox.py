"""The outbox: alerts and a clock in, messages out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pytest

from reports.alert_rows import OF_NO_SITE, Alert, insert_alert
from reports.audiences import Audience, read_audiences
from reports.digest import write_draft
from reports.letters import render_html, render_text
from reports.message_plan import Message, OutboxParameters
from reports.outbox import note_outcome, plan_messages, take_due
from transforms.schemas import TABLES
from transforms.stages import SCHEMAS

SUNDAY = datetime.date(2026, 11, 15)
DEFAULTS = OutboxParameters()


def at(text: str, day: datetime.date = SUNDAY) -> datetime.datetime:
    """A time (UTC) of that day; Amsterdam is an hour ahead."""
    return datetime.datetime.combine(day, datetime.time.fromisoformat(text))


class Desk:
    """A warehouse with sites and alerts, and what goes out of it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def site(self, domain: str, group: str | None = None, recipients: str | None = None, **row: Any) -> None:
        given = {"site_domain": domain, "standing": "listed", "group_name": group, "recipients": recipients, **row}
        marks = ", ".join("?" for _ in given)
        self.connection.execute(
            f"INSERT INTO ingest.listed_sites ({', '.join(given)}) VALUES ({marks})", list(given.values())
        )

    def alert(self, alert_id: str, site: str, kind: str = "drop", severity: str = "warning", **row: Any) -> None:
        arguments = {
            "site": site, "depth_share": 0.4, "starts_on": "2026-11-10", "provider": "search_console", "q_value": 0.01,
            "detected_on": "2026-11-14", "cause": "links", "cause_probability": 0.7,
        }  # fmt: skip
        given: dict[str, Any] = {"raised_at": at("04:00"), "message_key": "alert.drop", "arguments": arguments} | row
        insert_alert(
            self.connection,
            Alert(
                alert_id=alert_id, dedupe_key=alert_id, site_domain=site, kind=kind, severity=severity,
                finding_id=alert_id, as_of=SUNDAY, **given,
            ),
        )  # fmt: skip

    def audiences(self) -> list[Audience]:
        return read_audiences(self.connection, team_channel="team", language="en", time_zone="Europe/Amsterdam")

    def plan(self, now: datetime.datetime, parameters: OutboxParameters = DEFAULTS) -> list[Message]:
        return plan_messages(self.connection, self.audiences(), now=now, parameters=parameters)

    def send(self, now: datetime.datetime, error: str | None = None) -> list[tuple[str, str, Sequence[str]]]:
        """What one run sends: kind, recipient, alerts; with an error, what it tries in vain."""
        self.plan(now)
        due = take_due(self.connection, self.audiences(), now=now, parameters=DEFAULTS)
        for message in due:
            note_outcome(self.connection, message, subject="subject", error=error, at=now)
        self.plan(now)
        return [(message.kind, message.audience.recipient, message.alert_ids) for message in due]

    def draft(self, recipient: str, now: datetime.datetime) -> Any:
        """The digest or week that is planned for the recipient."""
        message = next(m for m in self.plan(now) if m.audience.recipient == recipient and m.kind != "page")
        return write_draft(self.connection, message, link=lambda alert: f"https://radar.example/{alert.site_domain}")


@pytest.fixture
def desk() -> Iterator[Desk]:
    connection = duckdb.connect(":memory:")
    for schema in SCHEMAS:
        connection.execute(f"CREATE SCHEMA {schema}")
    for declared in TABLES:
        connection.execute(declared.create_statement())
    yield Desk(connection)
    connection.close()


def test_recipients_are_told_of_their_groups_and_the_team_of_the_rest(desk: Desk) -> None:
    desk.site("a.example", "Client A", "seo@a.example|desk", language="nl-BE", time_zone="Europe/Brussels")
    desk.site("a2.example", "Client A", "seo@a.example", language="nl")
    desk.site("b.example", "Client B", "seo@b.example", language="de")
    desk.site("c.example")
    desk.site("gone.example", standing="unlisted")
    found = {(one.recipient, one.group_name): one for one in desk.audiences()}
    assert {key: one.sites for key, one in found.items()} == {
        ("seo@a.example", "Client A"): ("a.example", "a2.example"),
        ("desk", "Client A"): ("a.example",),
        ("seo@b.example", "Client B"): ("b.example",),
        ("team", None): (OF_NO_SITE, "c.example"),
    }
    assert found["desk", "Client A"].time_zone == "Europe/Brussels"
    assert found["desk", "Client A"].language == "nl"
    assert found["seo@b.example", "Client B"].language == "en", "no such language: that of the settings"
    assert found["seo@a.example", "Client A"].channel == "email"


def test_page_goes_at_once_and_the_rest_at_the_hour_of_the_digest(desk: Desk) -> None:
    desk.site("a.example", None, "desk")
    desk.alert("p1", "a.example", severity="critical", is_page=True)
    desk.alert("d1", "a.example")
    assert desk.send(at("06:30")) == [("page", "desk", ("p1",))]
    assert desk.send(at("06:45")) == []
    assert desk.send(at("07:00")) == [("digest", "desk", ("d1",)), ("digest", "team", ())]
    assert desk.send(at("07:15")) == []
    assert desk.send(at("07:00", SUNDAY + datetime.timedelta(days=1))) == [("week", "desk", ()), ("week", "team", ())]


def test_quiet_hours_keep_pages_together_until_they_end(desk: Desk) -> None:
    desk.site("a.example", None, "desk", time_zone="Europe/Amsterdam")
    desk.site("t.example", None, "far", time_zone="Asia/Tokyo")
    desk.alert("p1", "a.example", severity="critical", is_page=True)
    desk.alert("t1", "t.example", severity="critical", is_page=True)
    assert desk.send(at("04:00")) == [("page", "far", ("t1",))], "it is one in the afternoon there"
    desk.alert("p2", "a.example", severity="critical", is_page=True)
    assert desk.send(at("05:00")) == []
    assert desk.send(at("06:00")) == [("page", "desk", ("p1", "p2"))]


@pytest.mark.parametrize(("wakes", "due"), [(False, "06:00"), (True, "02:00")])
def test_manual_action_wakes_people_only_where_the_setting_says_so(desk: Desk, wakes: bool, due: str) -> None:
    desk.site("a.example", None, "desk")
    desk.alert("m1", "a.example", "manual_action", "critical", is_page=True)
    planned = desk.plan(at("02:00"), OutboxParameters(manual_action_wakes=wakes))
    assert [message.due_at for message in planned if message.kind == "page"] == [at(due)]


def test_hours_are_those_of_the_clock_also_when_it_changes(desk: Desk) -> None:
    desk.site("a.example", None, "desk")
    summer, winter = datetime.date(2026, 10, 24), datetime.date(2026, 10, 25)
    assert desk.plan(at("04:00", summer))[0].due_at == at("06:00", summer)
    desk.connection.execute("DELETE FROM reports.outbox")
    assert desk.plan(at("04:00", winter))[0].due_at == at("07:00", winter)


def test_planning_twice_or_trying_twice_keeps_the_id(desk: Desk) -> None:
    desk.site("a.example", None, "desk")
    desk.alert("p1", "a.example", severity="critical", is_page=True)
    first = desk.plan(at("08:00"))
    assert [message.message_id for message in desk.plan(at("08:05"))] == [message.message_id for message in first]
    taken = take_due(desk.connection, desk.audiences(), now=at("08:10"), parameters=DEFAULTS)
    assert [message.message_id for message in taken] == [first[0].message_id]
    assert take_due(desk.connection, desk.audiences(), now=at("08:10"), parameters=DEFAULTS) == [], "another run has it"
    again = take_due(desk.connection, desk.audiences(), now=at("08:15"), parameters=DEFAULTS)
    assert [message.message_id for message in again] == [first[0].message_id], "the run that took it died: sent again"


def test_what_is_not_taken_is_tried_ever_later_and_then_told_with_the_next(desk: Desk) -> None:
    desk.site("a.example", None, "desk")
    desk.alert("p1", "a.example", severity="critical", is_page=True)
    now = at("08:00")
    assert [DEFAULTS.wait(tries).total_seconds() / 60 for tries in range(1, 7)] == [5, 15, 45, 135, 360, 360]
    for minutes in (5, 15, 45):
        assert "page" in {kind for kind, _, _ in desk.send(now, error="HTTP 503")}
        now += datetime.timedelta(minutes=minutes)
        early = now - datetime.timedelta(minutes=1)
        assert "page" not in {kind for kind, _, _ in desk.send(early, error="HTTP 503")}
    desk.connection.execute("UPDATE reports.outbox SET attempt_count = 9 WHERE kind = 'page'")
    desk.send(now, error="HTTP 503")
    errors = desk.connection.execute(
        "SELECT last_error, attempt_count FROM reports.outbox WHERE kind = 'page'"
    ).fetchall()
    assert errors == [("HTTP 503", DEFAULTS.most_attempts)]
    waiting = [message for message in desk.plan(now) if message.audience.recipient == "desk"]
    assert [message.alert_ids for message in waiting] == [("p1",)]
    assert waiting[0].kind != "page", "given up: told in the next digest"


def test_silenced_dealt_with_and_told_elsewhere_stay_out(desk: Desk) -> None:
    desk.site("a.example", None, "desk")
    desk.alert("d1", "a.example")
    desk.alert("d2", "a.example", told_in="d9")
    desk.alert("d3", "a.example", raised_at=at("04:00") - datetime.timedelta(days=30))
    desk.alert("d4", "a.example")
    desk.alert("d5", "a.example")
    desk.connection.execute("UPDATE reports.alerts SET status = 'false_alarm' WHERE alert_id = 'd4'")
    desk.connection.execute(
        "INSERT INTO reports.silences VALUES ('s', 'a.example', 'drop', 'd1', DATE '2026-11-20', 'known', 'Anna', ?)",
        [at("03:00")],
    )
    draft = desk.draft("desk", at("06:00"))
    assert draft.message.alert_ids == ("d5",)
    assert "1 alert is silenced and not told here." in draft.lead
    later = desk.plan(at("06:00", datetime.date(2026, 11, 21)))
    assert "d1" in next(message for message in later if message.audience.recipient == "desk").alert_ids


def test_digest_of_a_client_names_no_other_client(desk: Desk) -> None:
    desk.site("a.example", "Client A", "seo@a.example", language="nl")
    desk.site("b.example", "Client B", "seo@b.example")
    desk.alert("d1", "a.example", owner="Anna")
    desk.alert("d2", "b.example", severity="critical", owner="Bram")
    desk.alert("d3", OF_NO_SITE, "outage")
    monday = at("06:30", SUNDAY + datetime.timedelta(days=1))
    for client, other in (("a", "b"), ("b", "a")):
        draft = desk.draft(f"seo@{client}.example", monday)
        for text in (draft.subject, render_text(draft), render_html(draft)):
            assert f"{other}.example" not in text
            assert f"Client {other.upper()}" not in text
        assert draft.message.kind == "week"


def test_digest_says_what_how_sure_what_else_whose_and_where(desk: Desk) -> None:
    desk.site("a.example", "Client A", "seo@a.example", language="nl")
    desk.connection.execute(
        "INSERT INTO risk.site_risk (day, site_domain, tier, basis) "
        "VALUES (DATE '2026-11-15', 'a.example', 'low', 'links')"
    )
    desk.connection.execute(
        "INSERT INTO ingest.export_files (file_id, status, site_domain, exported_on) "
        "VALUES ('f', 'loaded', 'a.example', DATE '2026-11-14')"
    )
    desk.alert("d1", "a.example", owner="Anna & <b>Bo</b>")
    draft = desk.draft("seo@a.example", at("06:00"))
    assert draft.subject == "Client A, 15 nov 2026: 1 nieuwe melding"
    text = render_text(draft)
    for part in (
        "1 nieuwe melding; 1 site beoordeeld; gegevens tot en met 14 nov 2026.",
        "40% lager sinds 10 nov 2026",
        "Hoe zeker: q-waarde 0,01",
        "Wat het kan verklaren: vooral links, met kans 0,70",
        "Volgende stap:",
        "Eigenaar: Anna & <b>Bo</b>",
        "Meer: https://radar.example/a.example",
        draft.message.message_id,
    ):
        assert part in text
    page = render_html(draft)
    assert "Anna &amp; &lt;b&gt;Bo&lt;/b&gt;" in page
    assert '<a href="https://radar.example/a.example">' in page


def test_empty_digest_is_sent_and_says_what_was_looked_at(desk: Desk) -> None:
    desk.site("a.example", "Client A", "desk")
    draft = desk.draft("desk", at("06:00"))
    assert draft.subject == "Client A, 15 Nov 2026: nothing new"
    assert draft.lead == (
        "Nothing new; 0 sites assessed; data until –.",
        "1 site was not assessed that night: no news of it says nothing.",
    )


def test_week_tells_of_the_group_what_is_new_goes_on_and_is_over(desk: Desk) -> None:
    desk.site("a.example", "Client A", "desk")
    desk.site("b.example", "Client B", "other")
    old = at("04:00") - datetime.timedelta(days=20)
    desk.alert("n1", "a.example")
    desk.alert("o1", "a.example", raised_at=old)
    desk.alert("c1", "a.example", step="cleared")
    for number in range(40):
        desk.alert(f"h{number}", "a.example", raised_at=old)
        desk.alert(f"x{number}", "b.example", raised_at=old)
    desk.connection.execute("UPDATE reports.alerts SET status = 'handled', is_open = false WHERE alert_id LIKE 'h%'")
    desk.connection.execute("UPDATE reports.alerts SET status = 'false_alarm' WHERE alert_id LIKE 'x%'")
    desk.connection.execute("UPDATE reports.alerts SET status = 'false_alarm' WHERE alert_id IN ('h1', 'h2')")
    week = desk.draft("desk", at("06:30", SUNDAY + datetime.timedelta(days=1))).week
    assert week[:2] == ("The week until 15 Nov 2026", "New 1, still going on 1, over 1.")
    assert any(line.startswith("Of 40 alerts that were dealt with here, 95% were right") for line in week)
