"""What people say of alerts, and what they ask not to hear: kept by every later run."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest

from reports.decisions import decide, read_open_alerts
from reports.silences import LONGEST_DAYS, read_silences, silence
from tests.reports.alert_nights import AS_OF, NOW, SITE, Night, open_night, told
from transforms.errors import UsageError

LATER = NOW + datetime.timedelta(hours=5)
TOMORROW = AS_OF + datetime.timedelta(days=1)


@pytest.fixture
def night() -> Iterator[Night]:
    with open_night() as made:
        yield made


def statuses(night: Night) -> dict[str, tuple[str, str | None]]:
    rows = night.connection.execute("SELECT dedupe_key, status, decided_by FROM reports.alerts").fetchall()
    return {key: (status, name) for key, status, name in rows}


def said_in_a_file(night: Night, alert_id: str, status: str, row_number: int = 1, **row: object) -> None:
    night.export(AS_OF, file_id="decisions", site_domain=None)
    given = {"alert_id": alert_id, "status": status, "row_number": row_number, "decided_by": "Cor"}
    days = {"decided_on": AS_OF, "observed_on": AS_OF}
    night.add("staging.decision_observations", {"file_id": "decisions"} | given | days | row)


def test_a_decision_stays_through_a_rerun_and_worsening_reopens(night: Night) -> None:
    night.drop()
    (alert,) = night.raise_alerts()
    decide(night.connection, alert.alert_id, "handled", name="Anna", decided_at=LATER, told_through="command")
    assert night.raise_alerts() == []
    assert statuses(night) == {"drop:d1": ("handled", "Anna")}
    assert read_open_alerts(night.connection) == []

    tomorrow = night.next_night()
    night.connection.execute("UPDATE drops.ranking_drops SET depth_share = 0.7 WHERE as_of = ?", [tomorrow])
    (worse,) = night.raise_alerts(tomorrow)
    assert statuses(night)["drop:d1:critical"] == ("new", None)
    assert [alert.alert_id for alert in read_open_alerts(night.connection)] == [worse.alert_id]

    next_day = LATER + datetime.timedelta(days=1)
    decide(night.connection, worse.alert_id, "false_alarm", name="Bert", decided_at=next_day, told_through="form")
    assert set(statuses(night).values()) == {("false_alarm", "Bert")}, "the last word on the finding"


def test_the_end_of_a_false_alarm_is_not_told(night: Night) -> None:
    night.drop()
    (alert,) = night.raise_alerts()
    decide(night.connection, alert.alert_id, "false_alarm", name="Anna", decided_at=LATER, told_through="command")
    tomorrow = night.next_night()
    night.connection.execute("UPDATE drops.ranking_drops SET recovered_on = as_of")
    assert night.raise_alerts(tomorrow) == []


def test_a_file_of_decisions_is_taken_over_once_and_the_last_row_counts(night: Night) -> None:
    night.drop()
    (alert,) = night.raise_alerts()
    said_in_a_file(night, alert.alert_id, "handled")
    said_in_a_file(night, alert.alert_id, "false_alarm", 2, note="the tracker stood still")
    said_in_a_file(night, "feedfeedfeedfeed", "handled", 3)
    for _ in range(2):
        night.raise_alerts()
    assert statuses(night) == {"drop:d1": ("false_alarm", "Cor")}
    rows = night.connection.execute(
        "SELECT status, note, told_through FROM reports.decisions ORDER BY decided_at"
    ).fetchall()
    assert rows == [("handled", None, "file"), ("false_alarm", "the tracker stood still", "file")]


def test_a_decision_taken_later_counts_more_than_the_file(night: Night) -> None:
    night.drop()
    (alert,) = night.raise_alerts()
    said_in_a_file(night, alert.alert_id, "false_alarm")
    night.raise_alerts()
    decide(night.connection, alert.alert_id, "acknowledged", name="Anna", decided_at=LATER, told_through="command")
    night.raise_alerts()
    assert statuses(night) == {"drop:d1": ("acknowledged", "Anna")}


def test_an_undated_row_that_stays_in_the_file_takes_back_no_later_word(night: Night) -> None:
    night.drop()
    (alert,) = night.raise_alerts()
    said_in_a_file(night, alert.alert_id, "false_alarm")
    night.raise_alerts()
    decide(night.connection, alert.alert_id, "handled", name="Anna", decided_at=LATER, told_through="command")

    new_day = AS_OF + datetime.timedelta(days=4)
    night.connection.execute("DELETE FROM staging.decision_observations")
    said_in_a_file(night, alert.alert_id, "false_alarm", decided_on=new_day, observed_on=new_day)
    night.raise_alerts()
    assert statuses(night) == {"drop:d1": ("handled", "Anna")}

    dated = new_day - datetime.timedelta(days=1)
    said_in_a_file(night, alert.alert_id, "false_alarm", 2, decided_on=dated, observed_on=new_day)
    night.raise_alerts()
    assert statuses(night) == {"drop:d1": ("false_alarm", "Cor")}, "said again, on a day of its own"


def hush(night: Night, subject: str, until_on: datetime.date = TOMORROW) -> None:
    silence(night.connection, subject, until_on=until_on, reason="relaunch", name="Anna", silenced_at=NOW)


def test_a_silenced_site_is_logged_and_told_when_the_silence_ends(night: Night) -> None:
    night.add("ingest.listed_sites", {"standing": "listed"})
    hush(night, SITE)
    night.drop(depth_share=0.6)
    assert night.raise_alerts() == []
    assert night.open_ones() == {"drop:d1": True}
    tomorrow = night.next_night()
    assert night.raise_alerts(tomorrow) == []
    after = AS_OF + datetime.timedelta(days=2)
    night.assessed(as_of=after)
    night.drop(depth_share=0.6, as_of=after)
    assert told(night.raise_alerts(after)) == [("drop", "d1", "critical")]


def test_a_silence_ends_early_with_a_day_that_is_past(night: Night) -> None:
    night.add("ingest.listed_sites", {"standing": "listed"})
    hush(night, SITE, AS_OF + datetime.timedelta(days=60))
    night.drop(depth_share=0.6)
    assert night.raise_alerts() == []
    silence(
        night.connection,
        SITE,
        until_on=AS_OF - datetime.timedelta(days=1),
        reason="relaunch called off",
        name="Bert",
        silenced_at=LATER,
    )
    assert read_silences(night.connection, on=AS_OF) == []
    kept = night.connection.execute("SELECT reason, silenced_by FROM reports.silences").fetchall()
    assert kept == [("relaunch; ended by Bert: relaunch called off", "Anna")]
    assert told(night.raise_alerts()) == [("drop", "d1", "critical")]


def test_what_came_and_went_in_silence_is_never_told(night: Night) -> None:
    night.add("ingest.listed_sites", {"standing": "listed"})
    hush(night, SITE)
    night.drop()
    night.raise_alerts()
    after = AS_OF + datetime.timedelta(days=2)
    night.assessed(as_of=after)
    night.drop(recovered_on=AS_OF, as_of=after)
    assert night.raise_alerts(after) == []


def test_a_silenced_alert_silences_its_finding_alone(night: Night) -> None:
    night.surge()
    (alert,) = night.raise_alerts()
    hush(night, alert.alert_id)
    night.drop()
    assert told(night.raise_alerts()) == [("drop", "d1", "warning")]
    (held,) = read_silences(night.connection, on=TOMORROW)
    assert (held.kind, held.finding_id, held.silenced_by, held.reason) == ("surge", "s1", "Anna", "relaunch")
    assert read_silences(night.connection, on=TOMORROW + datetime.timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("subject", "until_on", "reason", "name"),
    [
        ("unknown.example", TOMORROW, "relaunch", "Anna"),
        (SITE, AS_OF - datetime.timedelta(days=1), "relaunch", "Anna"),
        (SITE, AS_OF + datetime.timedelta(days=LONGEST_DAYS + 1), "relaunch", "Anna"),
        (SITE, TOMORROW, " ", "Anna"),
        (SITE, TOMORROW, "relaunch", ""),
    ],
)
def test_a_silence_needs_a_subject_an_end_a_reason_and_a_name(
    night: Night, subject: str, until_on: datetime.date, reason: str, name: str
) -> None:
    night.add("ingest.listed_sites", {"standing": "listed"})
    with pytest.raises(UsageError):
        silence(night.connection, subject, until_on=until_on, reason=reason, name=name, silenced_at=NOW)
    assert read_silences(night.connection, on=AS_OF) == []
