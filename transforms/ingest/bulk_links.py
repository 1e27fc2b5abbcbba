"""A large plain file of links, streamed into ``staging.link_observations`` and settled there.

What the careful way finds out before it writes (repeated keys, rejected rows, hosts, the site and the day) is found
out after writing, from a few narrow columns of the rows just written; all of it in the file's own transaction.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

import duckdb

from transforms.ingest.accounting import RowCounts
from transforms.ingest.arrived_rows import list_misfits, no_misfits
from transforms.ingest.hosts import fill_spellings, has_host_sql, host_sql, normalise_host, registrable_domain
from transforms.ingest.links import NEWEST_FIRST, forget_unsettled, stream_links
from transforms.ingest.plain_files import NotPlainError, PlainFile, cells_sql, is_every_record
from transforms.ingest.typed_rows import Constants, ReadPlan, bad_rows_sql, judged_rows_sql
from transforms.schemas import table

OBSERVATIONS = "staging.link_observations"
Days = tuple[datetime.date | None, datetime.date | None]
HEAD_ROWS = 10_000
"""Rows that a guess at the day of the export looks at."""


@dataclass(frozen=True)
class BulkLinks:
    """One such file; ``stream`` before the rows are written, the other steps after."""

    connection: duckdb.DuckDBPyConnection
    plain: PlainFile
    plan: ReadPlan
    constants: Constants
    file_id: str

    def stream(self, site_domain: str, provider: str) -> None:
        """Make the view that the rows are written from."""
        forget_unsettled(self.connection, self.file_id)
        cells = cells_sql(self.plain, self.plan, is_numbered=False)
        stream_links(self.connection, site_domain, provider, judged_rows_sql(self.plan, self.constants, f"({cells})"))

    def withdraw(self) -> None:
        """Take the written rows out again."""
        forget_unsettled(self.connection, self.file_id)

    def newest_in_head(self) -> datetime.date | None:
        """The newest day that the first rows speak of: mostly that of the whole file, as :meth:`set_day` makes sure."""
        names = ", ".join(f"max({name})" for name in self.plan.declared.days) or "NULL"
        rows = judged_rows_sql(self.plan, self.constants, f"({cells_sql(self.plain, self.plan, is_numbered=False)})")
        found = self._rows(f"SELECT {names} FROM ({rows} LIMIT {HEAD_ROWS})", named=False)[0]  # noqa: S608
        return max((day for day in found if isinstance(day, datetime.date)), default=None)

    def settle_rows(self) -> tuple[RowCounts, Days]:
        """Make repeated keys one row, list what was rejected, name the hosts; the counts add up.

        What comes back besides is the first and last day that the rows speak of, repeated ones too.

        Raises:
            NotPlainError: the engine did not read every record.
        """
        written = self._number(f"SELECT count(*) FROM {OBSERVATIONS} WHERE file_id = $file")  # noqa: S608
        if not is_every_record(self.plain, written):
            raise NotPlainError("the engine did not read every record")
        rejected = self._drop_bad_rows()
        self._list_rejected(rejected)
        covered = self._days()
        merged = self._merge_repeats()
        return RowCounts(loaded=written - rejected - merged, merged=merged, rejected=rejected, passed_over=0), covered

    def _days(self) -> Days:
        names = [name for name in self.plan.declared.days if name in table(OBSERVATIONS).column_names]
        columns = ", ".join(f"min({name}), max({name})" for name in names) or "NULL"
        found = self._rows(f"SELECT {columns} FROM {OBSERVATIONS} WHERE file_id = $file")[0]  # noqa: S608
        days = [day for day in found if isinstance(day, datetime.date)]
        return min(days, default=None), max(days, default=None)

    def site(self) -> str | None:
        """The registrable domain that more than half of the rows lead to; None when there is none."""
        hosts = self._rows(
            f"SELECT {host_sql('target_url')}, sum(row_count) FROM arrived_targets "  # noqa: S608
            f"WHERE {has_host_sql('target_url')} GROUP BY 1",
            named=False,
        )
        links: Counter[str] = Counter()
        for host, count in hosts:
            links[registrable_domain(normalise_host(str(host)))] += int(str(count))
        domain, most = max(links.items(), key=lambda item: item[1], default=(None, 0))
        return domain if 2 * most > links.total() else None

    def set_day(self, observed_on: datetime.date) -> None:
        """Correct the day of the export, which was taken from the head, now that all rows are known."""
        self.connection.execute(
            f"UPDATE {OBSERVATIONS} SET observed_on = $day WHERE file_id = $file AND observed_on <> $day",  # noqa: S608
            {"day": observed_on, "file": self.file_id},
        )

    def _merge_repeats(self) -> int:
        """Rows that went into another with the same key; rows keep the order of the file, so the first is told."""
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE arrived_repeats AS "  # noqa: S608
            f"SELECT *, row_number() OVER (PARTITION BY link_id ORDER BY {NEWEST_FIRST}, rowid) AS key_place, "
            f"count(*) OVER (PARTITION BY link_id) AS same_key_count FROM {OBSERVATIONS} "
            f"WHERE file_id = $file AND link_id IN (SELECT link_id FROM {OBSERVATIONS} WHERE file_id = $file "
            "GROUP BY link_id HAVING count(*) > 1)",
            {"file": self.file_id},
        )
        repeats = self._number("SELECT count(*) FROM arrived_repeats")
        if repeats:
            names = ", ".join(name for name in table(OBSERVATIONS).column_names if name != "merged_count")
            self._delete("link_id IN (SELECT link_id FROM arrived_repeats)")
            self.connection.execute(
                f"INSERT INTO {OBSERVATIONS} ({names}, merged_count) "  # noqa: S608
                f"SELECT {names}, same_key_count - 1 FROM arrived_repeats WHERE key_place = 1"
            )
        links = self._number("SELECT count(DISTINCT link_id) FROM arrived_repeats")
        self.connection.execute("DROP TABLE arrived_repeats")
        return repeats - links

    def _list_rejected(self, count: int) -> None:
        """List the rows that were taken out in ``arrived_misfits``."""
        if not count:
            no_misfits(self.connection)
            return
        cells = cells_sql(self.plain, self.plan, is_numbered=True)
        list_misfits(self.connection, bad_rows_sql(self.plan, self.constants, f"({cells})"))
        if self._number("SELECT count(DISTINCT row_number) FROM arrived_misfits") != count:
            raise NotPlainError("rows taken out are not the rows that cannot be read")

    def _drop_bad_rows(self) -> int:
        """Take out rows that are not good, or whose addresses have no host; how many.

        ``arrived_link_hosts`` names the hosts of the others. A host is looked at once, by one of its addresses;
        :meth:`_list_rejected` finds the rows again, with their numbers.
        """
        dropped = self._delete("link_id IS NULL")
        hosts = (
            f"SELECT source_host_id AS host_id, any_value(source_url) AS address FROM {OBSERVATIONS} "  # noqa: S608
            "WHERE file_id = $file AND source_url IS NOT NULL "
            "AND source_host_id NOT IN (SELECT host_id FROM staging.hosts) GROUP BY source_host_id"
        )
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE arrived_new_hosts AS SELECT host_id, "  # noqa: S608
            f"{host_sql('address')} AS spelling, {has_host_sql('address')} AS has_host FROM ({hosts})",
            {"file": self.file_id},
        )
        dropped += self._delete("source_host_id IN (SELECT host_id FROM arrived_new_hosts WHERE NOT has_host)")
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE arrived_targets AS SELECT target_url, count(*) AS row_count "  # noqa: S608
            f"FROM {OBSERVATIONS} WHERE file_id = $file AND target_url IS NOT NULL GROUP BY target_url",
            {"file": self.file_id},
        )
        hostless = f"SELECT target_url FROM arrived_targets WHERE NOT {has_host_sql('target_url')}"  # noqa: S608
        if hostless_count := self._delete(f"target_url IN ({hostless})"):
            kept = f"SELECT source_host_id FROM {OBSERVATIONS} WHERE file_id = $file"  # noqa: S608
            self._rows(f"DELETE FROM arrived_new_hosts WHERE host_id NOT IN ({kept})")  # noqa: S608
        spelt = self._rows("SELECT DISTINCT spelling FROM arrived_new_hosts WHERE has_host", named=False)
        fill_spellings(self.connection, [str(row[0]) for row in spelt])
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE arrived_link_hosts AS SELECT new.host_id, known.host, known.domain "
            "FROM arrived_new_hosts AS new JOIN arrived_host_spellings AS known ON new.spelling = known.spelling"
        )
        return dropped + hostless_count

    def _delete(self, condition: str) -> int:
        return self._number(f"DELETE FROM {OBSERVATIONS} WHERE file_id = $file AND {condition}")  # noqa: S608

    def _rows(self, query: str, *, named: bool = True) -> list[tuple[object, ...]]:
        return self.connection.execute(query, {"file": self.file_id} if named else None).fetchall()

    def _number(self, query: str) -> int:
        return int(str(self._rows(query, named="$file" in query)[0][0]))


def is_bulk(plan: ReadPlan) -> bool:
    """Whether links of this format can be streamed: a row per record, and none that is passed over."""
    looked_at = {name for rule in plan.declared.passes_over for name in rule.headers}
    return plan.declared.thing == "links" and plan.declared.wide is None and looked_at.isdisjoint(plan.header)
