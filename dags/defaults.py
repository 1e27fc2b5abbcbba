"""What every task and DAG has in common: retries, time limits, the pool, and the schedule from the settings."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import CronTriggerTimetable, ExceptionRetryPolicy, RetryAction, RetryRule

from dags.failures import FailureNotifier
from transforms.errors import BadInputError, GateBrokenError, UsageError
from transforms.settings import Settings, load_settings

WAREHOUSE_POOL = "warehouse"
"""One slot: DuckDB has one writer, and even a reader fails while it holds the file. See ``dags/metadata.py``."""

TAGS = ["penalty-radar"]

RETRY_POLICY = ExceptionRetryPolicy(
    [
        RetryRule(GateBrokenError, RetryAction.FAIL, reason="a check is broken; trying again reads the same data"),
        RetryRule(UsageError, RetryAction.FAIL, reason="a setting or parameter is wrong"),
        RetryRule(BadInputError, RetryAction.FAIL, reason="the input is bad"),
    ]
)
"""What trying again cannot mend fails at once; all else (a busy warehouse, a full disk) is tried again."""

TASK_DEFAULTS: dict[str, Any] = {
    "owner": "penalty-radar",
    "pool": WAREHOUSE_POOL,
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=10),
    "retry_policy": RETRY_POLICY,
    "on_failure_callback": FailureNotifier(),
    "execution_timeout": timedelta(hours=2),
}


def settings() -> Settings:
    """Settings of this checkout, without the imports that slow down parsing."""
    return load_settings(os.environ, Path(__file__).parent.parent)


def nightly(cron: str) -> CronTriggerTimetable:
    """Every time ``cron`` says, in the time zone of the settings."""
    return CronTriggerTimetable(cron, timezone=settings().time_zone)
