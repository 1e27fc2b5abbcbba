"""The task that sends people what is due."""

from __future__ import annotations

from airflow.sdk import TriggerRule, task

from dags.fetching import read_connection


@task(trigger_rule=TriggerRule.ALL_DONE)
def send_messages() -> int:
    """How many messages were tried; the log has a line for each."""
    from penalty_radar import walk

    lines = walk.send_messages(walk.load(), connections=read_connection)
    for line in lines:
        print(line)
    return len(lines)
