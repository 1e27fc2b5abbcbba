"""The Search Console Search Analytics API, day by day, through Google's maintained client and its bundled description.

Two questions a day: by date alone (the true totals: rare queries are hidden from every table that names them) and by
date, page and query. Sources: developers.google.com/webmaster-tools/v1/searchanalytics/query (rows, paging, states) and
.../webmaster-tools/limits (quotas). Days are the provider's: Pacific time.
"""

from __future__ import annotations

import datetime
import http.client
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import google.auth.exceptions
import google_auth_httplib2
import httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.model import RawModel

from transforms.ingest.feeds.calls import Answer, PassingError, Patience, RefusalError, call, refuse_passing
from transforms.ingest.feeds.google_accounts import read_credentials
from transforms.ingest.feeds.ledger import FeedLedger
from transforms.ingest.feeds.orders import Fetched, SearchConsoleOrder
from transforms.ingest.feeds.saved_answers import SavedAnswers
from transforms.ingest.properties import name_property

FEED = "search_console"
TOTALS = ("date",)
DETAILS = ("date", "page", "query")
TIMEOUT_SECONDS = 120.0
"""Of silence; the largest page (25,000 rows) is a few megabytes."""

QUOTA_REASONS = frozenset({"quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded"})


@dataclass(frozen=True, kw_only=True)
class DayPlan:
    """Which days are asked for in one night."""

    newest_age_days: int = 2
    """Final data are two to three days late; younger days would be partial."""

    window_days: int = 10
    """Days back that are complete every night, however little else is asked."""

    revised_days: int = 5
    """The youngest days are asked again: final figures are still corrected for some days."""

    kept_days: int = 486
    """The provider keeps 16 months; the day at the far edge may be gone while it is asked for."""

    gaps_a_night: int = 30
    """Older days that were never fetched, the youngest of them first: 16 months take about 16 nights, at 60 requests a
    night, far below the quota of 1,200 a minute; the load quota is what a first night would hit."""

    rows_a_page: int = 25_000
    """The most that the API gives at once."""


def plan_days(today: datetime.date, fetched: frozenset[datetime.date], plan: DayPlan) -> list[datetime.date]:
    """Days to ask for, the youngest first; ``fetched`` are those that need no asking but for revisions."""
    newest = today - datetime.timedelta(days=plan.newest_age_days)
    back = [newest - datetime.timedelta(days=age) for age in range(plan.kept_days - plan.newest_age_days)]
    window_starts_on = today - datetime.timedelta(days=plan.window_days)
    window = [day for day in back if day >= window_starts_on]
    asked = [day for number, day in enumerate(window) if number < plan.revised_days or day not in fetched]
    gaps = [day for day in back if day < window_starts_on and day not in fetched]
    return asked + gaps[: plan.gaps_a_night]


class SearchConsoleApi:
    """The API for one set of credentials.

    Args:
        connection: credentials (see :func:`read_credentials`); ``host`` asks another address.

    Raises:
        RefusalError: no credentials in it, or none that can be read.
    """

    def __init__(self, connection: Mapping[str, Any]) -> None:
        transport = httplib2.Http(timeout=TIMEOUT_SECONDS)
        authorized = google_auth_httplib2.AuthorizedHttp(read_credentials(connection), http=transport)
        self._service = build(
            "searchconsole",
            "v1",
            http=authorized,
            model=RawModel(),  # the bytes of the answer, not what the client makes of them
            static_discovery=True,
            cache_discovery=False,
            client_options={"api_endpoint": connection["host"]} if connection.get("host") else None,
        )

    def query(self, site_property: str, body: Mapping[str, Any]) -> bytes:
        """The raw answer to one question.

        Raises:
            PassingError: quota, server or connection: may pass.
            RefusalError: credentials, permission or question are wrong.
        """
        try:
            request = self._service.searchanalytics().query(siteUrl=site_property, body=dict(body))
            return bytes(request.execute(num_retries=0))
        except HttpError as error:
            headers = {str(name).lower(): str(value) for name, value in error.resp.items()}
            refuse(Answer(status=error.resp.status, headers=headers, body=error.content), site_property)
            raise  # not reached: refuse() always raises
        except google.auth.exceptions.RefreshError as error:
            if error.retryable:
                raise PassingError(f"no access token: {error}") from error
            raise RefusalError(f"credentials refused: {error}. Renew the key in the connection.") from error
        except (google.auth.exceptions.TransportError, httplib2.HttpLib2Error) as error:
            raise PassingError(f"no connection: {error}") from error
        except (OSError, http.client.HTTPException) as error:
            raise PassingError(f"the connection broke: {type(error).__name__}") from error


