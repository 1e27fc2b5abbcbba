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
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from expectations.check import Check

SITE, CHECK = "site_domain", "check_name"
_GX_SEVERITY = {"minimum": "critical", "maximum": "warning"}
_RESULT_FORMAT = {"result_format": "COMPLETE", "unexpected_index_column_names": [CHECK, SITE]}


def judge(suite_name: str, measured_by_site: pd.DataFrame, checks: Sequence[Check]) -> dict[str, frozenset[str]]:
    """Sites that break each check, by check name; a check that everybody meets has an empty set.

    Hundreds of checks have a handful of bounds between them, and an expectation costs the same for one number as for a
    million: Great Expectations judges one column for each pair of bounds, with a row for each number measured.

    Args:
        suite_name: name of the suite, for messages of Great Expectations.
        measured_by_site: one row per site with column ``site_domain`` and one float column per check name; NaN = not
            measured, which breaks nothing.
        checks: those to judge; each has its column.

    Raises:
        RuntimeError: a number could not be evaluated; never taken for a pass or a failure.
    """
    if missing := {check.name for check in checks} - set(measured_by_site.columns):
        raise RuntimeError(f"suite {suite_name}: no column for {sorted(missing)}")
    broken: dict[str, set[str]] = {check.name: set() for check in checks}
    if checks and not measured_by_site.empty:
        groups = _group_by_bounds(checks)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecations inside Great Expectations; ours are caught in the tests
            batch = _batch_definition().get_batch({"dataframe": _numbers_by_bounds(measured_by_site, groups)})
            validation = batch.validate(_suite(suite_name, groups), result_format=_RESULT_FORMAT)
        if len(validation.results) != len(groups):
            raise RuntimeError(f"suite {suite_name}: {len(validation.results)} results of {len(groups)} expectations")
        for result in validation.results:
            for check_name, site in _broken_numbers(result):
                broken[check_name].add(site)
    return {name: frozenset(sites) for name, sites in broken.items()}


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


def _group_by_bounds(checks: Sequence[Check]) -> dict[str, list[Check]]:
    """Checks of the same severity and bounds, by a name that says both: the column in which they are judged."""
    groups: dict[str, list[Check]] = {}
    for check in checks:
        least, most = check.bounds
        groups.setdefault(f"{check.severity}: {least} to {most}", []).append(check)
    return groups


def _numbers_by_bounds(measured_by_site: pd.DataFrame, groups: Mapping[str, Sequence[Check]]) -> pd.DataFrame:
    """A row for each check and site, with the number in the column of the check's bounds."""
    frames = []
    for column, checks in groups.items():
        names = [check.name for check in checks]
        frames.append(measured_by_site.melt(SITE, names, var_name=CHECK, value_name=column))
    return pd.concat(frames, ignore_index=True)


def _suite(name: str, groups: Mapping[str, Sequence[Check]]) -> Any:
    import great_expectations as gx
    from great_expectations import expectations as gxe

    return gx.ExpectationSuite(
        name=name,
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column=column,
                min_value=checks[0].bounds[0],
                max_value=checks[0].bounds[1],
                severity=_GX_SEVERITY[checks[0].severity],
            )
            for column, checks in groups.items()
        ],
    )


def _broken_numbers(result: Any) -> list[tuple[str, str]]:
    """Check and site of every number out of bounds."""
    if result.exception_info.get("raised_exception") or "unexpected_count" not in (result.result or {}):
        column = result.expectation_config.kwargs["column"]
        raise RuntimeError(f"checks of {column}: Great Expectations failed: {result.exception_info}")
    return [(str(row[CHECK]), str(row[SITE])) for row in result.result.get("unexpected_index_list") or ()]
