"""Send people the messages that are due: digests at their hour, pages after quiet hours, and what failed before.

## What it does
Plans what each recipient of `sites.toml` is to be told (docs/alerts.md), sends what is due through the channels, and
notes the outcome in `reports.outbox`. A message that a channel does not take is tried again by a later run. The night's
own run does the same right after raising its alerts; this DAG is for the hours in between.

## When it runs
At `delivery` in `time_zone` (settings), every quarter of an hour. A run with nothing to send takes a second or two.

## Parameters
None.

## Example
    airflow dags trigger deliver_messages

## When it fails
A channel that is down fails no run: see `last_error` in `reports.outbox`. A busy warehouse is tried again by itself.
"""

from __future__ import annotations

from airflow.sdk import dag

from dags.defaults import TAGS, TASK_DEFAULTS, nightly, settings
from dags.delivery import send_messages


@dag(
    schedule=nightly(settings().delivery),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    tags=[*TAGS, "deliver"],
    doc_md=__doc__,
)
def deliver_messages() -> None:
    """Send what is due; see the module's docstring."""
    send_messages()


DAG = deliver_messages()
