"""The tasks of `assess_penalty_risk`: each a local import and one call of the walk."""

from __future__ import annotations

from typing import Any

from airflow.sdk import TriggerRule, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.assets import ASSESSMENT, BACKLINKS, RANKINGS, announce, newest_events
from transforms.errors import GateBrokenError
from transforms.stages import ASSESSED_STAGES, INGEST

FromTask = Any
"""What another task returned: a plain value when the task runs, a reference to it while the DAG is put together."""

BROKEN = "is_warehouse_broken"
"""What a check leaves behind that found the warehouse broken; one that failed (busy, out of time) leaves nothing."""


@task.short_circuit(inlets=[BACKLINKS, RANKINGS, ASSESSMENT])
def plan_night(params: Any = None, dag_run: Any = None, inlet_events: Any = None) -> dict[str, Any] | None:
    """What this run is to do, or nothing: then the rest is skipped."""
    from penalty_radar import night, walk

    events = newest_events(inlet_events)
    return night.plan_night(walk.load(), dag_run.run_type.value, dag_run.run_after, events, **params)


@task
def choose_as_of(plan: FromTask) -> str:
    """The day to assess, as ISO text."""
    from penalty_radar import walk

    return walk.choose_as_of(walk.load(), as_of=plan["as_of"], site=plan["site"])


@task
def list_sites(as_of: FromTask) -> dict[str, Any]:
    """Where each site of sites.toml stands, and what is wrong with its entries."""
    from penalty_radar import walk

    return walk.list_sites(walk.load(), as_of=as_of)


@task
def run_stage(stage: str, as_of: FromTask, held_back: FromTask, plan: FromTask) -> dict[str, int]:
    """Rows written, by table."""
    from penalty_radar import walk

    return walk.run_stage(walk.load(), stage, as_of=as_of, site=plan["site"], held_back=held_back)


@task
def check_stage(stage: str, as_of: FromTask, held_back: FromTask, plan: FromTask, ti: Any = None) -> list[str]:
    """The sites held back so far."""
    from penalty_radar import walk

    try:
        return walk.check_stage(walk.load(), stage, as_of=as_of, site=plan["site"], held_back=held_back)
    except GateBrokenError:
        ti.xcom_push(key=BROKEN, value=True)
        raise


@task
def build_report(as_of: FromTask, held_back: FromTask, plan: FromTask) -> str:
    """Path of the report's index."""
    from penalty_radar import walk

    return walk.build_report(walk.load(), as_of=as_of, held_back=held_back, missing_feeds=plan["missing_feeds"])


@task
def raise_alerts(as_of: FromTask, held_back: FromTask) -> int:
    """How many alerts are new."""
    from penalty_radar import walk

    return len(walk.raise_alerts(walk.load(), as_of=as_of, held_back=held_back))


@task(trigger_rule=TriggerRule.ONE_FAILED)
def tell_broken(as_of: FromTask, ti: Any = None) -> int:
    """How many alerts are new after a check stopped the walk; another failure is Airflow's own to tell."""
    from penalty_radar import walk

    checks = [f"check_{stage}" for stage in (INGEST, *ASSESSED_STAGES)]
    if not any(ti.xcom_pull(task_ids=checks, key=BROKEN)):
        raise AirflowSkipException("no check is broken")
    return len(walk.raise_alerts(walk.load(), as_of=as_of))


@task(outlets=[ASSESSMENT])
def publish(plan: FromTask, as_of: FromTask, held_back: FromTask, outlet_events: Any = None) -> None:
    """Swap in the snapshot, and say what was assessed."""
    from penalty_radar import walk

    walk.publish(walk.load())
    announce(outlet_events, ASSESSMENT, {**plan, "as_of": as_of, "held_back": held_back})
