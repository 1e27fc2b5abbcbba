"""The form of open alerts, answered: what is chosen is noted in the name of whoever chose."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from penalty_radar import walk

pytestmark = [pytest.mark.airflow, pytest.mark.usefixtures("airflow_home", "settings_environment")]

ALERTS = [
    {"alert_id": f"{at:016x}", "as_of": "2026-11-15", "site_domain": f"shop{at}.example", "kind": "drop", "owner": None,
     "text": ["[urgent] {{ 1 / 0 }} `visibility` 60% lower", "  Next: look."]}
    for at in range(3)
]  # fmt: skip


def test_what_people_choose_is_noted_and_what_they_leave_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.providers.standard.operators.hitl import HITLOperator

    from dags.decide_alerts import DAG

    noted: list[tuple[str, str, dict[str, Any]]] = []
    shown: list[str] = []
    answers = {"shop0.example": ("handled", {"name": None, "note": "we asked"}), "shop1.example": ("later", {}),
               "shop2.example": ("false_alarm", {"name": "Bert", "note": None})}  # fmt: skip

    def answer(form: Any, context: Any) -> Any:
        shown.append(form.body)
        word, said = answers[form.subject.split(":")[0]]
        return form.execute_complete(
            context,
            {
                "chosen_options": [word],
                "params_input": said,
                "responded_at": datetime.datetime.now(datetime.UTC),
                "responded_by_user": {"id": "7", "name": "Anna"},
            },
        )

    monkeypatch.setattr(HITLOperator, "execute", answer)
    monkeypatch.setattr(walk, "list_open_alerts", lambda settings, site: ALERTS)
    monkeypatch.setattr(walk, "decide_alert", lambda settings, alert, word, **said: noted.append((alert, word, said)))
    assert DAG.test().state == "success"
    assert sorted(noted) == [
        (ALERTS[0]["alert_id"], "handled", {"name": "Anna", "note": "we asked", "told_through": "form"}),
        (ALERTS[2]["alert_id"], "false_alarm", {"name": "Bert", "note": None, "told_through": "form"}),
    ]
    assert len(shown) == len(ALERTS)
    assert all("(( 1 / 0 )) 'visibility'" in body for body in shown), "words of an export stay words"


def test_without_open_alerts_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from dags.decide_alerts import DAG

    monkeypatch.setattr(walk, "list_open_alerts", lambda settings, site: [])
    done = DAG.test()
    assert {str(task.state) for task in done.get_task_instances()} == {"skipped"}
