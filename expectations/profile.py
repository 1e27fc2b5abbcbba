"""Measures a stage: one query per table (or per relation of a check), grouped by site, whatever the number of rows.

Great Expectations never sees the warehouse's rows, only the numbers measured here: one row per site and one column per
check. So ten million links cost one scan in the engine and no row passes through Python.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from expectations.check import WAREHOUSE, Check
from expectations.relations import rows_known
from transforms.schemas import table

MOST_FAILING_ROWS = 20
"""Rows kept per broken check and site: enough to see the pattern, few enough to keep for ever."""

MEASURED_COLUMNS = ("check_name", "site_domain", "observed_value", "failing_count")


@dataclass(frozen=True)
class Reach:
    """Which day and sites are judged: ``sites`` (None = all) without those in ``passed_over``."""

    as_of: datetime.date
    sites: tuple[str, ...] | None = None
    passed_over: frozenset[str] = frozenset()

    def binding(self, query: str) -> dict[str, Any]:
        """Values of the parameters that ``query`` uses."""
        values = {"as_of": self.as_of, "sites": list(self.sites or ()), "passed_over": sorted(self.passed_over)}
        return {name: value for name, value in values.items() if f"${name}" in query}


def measure_checks(connection: duckdb.DuckDBPyConnection, checks: Sequence[Check], reach: Reach) -> pd.DataFrame:
    """``check_name, site_domain, observed_value, failing_count`` for every check and every site that has rows for it.

    ``observed_value`` is NaN where the check could not be measured; ``*`` is the warehouse as a whole.
    """
    groups: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        groups.setdefault((check.scope, rows_judged(check)), []).append(check)
    measured = [_measure_group(connection, group, reach) for group in groups.values()]
    if not measured:
        return pd.DataFrame(columns=list(MEASURED_COLUMNS))
    return pd.concat(measured, ignore_index=True)


def rows_judged(check: Check) -> str:
    """The query whose rows ``check`` looks at."""
    return check.rows.strip() or rows_known(table(check.table))


def find_failing_rows(
    connection: duckdb.DuckDBPyConnection, check: Check, sites: Collection[str], reach: Reach
) -> pd.DataFrame:
    """``site_domain, row_number, row`` (JSON): at most 20 rows per site that break ``check``, in the key's order."""
    query = f"""
WITH judged AS (
{rows_judged(check)}
), failing AS (
  SELECT {_site(check)} AS failing_site, judged AS failing_row, {_order(connection, check, reach)} AS place
  FROM judged
  WHERE ({check.bad_row}) AND {_site_condition(check, reach)}
)
SELECT failing_site AS site_domain, row_number() OVER (PARTITION BY failing_site ORDER BY place) AS row_number,
  CAST(to_json(failing_row) AS VARCHAR) AS "row"
FROM failing
WHERE list_contains($failing_sites, failing_site)
QUALIFY row_number <= {MOST_FAILING_ROWS}
ORDER BY ALL
"""  # noqa: S608 - declared text only; values are bound
    return connection.execute(query, reach.binding(query) | {"failing_sites": sorted(sites)}).df()


def _measure_group(connection: duckdb.DuckDBPyConnection, group: Sequence[Check], reach: Reach) -> pd.DataFrame:
    first = group[0]
    numbers = ",\n  ".join(
        f"CAST({check.value_sql} AS DOUBLE) AS value_{place}, CAST({check.failing_sql} AS BIGINT) AS failing_{place}"
        for place, check in enumerate(group)
    )
    grouping = "" if first.scope == "warehouse" else "GROUP BY 1"
    query = f"""
WITH judged AS (
{rows_judged(first)}
)
SELECT {_site(first)} AS judged_site,
  {numbers}
FROM judged
WHERE {_site_condition(first, reach)}
{grouping}
"""  # noqa: S608 - declared text only; values are bound
    rows = connection.execute(query, reach.binding(query) or None).fetchall()
    return pd.DataFrame(
        [
            (check.name, row[0], float("nan") if row[1 + 2 * place] is None else row[1 + 2 * place], row[2 + 2 * place])
            for row in rows
            for place, check in enumerate(group)
        ],
        columns=list(MEASURED_COLUMNS),
    )


def _site(check: Check) -> str:
    """Rows of no site (an event of all sites) belong to the warehouse as a whole."""
    return f"'{WAREHOUSE}'" if check.scope == "warehouse" else f"coalesce(judged.site_domain, '{WAREHOUSE}')"


def _site_condition(check: Check, reach: Reach) -> str:
    if check.scope == "warehouse":
        return "true"
    conditions = ["true"]
    if reach.sites is not None:
        conditions.append("list_contains(CAST($sites AS VARCHAR[]), judged.site_domain)")
    if reach.passed_over:
        conditions.append("NOT list_contains($passed_over, judged.site_domain)")
    return f"(judged.site_domain IS NULL OR ({' AND '.join(conditions)}))"


def _order(connection: duckdb.DuckDBPyConnection, check: Check, reach: Reach) -> str:
    """A value that orders failing rows: the key's columns as far as the judged rows have them."""
    query = f"DESCRIBE {rows_judged(check)}"
    present = {row[0] for row in connection.execute(query, reach.binding(query) or None).fetchall()}
    names = [name for name in (check.row_order or table(check.table).key) if name in present] or sorted(present)
    fields = ", ".join(f'k{place} := judged."{name}"' for place, name in enumerate(names))
    return f"struct_pack({fields})"
