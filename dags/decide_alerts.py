"""Decide on open alerts: one form for each, under "Required actions" of the run.

## What it does
Lists the alerts that nobody has called handled or false, the most urgent first and at most 50, and puts up a form for
each: `acknowledged`, `handled` (it was right), `false_alarm`, or `later`. What is chosen goes into `reports.decisions`
with the name of whoever chose, note and time, and feeds the hit rate. See docs/alerts.md.

## When it runs
When a person starts it. A form that nobody answers within twelve hours decides nothing.

## Parameters
- `site`: only the alerts of this site, for example `shop.example`.

## Example
    airflow dags trigger decide_alerts --conf '{"site": "shop.example"}'

## When it fails
A red `note_decision`: the warehouse was busy for long, or the answer gives no name (then fill in `name`). Clear it, or
say it on the command line: `penalty-radar decide ALERT handled --name NAME`.
"""

from __future__ import annotations

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, dag

from dags.deciding import ANSWER_WITHIN, LATER, list_open_alerts, make_form, note_decision
from dags.defaults import TAGS, TASK_DEFAULTS

PARAMS = {"site": Param(None, type=["null", "string"], description="Only the alerts of this site (its domain).")}
FIELDS = {
    "name": Param(None, type=["null", "string"], description="Who decides; empty: the user who answers."),
    "note": Param(None, type=["null", "string"], description="Why."),
}


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    params=PARAMS,
    tags=[*TAGS, "alerts"],
    doc_md=__doc__,
)
def decide_alerts() -> None:
    """Ask about open alerts; see the module's docstring."""
    alerts = list_open_alerts()
    forms = HITLOperator.partial(
        task_id="ask",
        options=["acknowledged", "handled", "false_alarm", LATER],
        defaults=LATER,
        params=FIELDS,
        response_timeout=ANSWER_WITHIN,
        pool="default_pool",
    ).expand_kwargs(alerts.map(make_form))
    note_decision.expand(pair=alerts.zip(forms.output))


DAG = decide_alerts()
