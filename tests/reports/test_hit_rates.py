"""The team's own hit rate: told from thirty handled alerts on, with its interval."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from penalty_radar.walk import decide_alert
from reports.alert_rows import Alert, insert_alert
from reports.data import read_portfolio
from reports.hit_rates import LEAST_HANDLED, HitRate, find_rate
from reports.sentences import Speaker, say_hit_rate
from transforms.errors import UsageError
from transforms.settings import Settings
from transforms.warehouse import open_writer

AS_OF = datetime.date(2026, 6, 30)


def test_below_thirty_nothing_is_told_but_how_many_there_are() -> None:
    few = HitRate(kind="pair", handled_count=LEAST_HANDLED - 1, false_alarm_count=2)
    assert few.rate is None
    assert few.interval is None
    assert "29" in say_hit_rate([few], "pair", Speaker("en"))
    said = say_hit_rate([], "all", Speaker("en"))
    assert said.startswith("Chances are calibrated on simulations")


def test_from_thirty_on_the_rate_stands_with_its_interval_in_both_languages() -> None:
    rate = HitRate(kind="all", handled_count=40, false_alarm_count=10)
    assert rate.rate == 0.75
    low, high = rate.interval or (0, 0)
    assert (round(low, 2), round(high, 2)) == (0.63, 0.85)
    for language in ("en", "nl"):
        said = say_hit_rate([rate], "all", Speaker(language))
        assert all(figure in said for figure in ("40", "30", "75", "63", "85"))


def test_people_judge_alerts_and_findings_alone_count(tmp_path: Path) -> None:
    settings = Settings(warehouse=tmp_path / "w.duckdb")
    with open_writer(settings.warehouse) as connection:
        for at, kind in enumerate(("drop", "drop", "drop", "stale_feed")):
            insert_alert(connection, an_alert(f"a{at}", kind))
    for alert_id, word in (("a0", "right"), ("a1", "false_alarm"), ("a2", "acknowledged"), ("a3", "right")):
        decide_alert(settings, alert_id, word, name="Anna")
    decide_alert(settings, "a0", "false_alarm", name="Bert", note="the tracker stood still")
    for alert_id, word, name in (("a9", "right", "Anna"), ("a0", "perhaps", "Anna"), ("a0", "right", " ")):
        with pytest.raises(UsageError):
            decide_alert(settings, alert_id, word, name=name)
    with open_writer(settings.warehouse) as connection:
        assert connection.execute(
            "SELECT status, decided_by, note FROM reports.decisions WHERE alert_id = 'a0' ORDER BY decided_at"
        ).fetchall() == [("handled", "Anna", None), ("false_alarm", "Bert", "the tracker stood still")]
        connection.execute("UPDATE reports.decisions SET decided_at = decided_at - INTERVAL 5000 DAY")
        day = connection.execute("SELECT CAST(max(decided_at) AS DATE) FROM reports.decisions").fetchall()[0][0]
        rates = read_portfolio(connection, as_of=day).hit_rates
        earlier = read_portfolio(connection, as_of=day - datetime.timedelta(days=1)).hit_rates
    assert [(rate.kind, rate.handled_count, rate.false_alarm_count) for rate in rates] == [
        ("all", 2, 2),
        ("drop", 2, 2),
    ]
    assert earlier == ()
    assert find_rate(rates, "pair").handled_count == 0


def an_alert(alert_id: str, kind: str) -> Alert:
    return Alert(
        alert_id=alert_id,
        dedupe_key=alert_id,
        site_domain="a.example",
        kind=kind,
        severity="warning",
        finding_id=alert_id,
        message_key="alert.drop",
        arguments={
            "site": "a.example", "provider": "search_console", "depth_share": 0.3, "starts_on": "2026-06-01",
            "detected_on": "2026-06-08", "q_value": 0.01, "cause": None,
        },
        as_of=AS_OF,
        raised_at=datetime.datetime(2026, 6, 30, 4),  # noqa: DTZ001 - TIMESTAMP columns are UTC without a zone
    )  # fmt: skip
