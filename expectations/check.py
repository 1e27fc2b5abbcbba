"""What a check is: data, not code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["minimum", "maximum"]
"""``minimum``: breaking it holds back the site (or, for the warehouse as a whole, stops the walk).
``maximum``: breaking it warns and shows in the report; the walk goes on."""

Scope = Literal["site", "warehouse"]

WAREHOUSE = "*"
"""The site_domain of an outcome that concerns the warehouse as a whole."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """Something that must be true of a table: one number per site, and the bounds it must keep.

    The number is, in this order of precedence: ``measure`` (an SQL aggregate over the rows), the share of rows for
    which ``bad_row`` is true (``as_share``), or their count. A number that is null or not a number could not be
    measured and breaks nothing; a site without rows is not measured at all.
    """

    name: str
    """Key of the sentence (``check.<name>`` in reports/messages/expectations.toml) and of the outcome."""

    table: str
    """The table the check is about, ``stage.thing``."""

    severity: Severity
    """What follows when it is broken."""

    reason: str
    """Why the bound is where it is."""

    rows: str = ""
    """Query giving the rows judged, with a ``site_domain`` column; empty = the table as known on ``$as_of``."""

    bad_row: str = ""
    """SQL predicate over ``rows``, true for a row that breaks the check; also finds the rows people are shown."""

    measure: str = ""
    """SQL aggregate over ``rows`` in place of counting bad rows."""

    as_share: bool = False
    """Bound the share of bad rows (0 to 1) instead of their number."""

    least: float | None = None
    """Least value allowed."""

    most: float | None = None
    """Most allowed; 0 bad rows when neither bound is given."""

    scope: Scope = "site"
    """One number per site, or one for the whole warehouse."""

    row_order: tuple[str, ...] = ()
    """Columns that put failing rows in order; empty = the table's key as far as ``rows`` has it."""

    def __post_init__(self) -> None:
        """Refuse a declaration that could not be judged."""
        if not (self.bad_row or self.measure):
            raise ValueError(f"check {self.name!r} says neither what a bad row is nor what is measured")
        if self.measure and self.as_share:
            raise ValueError(f"check {self.name!r}: a measure is bounded as it is, not as a share")
        if self.measure and self.least is None and self.most is None:
            raise ValueError(f"check {self.name!r} measures something and bounds nothing")
        if not self.reason:
            raise ValueError(f"check {self.name!r}: a threshold needs a reason")

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Least and most allowed."""
        if self.least is None and self.most is None:
            return None, 0.0
        return self.least, self.most

    @property
    def failing_sql(self) -> str:
        """Aggregate: how many rows break the check (0 where it is not about single rows)."""
        return f"count(*) FILTER (WHERE {self.bad_row})" if self.bad_row else "0"

    @property
    def value_sql(self) -> str:
        """Aggregate: the number that is bounded."""
        if self.measure:
            return self.measure
        return f"{self.failing_sql} / count(*)" if self.as_share else self.failing_sql
