"""The tasks of `decide_alerts`: what is open, a form for each alert, and what was chosen noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.sdk import task
from airflow.sdk.exceptions import AirflowSkipException

LATER = "later"
"""The choice that decides nothing; also what a form that nobody answers in time comes to."""

ANSWER_WITHIN = timedelta(hours=12)
"""How long a form waits: a working day, so that the next morning's run is not held up by it."""

MOST_FORMS = 50
"""Forms of one run, the most urgent first: more than a person answers at one sitting."""


@task
def list_open_alerts(params: Any = None) -> list[dict[str, Any]]:
    """Open alerts with headline and text, most urgent first."""
    from penalty_radar import walk

    found = walk.list_open_alerts(walk.load(), site=params["site"])
    if not found:
        raise AirflowSkipException("no alert waits for a decision")
    return found[:MOST_FORMS]


def make_form(alert: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of an alert shows; fenced, for the words of an export are no Markdown and no template."""
    text = "\n".join(alert["text"]).replace("`", "'").replace("{", "(").replace("}", ")")
    subject = f"{alert['site_domain']}: {alert['kind']}, {alert['as_of']}".replace("{", "(").replace("}", ")")
    return {
        "subject": subject,
        "body": f"```\n{text}\n```\nalert_id {alert['alert_id']}, owner {alert['owner'] or '?'}",
    }


@task
def note_decision(pair: Any) -> str | None:
    """Note what was chosen in one form, in the name of whoever answered it; None where nothing was decided."""
    from penalty_radar import walk

    alert, answer = pair
    (word,) = answer["chosen_options"]
    if word == LATER:
        return None
    user = answer.get("responded_by_user") or {}
    said = answer.get("params_input") or {}
    name = said.get("name") or user.get("name") or user.get("id") or ""
    return walk.decide_alert(
        walk.load(), alert["alert_id"], word, name=name, note=said.get("note"), told_through="form"
    )
