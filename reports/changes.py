"""How the risk score differs from 1, 7 and 28 days ago, and what moved it: data, method or the team's own labels.

Every night leaves a row per site in ``reports.nights``: hashes of what its score stands on. A step of the score from
one night to the next is put down to the one thing that changed with it. Where several changed at once nobody can say
which it was, and the page says that.
"""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from reports.data import read_query, read_rows
from reports.method_settings import name_method

CAUSES = ("data", "method", "labels", "mixed", "days", "unrecorded")
"""What a step is put down to: new exports, the method, what the team says, several at once, nothing that is
recorded (days that passed, exports of another site), or nothing, because one of the two nights left no record."""

LEAST_POINTS = 0.05
"""Points from which a change is shown: less is 0.0."""

MOST_MOVERS = 3
"""Sites named for each span: the page lists them all, by what they moved."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The score of one site on ``as_of``, now, and ``days`` days ago; ``by_*`` are points and add up to the change.

    ``then_on`` is the newest scored night at least ``days`` days back; None where there is none. ``now_score`` is None
    where the site is not assessed now.
    """

    site_domain: str
    as_of: datetime.date
    days: int
    since_on: datetime.date
    now_score: float | None
    then_on: datetime.date | None
    then_score: float | None
    by_data: float
    by_method: float
    by_labels: float
    by_mixed: float
    by_days: float
    by_unrecorded: float

    @property
    def change(self) -> float | None:
        """Points up (positive) or down; None where one of the two is not known."""
        if self.now_score is None or self.then_score is None:
            return None
        return self.now_score - self.then_score

    @property
    def parts(self) -> tuple[tuple[str, float], ...]:
        """(cause, points) of what moved the score, largest first, without what rounds to nothing."""
        return _sort_parts((cause, getattr(self, f"by_{cause}")) for cause in CAUSES)


@dataclass(frozen=True, kw_only=True)
class SpanOfSites:
    """All sites of a report beside ``days`` days ago. Only sites scored on both days are ``compared``."""

    days: int
    site_count: int
    compared: tuple[Comparison, ...]

    @property
    def then_on(self) -> datetime.date | None:
        """The oldest of the nights compared with; None where no site has one."""
        return min((one.then_on for one in self.compared if one.then_on), default=None)

    @property
    def is_over_nights(self) -> bool:
        """Whether the sites are compared with nights of several days."""
        return len({one.then_on for one in self.compared}) > 1

    @property
    def median_then(self) -> float:
        """Median score then, of the sites compared."""
        return statistics.median(one.then_score or 0.0 for one in self.compared)

    @property
    def median_now(self) -> float:
        """Median score now, of the sites compared."""
        return statistics.median(one.now_score or 0.0 for one in self.compared)

    @property
    def change(self) -> float:
        """Sum of the changes over the sites compared, in points."""
        return sum(one.change or 0.0 for one in self.compared)

    @property
    def parts(self) -> tuple[tuple[str, float], ...]:
        """As :attr:`Comparison.parts`, summed over the sites compared."""
        return _sort_parts((cause, sum(getattr(one, f"by_{cause}") for one in self.compared)) for cause in CAUSES)

    @property
    def movers(self) -> tuple[Comparison, ...]:
        """The sites whose score moved most, up or down, largest first."""
        moved = [one for one in self.compared if abs(one.change or 0.0) >= 10 * LEAST_POINTS]
        return tuple(sorted(moved, key=lambda one: (-abs(one.change or 0.0), one.site_domain))[:MOST_MOVERS])


def record_night(connection: duckdb.DuckDBPyConnection, as_of: datetime.date) -> int:
    """Write what the scores of the night stand on, and return how many sites have one.

    Sites whose tables stand at another day (a report of an old night) keep what was recorded then.

    Args:
        connection: one that may write; the rows stand whole or not at all.
        as_of: the night, already assessed.
    """
    values = {"as_of": as_of, "method": name_method()}
    connection.execute("BEGIN TRANSACTION")
    try:
        connection.execute(
            "DELETE FROM reports.nights WHERE as_of = $as_of AND site_domain IN "
            "(SELECT site_domain FROM staging.known_days WHERE as_of = $as_of)",
            {"as_of": as_of},
        )
        written = connection.execute(
            f"INSERT INTO reports.nights BY NAME {read_query('changes_record')}", values
        ).fetchall()
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return int(written[0][0])


def read_changes(
    connection: duckdb.DuckDBPyConnection, site_domain: str | None, as_of: datetime.date
) -> tuple[Comparison, ...]:
    """The comparisons of one site, by days (of every site for None); none where the night gave no verdict on it."""
    return read_rows(connection, "changes_comparisons", Comparison, {"site_domain": site_domain, "as_of": as_of})


def gather_spans(comparisons: Iterable[Comparison]) -> tuple[SpanOfSites, ...]:
    """The comparisons of all sites by how far they reach back, nearest first; none without any."""
    by_days: dict[int, list[Comparison]] = {}
    for one in comparisons:
        by_days.setdefault(one.days, []).append(one)
    return tuple(
        SpanOfSites(days=days, site_count=len(found), compared=tuple(one for one in found if one.change is not None))
        for days, found in sorted(by_days.items())
    )


def _sort_parts(parts: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted((part for part in parts if abs(part[1]) >= LEAST_POINTS), key=lambda part: -abs(part[1])))
