"""What nightly exports of a series would have shown, where only one export was ever made.

A link counts from its ``first_seen_on`` until its ``lost_on``; a day of rankings or performance from that day on, as
late as the one export itself had them. What the export no longer listed on its own day cannot be brought back, so the
reconstructed past is a little too poor in links that came and went. The rows are changed for the time of the replay
only and are put back when it ends.
"""

from __future__ import annotations

import datetime
from types import TracebackType
from typing import Self

import duckdb

from transforms.schemas import table
from transforms.warehouse import transaction

_SINGLE = """
SELECT site_domain, provider, max(exported_on) AS exported_on
FROM ingest.export_files
WHERE status = 'loaded' AND superseded_by IS NULL AND site_domain IS NOT NULL
  AND file_id IN (
    SELECT file_id FROM staging.link_observations UNION SELECT file_id FROM staging.ranking_observations
    UNION SELECT file_id FROM staging.performance_observations WHERE performed_on IS NOT NULL
  )
GROUP BY site_domain, provider
HAVING count(DISTINCT exported_on) = 1 AND max(exported_on) > $first_night
"""

_DAYS = {"staging.ranking_observations": "ranked_on", "staging.performance_observations": "performed_on"}
_SHOWN = {
    "staging.link_observations": "first_seen_on IS NULL OR first_seen_on <= $night",
    "staging.ranking_observations": "date_add(ranked_on, to_days(CAST(delay_days AS INTEGER))) <= $night",
    "staging.performance_observations": "date_add(performed_on, to_days(CAST(delay_days AS INTEGER))) <= $night",
}
"""Which rows an export of the night would have held; days come as late as they did in the one export."""

_AS_OF = {
    "observed_on": "CAST($night AS DATE)",
    "last_seen_on": "least(last_seen_on, CAST($night AS DATE))",
    "is_lost": "CASE WHEN coalesce(lost_on, last_seen_on) > $night THEN FALSE ELSE is_lost END",
    "lost_on": "CASE WHEN lost_on <= $night THEN lost_on END",
}
"""What such a row would have said otherwise than the one of the export's own day."""


class Reconstruction:
    """Shows the single exports of a warehouse as they would have been on each night; a context that puts them back."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, first_night: datetime.date | None) -> None:
        self._connection = connection
        self._days: dict[tuple[str, str], datetime.date] = {}
        if first_night is not None:
            found = connection.execute(_SINGLE, {"first_night": first_night}).fetchall()
            self._days = {(site, provider): day for site, provider, day in found}

    @property
    def series(self) -> tuple[tuple[str, str], ...]:
        """Site and provider of every series that is reconstructed on some night, sorted."""
        return tuple(sorted(self._days))

    def is_shown(self, site_domain: str, provider: str, night: datetime.date) -> bool:
        """Whether what the night knows of the series is a reconstruction."""
        day = self._days.get((site_domain, provider))
        return day is not None and night < day

    def __enter__(self) -> Self:
        if self._days:
            with transaction(self._connection):
                self._keep()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._days:
            self._put_back()

    def show(self, night: datetime.date) -> None:
        """Make the single exports say what they would have said on ``night``."""
        if not self._days:
            return
        with transaction(self._connection):
            for name, condition in _SHOWN.items():
                self._show_table(name, condition, night)
            self._connection.execute(
                "UPDATE ingest.export_files AS ledger SET exported_on = least(kept.exported_on, CAST(? AS DATE)) "
                "FROM kept_exports AS kept WHERE ledger.file_id = kept.file_id",
                [night],
            )

    def _show_table(self, name: str, condition: str, night: datetime.date) -> None:
        columns = table(name).column_names
        said = ", ".join(
            f"CASE WHEN exported_on <= $night THEN {column} ELSE {_AS_OF[column]} END AS {column}"
            if column in _AS_OF
            else column
            for column in columns
        )
        self._connection.execute(f"DELETE FROM {name} WHERE file_id IN (SELECT file_id FROM kept_exports)")  # noqa: S608
        self._connection.execute(
            f"INSERT INTO {name} BY NAME SELECT {said} FROM {_kept(name)} "  # noqa: S608 - names of ours
            f"WHERE exported_on <= $night OR {condition}",
            {"night": night},
        )

    def _keep(self) -> None:
        """Copies of the ledger's days and of the rows, for as long as the connection lives."""
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE kept_exports AS SELECT ledger.file_id, ledger.exported_on "  # noqa: S608
            f"FROM ingest.export_files AS ledger JOIN ({_SINGLE}) AS single "
            "ON ledger.site_domain = single.site_domain AND ledger.provider = single.provider "
            "WHERE ledger.status = 'loaded' AND ledger.superseded_by IS NULL",
            {"first_night": self._first_night()},
        )
        for name in _SHOWN:
            delay = "0"
            if name in _DAYS:
                delay = f"date_diff('day', max({_DAYS[name]}) OVER (PARTITION BY said.file_id), kept.exported_on)"
            self._connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {_kept(name)} AS "  # noqa: S608 - names of ours
                f"SELECT said.*, kept.exported_on, {delay} AS delay_days "
                f"FROM {name} AS said JOIN kept_exports AS kept ON said.file_id = kept.file_id"
            )

    def _put_back(self) -> None:
        self.show(max(self._days.values()))
        for name in (*map(_kept, _SHOWN), "kept_exports"):
            self._connection.execute(f"DROP TABLE {name}")

    def _first_night(self) -> datetime.date:
        return min(self._days.values()) - datetime.timedelta(days=1)


def _kept(name: str) -> str:
    return f"kept_{name.partition('.')[2]}"
