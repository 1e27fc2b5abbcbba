"""Assess the portfolio: stage, check, stage; then alerts, report, messages and the published snapshot.

## What it does
Walks `staging → signals → surges → drops → correlation → risk` for one day, with a check after each. A broken minimum
holds that site back (its last good page stays, marked stale) and the rest goes on; only a broken warehouse stops the
walk, and people are told of it. Each stage replaces its own slice, so running a day again changes nothing.

## When it runs
As soon as every expected feed of the night is in, else at `cutoff` (settings) with what there is, and the report names
the missing feeds, even when nothing came. A feed is expected once it has brought anything: with backlink exports only,
nothing waits for rankings. What comes after the night was assessed (more files, or on the same day a feed that was
missing) is assessed at once, each arrival once. Every event starts a run; `plan_night` ends the others, skipped.

## Parameters
- `as_of`: the day to assess, for example `2026-11-15`; left empty, the newest day of the exports.
- `site`: redo only this site. A run that a person starts is never skipped.

## Example
    airflow dags trigger assess_penalty_risk --conf '{"as_of": "2026-11-15", "site": "shop.example"}'

## When it fails
A red `check_` task: `tell_broken` raised the alert. Look at `expectations.outcomes` and `expectations.failing_rows`,
mend the input, clear the task with all after it. Anything else: clear the failed task; what it began was rolled back.
"""

from __future__ import annotations

from airflow.sdk import AssetOrTimeSchedule, Param, dag

from dags.assessment import (
    build_report,
    check_stage,
    choose_as_of,
    list_sites,
    plan_night,
    publish,
    raise_alerts,
    run_stage,
    tell_broken,
)
from dags.assets import BACKLINKS, RANKINGS
from dags.defaults import TAGS, TASK_DEFAULTS, nightly, settings
from dags.delivery import send_messages
from transforms.stages import ASSESSED_STAGES, INGEST

PARAMS = {
    "as_of": Param(None, type=["null", "string"], format="date", description="The day to assess; empty: the newest."),
    "site": Param(None, type=["null", "string"], description="Assess only this site (its domain)."),
}


@dag(
    schedule=AssetOrTimeSchedule(timetable=nightly(settings().cutoff), assets=(BACKLINKS | RANKINGS)),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    params=PARAMS,
    tags=[*TAGS, "assess"],
    doc_md=__doc__,
)
def assess_penalty_risk() -> None:
    """Walk from staging to the report; see the module's docstring."""
    plan = plan_night()
    day = choose_as_of(plan)
    listed = list_sites(day)
    broken = tell_broken(day)
    held_back = check_stage.override(task_id=f"check_{INGEST}")(INGEST, day, [], plan)
    listed >> held_back >> broken
    for stage in ASSESSED_STAGES:
        made = run_stage.override(task_id=f"run_{stage}")(stage, day, held_back, plan)
        checked = check_stage.override(task_id=f"check_{stage}")(stage, day, held_back, plan)
        made >> checked >> broken
        held_back = checked
    report = build_report(day, held_back, plan)  # after the alerts: the first page lists those that are open
    raise_alerts(day, held_back) >> report >> publish(plan, day, held_back)
    [report, broken] >> send_messages()


DAG = assess_penalty_risk()
