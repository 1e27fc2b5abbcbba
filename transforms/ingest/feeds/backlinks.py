"""Paid backlink APIs: the price is said before every call, no call passes the monthly cap, every page is kept."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from transforms.ingest.feeds.calls import Answer, CapError, Patience, RefusalError, call
from transforms.ingest.feeds.ledger import Caps, FeedLedger
from transforms.ingest.feeds.orders import BacklinkOrder, Fetched
from transforms.ingest.feeds.saved_answers import SavedAnswers
from transforms.ingest.feeds.web import UnsentError

OVERLAP_DAYS = 2
"""New links are asked from two days before the last fetch: a crawl is dated before the index shows it."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of an answer."""

    body: bytes
    row_count: int
    units: int
    """What it cost."""

    cursor: str | None
    """Where the next page begins; None: this was the last one."""


class BacklinkApi(Protocol):
    """What a provider's API must be able to say."""

    name: str
    """Begins the file names."""

    ending: str
    can_filter: bool
    """It can be asked for new links alone."""

    rows_a_page: int

    def price(self, rows: int) -> int:
        """The most units that a page of ``rows`` may cost."""

    def affordable_rows(self, units: int) -> int:
        """Rows of a page that costs ``units`` at most; 0: none."""

    def balance(self) -> int | None:
        """Units the account has left, asked for free; None: without limit."""

    def send(self, order: BacklinkOrder, cursor: str | None, rows: int) -> Answer:
        """Ask one page; may cost."""

    def refuse(self, answer: Answer) -> None:
        """Raise what an answer that is no success means; it cost nothing."""

    def read(self, cursor: str | None, rows: int, answer: Answer) -> Page:
        """What a successful answer holds and cost; ``cursor`` is where the page began."""


@dataclass(frozen=True, kw_only=True)
class _Position:
    """Where in an answer the next page begins."""

    cursor: str | None = None
    least_rows: int = 1
    """A smaller page would end where it began (all its links have one moment), and would be paid for nothing."""


def choose_order(
    order: BacklinkOrder, ledger: FeedLedger, *, cadence_days: int, can_filter: bool, is_wished: bool
) -> BacklinkOrder | None:
    """What is due of a full ``order``; None: nothing.

    The rest of an unfinished fetch of the same target, else everything once per cadence (or when a person wishes it:
    ``is_wished``), else what is new since the last fetch, where the provider can be asked for that alone
    (``can_filter``).
    """
    full_on = ledger.last_done(order.feed, order.site_domain, "full")
    last_on = ledger.last_done(order.feed, order.site_domain)
    if unfinished := ledger.unfinished(order.feed, order.site_domain, _asked(order)):
        since = datetime.date.fromisoformat(unfinished["since"]) if unfinished["since"] else None
        return dataclasses.replace(order, kind=unfinished["kind"], since=since)
    if is_wished or full_on is None or (order.today - full_on).days >= cadence_days:
        return order
    if can_filter and last_on and last_on < order.today:
        return dataclasses.replace(order, kind="new", since=last_on - datetime.timedelta(days=OVERLAP_DAYS))
    return None


def fetch_backlinks(
    api: BacklinkApi,
    order: BacklinkOrder,
    answers: SavedAnswers,
    ledger: FeedLedger,
    caps: Caps,
    *,
    sleep: Callable[[float], None],
    say: Callable[[str], None],
    dry_run: bool = False,
    patience: Patience | None = None,
) -> Fetched:
    """Ask page after page, from where an unfinished fetch stopped, until the last one or the cap.

    ``dry_run`` calls nothing and says what the next page may cost. An answer without links brings no file.

    Raises:
        OSError: the inbox cannot be written; nothing is asked then.
    """
    patience = patience or Patience()
    fetched = Fetched()
    position: _Position | None = _unfinished_position(order, ledger)
    try:
        _demand_cap(order, caps)
        if not dry_run:
            answers.prove_writable()
        balance = None if dry_run else call(api.balance, patience, sleep)
        while position:
            left = _units_left(order, ledger, caps, balance, fetched.units)
            rows = _size_page(api, position, left)
            say(_announce(api, order, rows, left))
            if dry_run:
                break
            page = call(partial(_ask_page, api, order, ledger, caps, position.cursor, rows), patience, sleep)
            fetched.units += page.units
            say(f"{order.site_domain} {order.feed}: {page.row_count:,} links for {page.units:,} units")
            if page.row_count:
                fetched.saved.append(answers.save_page(_series(api, order), page.body, api.ending))
            position = _note_page(order, ledger, position, page, rows)
    except RefusalError as error:
        fetched.reason = str(error)
        fetched.is_capped = isinstance(error, CapError)
    return fetched


