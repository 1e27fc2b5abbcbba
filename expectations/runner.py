"""Checks one stage for one day: measures in the warehouse, judges with Great Expectations, records what came out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd

from expectations.check import WAREHOUSE, Check
from expectations.judge import SITE, judge
from expectations.profile import Reach, find_failing_rows, measure_checks
from expectations.suites import stage_checks
from transforms.ingest.listed_sites import unlisted_sites
from transforms.schemas import table
from transforms.stages import STAGES
from transforms.warehouse import transaction

OUTCOMES = table("expectations.outcomes")
FAILING_ROWS = table("expectations.failing_rows")


@dataclass(frozen=True)
class CheckResult:
    """What checking a stage gave."""

    held_back: frozenset[str]
    """Sites that break a minimum of this stage."""

    is_warehouse_broken: bool
    """A minimum of the warehouse as a whole is broken: the walk must stop."""

    broken: tuple[str, ...]
    """Every broken minimum as ``site: check_name``, the warehouse as a whole (``*``) first, sorted."""

    warnings: tuple[str, ...]
    """Every broken maximum, in the same form."""

    outcomes: pd.DataFrame
    """The rows written to expectations.outcomes."""


def check_stage(
    connection: duckdb.DuckDBPyConnection, stage: str, *, as_of: datetime.date, sites: Sequence[str] | None = None
) -> CheckResult:
    """Check every table of ``stage`` as known on ``as_of`` and replace that slice of outcomes and failing rows.

    A site that an earlier stage has already held back this night is passed over: its rows are those of an older night.
    So is a site that sites.toml does not list.
    Reading, judging and writing happen in one transaction; run again, it leaves the same rows.

    Args:
        connection: one that may write, outside any transaction.
        stage: one of ``transforms.stages.STAGES``.
        as_of: the night.
        sites: check (and replace outcomes of) these only, beside the warehouse as a whole; None = all.
    """
    checks = stage_checks(stage)
    with transaction(connection):
        reach = Reach(
            as_of=as_of,
            sites=None if sites is None else tuple(sites),
            passed_over=_held_back_before(connection, stage, as_of) | unlisted_sites(connection),
        )
        measured = measure_checks(connection, checks, reach)
        broken = _judge_measured(stage, measured, checks)
        outcomes = _outcomes(stage, measured, checks, broken, as_of)
        _replace_slice(connection, outcomes, stage, reach)
        _record_failing_rows(connection, stage, checks, broken, reach)
    return _result(outcomes)


def _held_back_before(connection: duckdb.DuckDBPyConnection, stage: str, as_of: datetime.date) -> frozenset[str]:
    rows = connection.execute(
        "SELECT DISTINCT site_domain FROM expectations.outcomes WHERE as_of = $as_of AND severity = 'minimum' "
        "AND NOT is_met AND site_domain <> $warehouse AND list_contains($earlier, stage)",
        {"as_of": as_of, "warehouse": WAREHOUSE, "earlier": ["", *STAGES[: STAGES.index(stage)]]},
    ).fetchall()
    return frozenset(site for (site,) in rows)


def _judge_measured(stage: str, measured: pd.DataFrame, checks: Sequence[Check]) -> dict[str, frozenset[str]]:
    """Great Expectations gets one frame per stage: a row per site, a column per check that was measured at all."""
    present = [check for check in checks if (measured["check_name"] == check.name).any()]
    by_site = measured.pivot(index=SITE, columns="check_name", values="observed_value")
    by_site = by_site.astype("float64").reset_index()
    by_site[SITE] = by_site[SITE].astype(object)
    return judge(stage, by_site, present)


def _outcomes(
    stage: str,
    measured: pd.DataFrame,
    checks: Sequence[Check],
    broken: dict[str, frozenset[str]],
    as_of: datetime.date,
) -> pd.DataFrame:
    by_name = {check.name: check for check in checks}
    rows = []
    for check_name, site, value, failing_count in measured.itertuples(index=False, name=None):
        check = by_name[check_name]
        is_met = site not in broken[check_name]
        rows.append(
            (as_of, stage, check.table, check_name, site, check.severity, is_met, value, *check.bounds, failing_count)
        )
    outcomes = pd.DataFrame(rows, columns=list(OUTCOMES.column_names)).astype(
        {"observed_value": "float64", "least_value": "float64", "most_value": "float64"}
    )
    return outcomes.sort_values(["check_name", "site_domain"], ignore_index=True)


def _replace_slice(connection: duckdb.DuckDBPyConnection, outcomes: pd.DataFrame, stage: str, reach: Reach) -> None:
    condition = "as_of = $as_of AND stage = $stage"
    values: dict[str, object] = {"as_of": reach.as_of, "stage": stage}
    if reach.sites is not None:
        condition += " AND list_contains($replaced, site_domain)"
        values["replaced"] = [*reach.sites, WAREHOUSE]
    for name in (OUTCOMES.name, FAILING_ROWS.name):
        connection.execute(f"DELETE FROM {name} WHERE {condition}", values)  # noqa: S608 - declared names
    _insert(connection, OUTCOMES.name, outcomes)


def _record_failing_rows(
    connection: duckdb.DuckDBPyConnection,
    stage: str,
    checks: Sequence[Check],
    broken: dict[str, frozenset[str]],
    reach: Reach,
) -> None:
    frames = list(_failing_rows(connection, checks, broken, reach))
    if frames:
        failing = pd.concat(frames, ignore_index=True)
        _insert(connection, FAILING_ROWS.name, failing.assign(as_of=reach.as_of, stage=stage))


def _failing_rows(
    connection: duckdb.DuckDBPyConnection, checks: Sequence[Check], broken: dict[str, frozenset[str]], reach: Reach
) -> Iterator[pd.DataFrame]:
    for check in checks:
        sites = broken.get(check.name, frozenset())
        if sites and check.bad_row:
            yield find_failing_rows(connection, check, sites, reach).assign(check_name=check.name)


def _insert(connection: duckdb.DuckDBPyConnection, name: str, rows: pd.DataFrame) -> None:
    connection.register("rows_to_insert", rows)
    connection.execute(
        f"INSERT INTO {name} BY NAME SELECT * REPLACE (CAST(as_of AS DATE) AS as_of) FROM rows_to_insert"  # noqa: S608
    )
    connection.unregister("rows_to_insert")


def _result(outcomes: pd.DataFrame) -> CheckResult:
    unmet = outcomes[~outcomes["is_met"].astype(bool)]
    minima = unmet[unmet["severity"] == "minimum"]
    sites = frozenset(minima["site_domain"])
    return CheckResult(
        held_back=sites - {WAREHOUSE},
        is_warehouse_broken=WAREHOUSE in sites,
        broken=_listed(minima),
        warnings=_listed(unmet[unmet["severity"] == "maximum"]),
        outcomes=outcomes,
    )


def _listed(outcomes: pd.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(f"{row.site_domain}: {row.check_name}" for row in outcomes.itertuples(index=False)))