def refuse(answer: Answer, site_property: str) -> None:
    """Raise what an answer that is no success means."""
    said, reasons = _error_in(answer.body)
    if answer.status == 403 and reasons & QUOTA_REASONS:
        raise PassingError(f"quota exceeded (403): {said}")
    refuse_passing(answer, said)
    if answer.status in {401, 403}:
        raise RefusalError(
            f"no access to the property {site_property} ({answer.status}): {said}. Add the service account's e-mail "
            "address as a user of that property in Search Console (Settings, Users and permissions)."
        )
    raise RefusalError(f"the question about {site_property} was refused ({answer.status}): {said}")


def due_days(
    order: SearchConsoleOrder, answers: SavedAnswers, ledger: FeedLedger, plan: DayPlan
) -> list[datetime.date]:
    """Days to ask for tonight, the youngest first."""
    known = answers.series() | ledger.empty_series(FEED, order.site_domain)
    return plan_days(order.today, _whole_days(known, order, plan), plan)


def fetch_days(
    api: SearchConsoleApi,
    order: SearchConsoleOrder,
    answers: SavedAnswers,
    ledger: FeedLedger,
    *,
    sleep: Callable[[float], None],
    plan: DayPlan | None = None,
    patience: Patience | None = None,
) -> Fetched:
    """Ask every day that is due and save what came, one day after another.

    A day without rows brings no file, unless one is there that it revises. Once it has left the window it is entered
    in the ledger, and not asked again; before, the provider may only be late with it. Nothing is lost when a day fails:
    those before it are saved, and it is due again.
    """
    plan = plan or DayPlan()
    fetched = Fetched()
    try:
        for day in due_days(order, answers, ledger, plan):
            for dimensions in (TOTALS, DETAILS):
                ask = partial(_ask_page, api, order.site_property, day, dimensions, plan.rows_a_page)
                pages = _ask_pages(ask, plan.rows_a_page, patience or Patience(), sleep)
                series = _series(order.site_property, dimensions, day)
                if pages[0][1] == 0 and series not in answers.series():
                    if (order.today - day).days >= plan.window_days:
                        ledger.note(FEED, order.site_domain, "empty", series=series)
                    continue
                saved = answers.save_revision(series, [body for body, _ in pages], "json", order.today)
                fetched.saved += saved
                fetched.unchanged_count += not saved
    except RefusalError as error:
        fetched.reason = str(error)
    else:
        ledger.note(FEED, order.site_domain, "done", kind="days")
    return fetched


def _series(site_property: str, dimensions: tuple[str, ...], day: datetime.date) -> str:
    """What was asked: of another property it is another series, and the name tells ingest which."""
    return f"{name_property(site_property)}.search_console_api.{'-'.join(dimensions)}.{day.isoformat()}"


def _whole_days(known: frozenset[str], order: SearchConsoleOrder, plan: DayPlan) -> frozenset[datetime.date]:
    days = [order.today - datetime.timedelta(days=age) for age in range(plan.kept_days)]
    asked = {day: {_series(order.site_property, dimensions, day) for dimensions in (TOTALS, DETAILS)} for day in days}
    return frozenset(day for day, series in asked.items() if series <= known)


def _ask_page(
    api: SearchConsoleApi, site_property: str, day: datetime.date, dimensions: tuple[str, ...], rows: int, start: int
) -> tuple[bytes, int]:
    body = {
        "startDate": day.isoformat(),
        "endDate": day.isoformat(),
        "dimensions": list(dimensions),
        "type": "web",
        "dataState": "final",
        "rowLimit": rows,
        "startRow": start,
    }
    answer = api.query(site_property, body)
    return answer, count_rows(answer)


def _ask_pages(
    ask: Callable[[int], tuple[bytes, int]], rows: int, patience: Patience, sleep: Callable[[float], None]
) -> list[tuple[bytes, int]]:
    """Pages until a short one, with their rows; an empty page after a full one is no page."""
    pages: list[tuple[bytes, int]] = []
    while True:
        page = call(partial(ask, rows * len(pages)), patience, sleep)
        if pages and page[1] == 0:
            return pages
        pages.append(page)
        if page[1] < rows:
            return pages


def count_rows(answer: bytes) -> int:
    """Rows in the answer.

    Raises:
        RefusalError: it is not what the API is documented to answer.
    """
    try:
        rows = json.loads(answer).get("rows", [])
        if all("keys" in row for row in rows):
            return len(rows)
    except (ValueError, AttributeError, TypeError):
        pass
    raise RefusalError(f"the answer is not the JSON it should be, and was not saved; it begins {answer[:80]!r}")


def _error_in(body: bytes) -> tuple[str, frozenset[str]]:
    """The message and the reasons of an error answer, as far as it tells."""
    try:
        error = json.loads(body)["error"]
        reasons = {str(one.get("reason")) for one in error.get("errors", [])}
        if error.get("status") == "RESOURCE_EXHAUSTED":
            reasons.add("quotaExceeded")
        return str(error.get("message")), frozenset(reasons)
    except (ValueError, KeyError, TypeError, AttributeError):
        return repr(body[:80]), frozenset()
