"""Tells the team that a task failed for good."""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseNotifier

from transforms.errors import GateBrokenError

LAST_TASK = "end_failed"
"""Fails once for all that failed in an ingest run: tasks mapped over batches would tell of one outage many times."""


class FailureNotifier(BaseNotifier):
    """A message to the setting ``team_channel``, one for each outage.

    Silent of a broken check, which an alert tells, and of what the run's last task tells.
    """

    def render_template_fields(self, context: Any, jinja_env: Any = None) -> None:
        """Nothing of it is a template."""

    def notify(self, context: Any) -> None:
        """Send the message; that it could not be sent stands in the log and changes nothing else."""
        from dags.fetching import read_connection
        from penalty_radar import walk

        dag, task_id = context["dag"], context["ti"].task_id
        if isinstance(context.get("exception"), GateBrokenError) or (
            LAST_TASK in dag.task_ids and task_id != LAST_TASK
        ):
            return
        error = walk.tell_failure(walk.load(), dag.dag_id, context["run_id"], task_id, connections=read_connection)
        if error is not None:
            self.log.warning("the team was not told: %s", error)
