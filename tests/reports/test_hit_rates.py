"""The team's own hit rate: told from thirty handled alerts on, with its interval."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from penalty_radar.walk import judge_alert
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
        connection.execute(
            "INSERT INTO reports.alerts BY NAME SELECT 'a' || n AS alert_id, 'k' || n AS dedupe_key, "
            "'a.example' AS site_domain, CASE WHEN n < 3 THEN 'drop' ELSE 'stale_feed' END AS kind, "
            "DATE '2026-06-01' AS as_of, 'open' AS status FROM range(4) AS numbers (n)"
        )
    for alert_id, word in (("a0", "right"), ("a1", "false_alarm"), ("a3", "right"), ("a0", "false_alarm")):
        judge_alert(settings, alert_id, word)
    for alert_id, word in (("a9", "right"), ("a0", "perhaps")):
        with pytest.raises(UsageError):
            judge_alert(settings, alert_id, word)
    with open_writer(settings.warehouse) as connection:
        connection.execute("UPDATE reports.alerts SET judged_at = TIMESTAMP '2026-06-20' WHERE judged_at IS NOT NULL")
        rates = read_portfolio(connection, as_of=AS_OF).hit_rates
        earlier = read_portfolio(connection, as_of=datetime.date(2026, 6, 1)).hit_rates
    assert [(rate.kind, rate.handled_count, rate.false_alarm_count) for rate in rates] == [
        ("all", 2, 2),
        ("drop", 2, 2),
    ]
    assert earlier == ()
    assert find_rate(rates, "pair").handled_count == 0
