"""Ahrefs API v3, ``site-explorer/all-backlinks``.

Sources: docs.ahrefs.com/api/reference/site-explorer/get-all-backlinks (parameters and fields),
docs.ahrefs.com/api/docs/limits-consumption (prices and the ``x-api-*`` headers), .../filter-syntax (``where``),
.../reference/subscription-info/get-limits-and-usage (the balance, free).

The reference names no ``offset``, so that pages are cut by value: oldest first, and the next page begins at the
``first_seen_link`` of the last row. Rows of that moment come, and are paid, twice; ingest takes a link once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transforms.ingest.feeds.backlinks import Page
from transforms.ingest.feeds.calls import Answer, RefusalError, refuse_passing
from transforms.ingest.feeds.orders import BacklinkOrder
from transforms.ingest.feeds.web import get

FEED = "ahrefs_backlinks"
HOST = "https://api.ahrefs.com"
FIELDS = (
    "url_from",
    "url_to",
    "title",
    "anchor",
    "link_type",
    "is_dofollow",
    "is_nofollow",
    "is_sponsored",
    "is_ugc",
    "is_content",
    "domain_rating_source",
    "http_code",
    "first_seen_link",
    "last_visited",
    "last_seen",
    "is_lost",
    "lost_reason",
)
"""Every field here costs one unit a row; ``traffic`` and the like cost ten, ``refdomains_source`` five."""

FIRST_SEEN = "first_seen_link"


@dataclass(frozen=True, kw_only=True)
class AhrefsPrices:
    """Units; a request costs the larger of the two."""

    units_per_request: int = 50
    units_per_row: int = len(FIELDS)


class AhrefsApi:
    """The API for one key.

    Args:
        connection: ``password`` (the API key); ``host`` asks another address.
        prices: what Ahrefs charges.
        rows_a_page: links asked for at once.
    """

    name = "ahrefs_api.all-backlinks"
    ending = "json"
    can_filter = True

    def __init__(
        self, connection: Mapping[str, Any], prices: AhrefsPrices | None = None, rows_a_page: int = 10_000
    ) -> None:
        self._host = str(connection.get("host") or HOST).rstrip("/")
        self._key = str(connection.get("password") or "").strip()
        self._prices = prices or AhrefsPrices()
        self.rows_a_page = rows_a_page

    def price(self, rows: int) -> int:
        """The most units that a page of ``rows`` may cost."""
        return max(self._prices.units_per_request, rows * self._prices.units_per_row)

    def affordable_rows(self, units: int) -> int:
        """Rows of a page that costs ``units`` at most; 0: none."""
        return units // self._prices.units_per_row if units >= self._prices.units_per_request else 0

    def balance(self) -> int | None:
        """Units that workspace and key have left; None without a limit."""
        answer = self._get("/v3/subscription-info/limits-and-usage", {"output": "json"})
        self.refuse(answer)
        usage = _json(answer).get("limits_and_usage", {})
        try:
            limits = [
                int(usage[f"units_limit_{owner}"]) - int(usage.get(f"units_usage_{owner}") or 0)
                for owner in ("workspace", "api_key")
                if usage.get(f"units_limit_{owner}") is not None
            ]
        except (AttributeError, TypeError, ValueError) as error:
            raise RefusalError(f"the balance cannot be read: {answer.body[:80]!r}") from error
        return max(0, min(limits)) if limits else None

    def send(self, order: BacklinkOrder, cursor: str | None, rows: int) -> Answer:
        """Ask one page, the oldest links first."""
        starts = cursor or (order.since.isoformat() if order.since else None)
        parameters = {
            "target": order.target,
            "mode": order.mode or "subdomains",
            "aggregation": "all",  # the default groups similar links, and a link of a group would seem absent
            "history": "all_time",  # with the lost ones: they say when links ended
            "select": ",".join(FIELDS),
            "order_by": f"{FIRST_SEEN}:asc",
            "limit": str(rows),
            "output": "json",
        }
        if starts:
            parameters["where"] = json.dumps({"field": FIRST_SEEN, "is": ["gte", starts]})
        return self._get("/v3/site-explorer/all-backlinks", parameters)

    def refuse(self, answer: Answer) -> None:
        """Raise what an answer that is no success means; it cost nothing."""
        if answer.status == 200:
            return
        try:
            said = str(_json(answer).get("error") or answer.body[:80])
        except RefusalError:
            said = repr(answer.body[:80])
        refuse_passing(answer, said)
        if answer.status == 401:
            raise RefusalError(f"the API key was refused (401): {said}. Renew it in the connection.")
        raise RefusalError(f"refused ({answer.status}): {said}")

    def read(self, cursor: str | None, rows: int, answer: Answer) -> Page:
        """What a successful answer holds and cost; ``cursor`` is where the page began."""
        links = _json(answer).get("backlinks")
        if not isinstance(links, list) or not all(isinstance(link, dict) for link in links):
            raise RefusalError(f"no list of backlinks in the answer, which was not saved; it has {answer.body[:80]!r}")
        told = answer.headers.get("x-api-units-cost-total-actual", "")
        units = int(told) if told.isdigit() else self.price(len(links))
        moments = [str(link[FIRST_SEEN]) for link in links if link.get(FIRST_SEEN)]
        following = moments[-1] if moments and len(links) >= rows else None
        return Page(body=answer.body, row_count=len(links), units=units, cursor=following)

    def _get(self, path: str, parameters: Mapping[str, str]) -> Answer:
        if not self._key:
            raise RefusalError("no API key: the connection has no password")
        return get(
            self._host + path, parameters, {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        )


def _json(answer: Answer) -> dict[str, Any]:
    try:
        content = json.loads(answer.body)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise RefusalError(f"not the JSON it should be, and not saved; the answer begins {answer.body[:80]!r}")
    return content
