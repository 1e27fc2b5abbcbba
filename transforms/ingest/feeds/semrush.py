"""Semrush API, analytics/v1, report ``backlinks``: CSV with semicolons, the header in the API's own codes.

Sources: developer.semrush.com/api/v3/analytics/backlinks (parameters, 40 units a line, ``display_limit`` counts from
the first row, also with ``display_offset``) and .../api/basics/api-units-balance (the balance, free; with too few units
left an answer just ends early). Errors come as text, ``ERROR 50 :: NOTHING FOUND``, often with status 200. The report
has no documented filter by day: everything is fetched once per cadence.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transforms.ingest.feeds.backlinks import Page
from transforms.ingest.feeds.calls import Answer, PassingError, RefusalError, refuse_passing
from transforms.ingest.feeds.orders import BacklinkOrder
from transforms.ingest.feeds.web import get

FEED = "semrush_backlinks"
HOST = "https://api.semrush.com"
BALANCE_HOST = "https://www.semrush.com"
COLUMNS = (
    "page_ascore",
    "response_code",
    "source_title",
    "source_url",
    "target_url",
    "anchor",
    "external_num",
    "internal_num",
    "first_seen",
    "last_seen",
    "nofollow",
    "form",
    "frame",
    "image",
    "sitewide",
    "newlink",
    "lostlink",
)
"""The price is by line, whatever its columns."""

NOTHING_FOUND = 50
QUOTA_ERRORS = frozenset({131, 134})
"""Limit exceeded, total limit exceeded: too many requests for now."""

_ERROR = re.compile(rb"\s*ERROR (\d+) :: ([^\r\n]*)")


@dataclass(frozen=True, kw_only=True)
class SemrushPrices:
    """Units."""

    units_per_row: int = 40


class SemrushApi:
    """The API for one key.

    Args:
        connection: ``password`` (the API key); ``host`` asks another address, also for the balance.

    Raises:
        RefusalError: no key in it.
    """

    name = "semrush_api.backlinks"
    ending = "csv"

    def __init__(
        self, connection: Mapping[str, Any], prices: SemrushPrices | None = None, rows_a_page: int = 10_000
    ) -> None:
        if not connection.get("password"):
            raise RefusalError("no API key: the connection has no password")
        host = str(connection.get("host") or "").rstrip("/")
        self._host, self._balance_host = host or HOST, host or BALANCE_HOST
        self._key = str(connection["password"])
        self._prices = prices or SemrushPrices()
        self.rows_a_page = rows_a_page

    def price(self, rows: int) -> int:
        """The most units that a page of ``rows`` may cost."""
        return rows * self._prices.units_per_row

    def affordable_rows(self, units: int) -> int:
        """Rows of a page that costs ``units`` at most."""
        return units // self._prices.units_per_row

    def balance(self) -> int | None:
        """Units the account has left."""
        answer = get(f"{self._balance_host}/users/countapiunits.html", {"key": self._key})
        _refuse(answer)
        told = answer.body.decode("utf-8", "replace").strip().replace(",", "")
        if not told.isdigit():
            raise RefusalError(f"the balance cannot be read: {answer.body[:80]!r}")
        return int(told)

    def send(self, order: BacklinkOrder, cursor: str | None, rows: int) -> Answer:
        """Ask one page; the cursor is the number of rows before it."""
        offset = int(cursor or 0)
        parameters = {
            "key": self._key,
            "type": "backlinks",
            "target": order.target,
            "target_type": order.mode or "root_domain",
            "export_columns": ",".join(COLUMNS),
            "display_limit": str(offset + rows),
            "display_offset": str(offset),
        }
        return get(f"{self._host}/analytics/v1/", parameters)

    def read(self, order: BacklinkOrder, cursor: str | None, rows: int, answer: Answer) -> Page:
        """What the answer holds and cost; "nothing found" is an answer without rows."""
        if _error_in(answer.body) and _refuse(answer):
            return Page(body=answer.body, row_count=0, units=0, cursor=None)
        _refuse(answer)
        found = _count_rows(answer.body)
        following = str(int(cursor or 0) + found) if found >= rows else None
        return Page(body=answer.body, row_count=found, units=found * self._prices.units_per_row, cursor=following)


def _count_rows(body: bytes) -> int:
    records = csv.reader(io.StringIO(body.decode("utf-8", "replace"), newline=""), delimiter=";")
    header = next(records, [])
    if not {"source_url", "target_url"} <= set(header):
        raise RefusalError(f"the answer is not the CSV it should be, and was not saved; it begins {body[:80]!r}")
    return sum(1 for record in records if record)


def _error_in(body: bytes) -> tuple[int, str] | None:
    found = _ERROR.match(body)
    return (int(found.group(1)), found.group(2).decode("utf-8", "replace").strip()) if found else None


def _refuse(answer: Answer) -> bool:
    """Raise what an error means; True: it says that there is nothing, which is no error."""
    error = _error_in(answer.body)
    said = f"ERROR {error[0]} :: {error[1]}" if error else repr(answer.body[:80])
    if error and error[0] == NOTHING_FOUND:
        return True
    if error and error[0] in QUOTA_ERRORS:
        raise PassingError(f"quota exceeded: {said}")
    refuse_passing(answer, said)
    if error or answer.status != 200:
        raise RefusalError(f"refused ({answer.status}): {said}")
    return False
