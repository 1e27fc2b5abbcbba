"""The one place that knows Great Expectations: it judges a frame of numbers against the bounds of the checks.

Great Expectations takes seconds to import, so that happens inside functions, and one context serves the whole process.
Nothing leaves the machine: usage statistics are switched off before the import and in the context, and no data docs
are built (theirs load scripts from other hosts).
"""

from __future__ import annotations

import functools
import logging
import os
import warnings
from collections.abc import Sequence
from typing import Any

import pandas as pd

from expectations.check import Check

SITE = "site_domain"
_GX_SEVERITY = {"minimum": "critical", "maximum": "warning"}
_RESULT_FORMAT = {"result_format": "COMPLETE", "unexpected_index_column_names": [SITE]}


def judge(suite_name: str, measured_by_site: pd.DataFrame, checks: Sequence[Check]) -> dict[str, frozenset[str]]:
    """Sites that break each check, by check name; a check that everybody meets has an empty set.

    Args:
        suite_name: name of the suite, for messages of Great Expectations.
        measured_by_site: one row per site with column ``site_domain`` and one float column per check name; NaN = not
            measured, which breaks nothing.
        checks: those to judge; each has its column.

    Raises:
        RuntimeError: Great Expectations could not evaluate an expectation; never taken for a pass or a failure.
    """
    if not checks or measured_by_site.empty:
        return {check.name: frozenset() for check in checks}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside Great Expectations; ours are caught in the tests
        batch = _batch_definition().get_batch({"dataframe": measured_by_site})
        validation = batch.validate(_suite(suite_name, checks), result_format=_RESULT_FORMAT)
    broken = {_check_name(result): _broken_sites(result) for result in validation.results}
    if missing := {check.name for check in checks} - broken.keys():
        raise RuntimeError(f"suite {suite_name}: Great Expectations gave no result for {sorted(missing)}")
    return broken


def gx_context() -> Any:
    """The process's one ephemeral data context, with usage statistics and progress bars off."""
    return _context()


@functools.cache
def _context() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        context = gx.get_context(mode="ephemeral")
        context.enable_analytics(False)
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


@functools.cache
def _batch_definition() -> Any:
    asset = gx_context().data_sources.add_pandas("measured").add_dataframe_asset("measured_by_site")
    return asset.add_batch_definition_whole_dataframe("whole")


def _suite(name: str, checks: Sequence[Check]) -> Any:
    import great_expectations as gx
    from great_expectations import expectations as gxe

    return gx.ExpectationSuite(
        name=name,
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column=check.name,
                min_value=check.bounds[0],
                max_value=check.bounds[1],
                severity=_GX_SEVERITY[check.severity],
                notes=check.reason,
            )
            for check in checks
        ],
    )


def _check_name(result: Any) -> str:
    return str(result.expectation_config.kwargs["column"])


def _broken_sites(result: Any) -> frozenset[str]:
    if result.exception_info.get("raised_exception") or "unexpected_count" not in (result.result or {}):
        raise RuntimeError(f"check {_check_name(result)}: Great Expectations failed: {result.exception_info}")
    return frozenset(str(row[SITE]) for row in result.result.get("unexpected_index_list") or ())
