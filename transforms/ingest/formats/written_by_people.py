"""Ways of writing of files that people keep themselves: sites, and how long something took."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.ingest.formats.written import Address, Written, is_filled, sql_text
from transforms.ingest.hosts import host_sql


@dataclass(frozen=True)
class SiteName(Written):
    """A site as people write it (``www.example.com``, ``https://example.com/``): its host without ``www.``."""

    expected: str = "a site's domain, such as example.com"

    def value(self, cell: str) -> str:
        """The host, lower case, without ``www.``; null where the cell is empty."""
        return f"nullif(regexp_replace({host_sql(f'trim({cell})')}, '^www\\.', ''), '')"

    def misfit(self, cell: str) -> str:
        """Filled, and without a host that has a dot in it."""
        return Address().misfit(cell)


@dataclass(frozen=True)
class Duration(Written):
    """How long something took, in English words (``12 days, 4 hours``), as days from the first to the last.

    Rollouts begin in the American morning, so that eight hours more than whole days end on the next day (UTC): see
    calendar/README.md.
    """

    nothing: tuple[str, ...] = ("still rolling out", "ongoing", "-")
    """Words that mean not over, in lower case."""

    expected: str = "a duration such as 12 days, 4 hours"

    def value(self, cell: str) -> str:
        """The days as BIGINT; null where it is not over."""
        days, hours = (_count_of(cell, unit) for unit in ("day", "hour"))
        took = f"{days} + CASE WHEN {hours} >= {HOURS_OF_ANOTHER_DAY} THEN 1 ELSE 0 END"
        return f"CASE WHEN {is_filled(f'lower({cell})', self.nothing)} THEN {took} END"

    def misfit(self, cell: str) -> str:
        """Filled with anything else."""
        shape = r"^\d+ (day|hour|minute)s?(,? (and )?\d+ (hour|minute)s?)*$"
        is_shaped = f"regexp_matches(lower(trim({cell})), {sql_text(shape)})"
        return f"({is_filled(f'lower({cell})', self.nothing)} AND NOT {is_shaped})"


def _count_of(cell: str, unit: str) -> str:
    pattern = sql_text(rf"(\d+) {unit}")
    return f"coalesce(TRY_CAST(regexp_extract(lower({cell}), {pattern}, 1) AS BIGINT), 0)"


HOURS_OF_ANOTHER_DAY = 8
"""Hours beyond whole days from which the last day is one later (calendar/README.md)."""