def _ask_page(
    api: BacklinkApi, order: BacklinkOrder, ledger: FeedLedger, caps: Caps, cursor: str | None, rows: int
) -> Page:
    """One attempt, entered in the ledger before it is made.

    It stays entered at its full price when the connection broke, or the answer cannot be read: nobody knows what the
    provider charged.
    """
    call_id = ledger.reserve(order.feed, order.site_domain, api.price(rows), caps)
    settle = partial(ledger.settle, order.feed, order.site_domain, call_id)
    try:
        answer = api.send(order, cursor, rows)
    except UnsentError:
        settle(0)
        raise
    try:
        api.refuse(answer)
    except Exception:
        settle(0)
        raise
    page = api.read(cursor, rows, answer)
    settle(page.units)
    return page


def _unfinished_position(order: BacklinkOrder, ledger: FeedLedger) -> _Position:
    unfinished = ledger.unfinished(order.feed, order.site_domain, _asked(order))
    if not unfinished:
        return _Position()
    return _Position(cursor=unfinished["cursor"], least_rows=unfinished["least_rows"])


def _note_page(
    order: BacklinkOrder, ledger: FeedLedger, position: _Position, page: Page, rows: int
) -> _Position | None:
    """Enter what was reached; returns where the next page begins, or None after the last."""
    if page.cursor is None:
        ledger.note(order.feed, order.site_domain, "done", kind=order.kind)
        return None
    least_rows = 2 * rows if page.cursor == position.cursor else 1
    since = order.since.isoformat() if order.since else None
    details = {"kind": order.kind, "since": since, "cursor": page.cursor, "least_rows": least_rows}
    ledger.note(order.feed, order.site_domain, "page", **_asked(order), **details)
    return _Position(cursor=page.cursor, least_rows=least_rows)


def _units_left(order: BacklinkOrder, ledger: FeedLedger, caps: Caps, balance: int | None, spent: int) -> int:
    left = ledger.left(order.feed, order.site_domain, caps) or 0
    return left if balance is None else max(0, min(left, balance - spent))


def _size_page(api: BacklinkApi, position: _Position, left: int) -> int:
    rows = min(max(api.rows_a_page, position.least_rows), api.affordable_rows(left))
    if rows < position.least_rows:
        raise CapError(f"monthly cap reached: {left:,} units left, too few for another page")
    return rows


def _announce(api: BacklinkApi, order: BacklinkOrder, rows: int, left: int) -> str:
    what = f"links first seen since {order.since}" if order.since else "all links"
    return (
        f"{order.site_domain} {order.feed}: {what} of {order.target}, the next {rows:,}: "
        f"at most {api.price(rows):,} units; {left:,} left this month"
    )


def _demand_cap(order: BacklinkOrder, caps: Caps) -> None:
    if caps.account is None and caps.site is None:
        provider = order.feed.partition("_")[0]
        raise RefusalError(
            "no monthly cap: this API costs money and is not asked without one. "
            f"Set {provider}_monthly_cap in the settings, or monthly_cap for the site in sites.toml."
        )


def _asked(order: BacklinkOrder) -> dict[str, str | None]:
    """What a cursor belongs to: in the list of another target it would point anywhere."""
    return {"target": order.target, "mode": order.mode}


def _series(api: BacklinkApi, order: BacklinkOrder) -> str:
    return f"{api.name}.{order.today}." + (f"new-since-{order.since}" if order.since else "full")
