"""Semrush API, analytics/v1, report ``backlinks``: CSV with semicolons, the header in the API's own codes.

Sources: developer.semrush.com/api/v3/analytics/backlinks (parameters, 40 units a line, ``display_limit`` counts from
the first row, also with ``display_offset``) and .../api/basics/api-units-balance (the balance, free; with too few units
left an answer just ends early). Errors come as text, ``ERROR 50 :: NOTHING FOUND``, often with status 200. The report
has no documented filter by day: everything is fetched once per cadence. Nor does it document a way to ask for quotes:
``export_escape`` is a parameter of the domain and keyword reports alone, so that it is not sent to a paid one.
"""

from __future__ import annotations

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
        prices: what Semrush charges.
        rows_a_page: links asked for at once.
    """

    name = "semrush_api.backlinks"
    ending = "csv"
    can_filter = False

    def __init__(
        self, connection: Mapping[str, Any], prices: SemrushPrices | None = None, rows_a_page: int = 10_000
    ) -> None:
        host = str(connection.get("host") or "").rstrip("/")
        self._host, self._balance_host = host or HOST, host or BALANCE_HOST
        self._key = str(connection.get("password") or "").strip()
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
        answer = self._get(f"{self._balance_host}/users/countapiunits.html", {})
        self.refuse(answer)
        told = answer.body.decode("utf-8", "replace").strip().replace(",", "")
        if not told.isdigit():
            raise RefusalError(f"the balance cannot be read: {self._begin(answer.body)}")
        return int(told)

    def send(self, order: BacklinkOrder, cursor: str | None, rows: int) -> Answer:
        """Ask one page; the cursor is the number of rows before it."""
        offset = int(cursor or 0)
        parameters = {
            "type": "backlinks",
            "target": order.target,
            "target_type": order.mode or "root_domain",
            "export_columns": ",".join(COLUMNS),
            "display_sort": "first_seen_asc",  # new links come last, so that an offset means the same a month later
            "display_limit": str(offset + rows),
            "display_offset": str(offset),
        }
        return self._get(f"{self._host}/analytics/v1/", parameters)

    def refuse(self, answer: Answer) -> None:
        """Raise what an answer that is no success means; "nothing found" is a success without rows."""
        error = _error_in(answer.body)
        if error and error[0] == NOTHING_FOUND:
            return
        said = f"ERROR {error[0]} :: {error[1]}" if error else self._begin(answer.body)
        if error and error[0] in QUOTA_ERRORS:
            raise PassingError(f"quota exceeded: {said}")
        refuse_passing(answer, said)
        if error or answer.status != 200:
            raise RefusalError(f"refused ({answer.status}): {said}")

    def read(self, cursor: str | None, rows: int, answer: Answer) -> Page:
        """What a successful answer holds and cost; ``cursor`` is the number of rows before it."""
        found = 0 if _error_in(answer.body) else _count_rows(answer.body)
        if found is None:
            raise RefusalError(f"not the CSV it should be, and not saved; the answer begins {self._begin(answer.body)}")
        following = str(int(cursor or 0) + rows) if found >= rows else None
        return Page(body=answer.body, row_count=found, units=self.price(found), cursor=following)

    def _get(self, address: str, parameters: Mapping[str, str]) -> Answer:
        if not self._key:
            raise RefusalError("no API key: the connection has no password")
        return get(address, {"key": self._key, **parameters})

    def _begin(self, body: bytes) -> str:
        """How an answer begins, for people: without the key, which a page about an address repeats."""
        return repr(body.replace(self._key.encode(), b"***")[:80])


def _count_rows(body: bytes) -> int | None:
    """Lines after the header; None when it is another one.

    The report quotes nothing, so that a lone quotation mark in a title opens no field.
    """
    header, *lines = body.decode("utf-8", "replace").split("\n")
    if not {"source_url", "target_url"} <= {name.strip(' "\r') for name in header.split(";")}:
        return None
    return sum(1 for line in lines if line.strip())


def _error_in(body: bytes) -> tuple[int, str] | None:
    found = _ERROR.match(body)
    return (int(found.group(1)), found.group(2).decode("utf-8", "replace").strip()) if found else None
