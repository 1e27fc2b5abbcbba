"""Fetching for the front door: which feeds ``sites.toml`` switches on, with which connection, and what came of it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from penalty_radar.clock import now
from transforms.errors import BadInputError, UsageError
from transforms.ingest.feeds import ahrefs, search_console, semrush
from transforms.ingest.feeds.backlinks import BacklinkApi, choose_order, fetch_backlinks
from transforms.ingest.feeds.calls import RefusalError
from transforms.ingest.feeds.ledger import Caps, FeedLedger
from transforms.ingest.feeds.orders import BacklinkOrder, Fetched, SearchConsoleOrder
from transforms.ingest.feeds.saved_answers import SavedAnswers
from transforms.ingest.hosts import registrable_domain
from transforms.settings import Settings
from transforms.site_list import CADENCE_DAYS, FeedEntry, load_site_list

Connections = Callable[[str], Mapping[str, Any]]
"""The contents of the connection of that id (see :func:`flatten_connection`); empty when there is none."""

RANKING_FEEDS = (search_console.FEED,)
BACKLINK_FEEDS = (ahrefs.FEED, semrush.FEED)
FEEDS = (*RANKING_FEEDS, *BACKLINK_FEEDS)

LEDGER_NAME = "feeds.jsonl"

LONGEST_FETCH_SECONDS = 45 * 60.0
"""After that no further site is begun: between the default schedule and cutoff lie two hours, and the files must still
be read. Sites that wait longest are first, so that none waits twice in vain."""

_GOOGLE_PREFIX = "extra__google_cloud_platform__"


def environment_connection(conn_id: str, environ: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """The connection as Airflow keeps one in the environment: ``AIRFLOW_CONN_<ID>``, as JSON; empty without.

    For Search Console ``GOOGLE_APPLICATION_CREDENTIALS``, the path of a service account's key, does as well.

    Raises:
        UsageError: it is no JSON.
    """
    environ = os.environ if environ is None else environ
    name = f"AIRFLOW_CONN_{conn_id.upper()}"
    text = environ.get(name)
    if not text:
        path = environ.get("GOOGLE_APPLICATION_CREDENTIALS")
        return {"key_path": path} if path else {}
    try:
        content = json.loads(text)
        extra = content.get("extra") or {}
        extra = json.loads(extra) if isinstance(extra, str) else extra
    except (ValueError, AttributeError):
        raise UsageError(name, "no JSON", "a connection as JSON", "See docs/feeds.md.") from None  # it holds a secret
    return flatten_connection(content.get("password"), content.get("host"), extra)


def flatten_connection(password: str | None, host: str | None, extra: Mapping[str, Any]) -> dict[str, Any]:
    """A connection as the feeds read it: ``password``, ``host`` (with ``https://``) and the extra fields, one level."""
    fields = {name.removeprefix(_GOOGLE_PREFIX): value for name, value in extra.items()}
    return {**fields, "password": password, "host": host}


def fetch_feeds(
    settings: Settings,
    feeds: Sequence[str] | None = None,
    *,
    site: str | None = None,
    dry_run: bool = False,
    connections: Connections = environment_connection,
    only_due: bool | None = None,
    sleep: Callable[[float], None] = time.sleep,
    echo: Callable[[str], None] = print,
) -> list[dict[str, Any]]:
    """Fetch every feed that is on and due, site after site, and say of each what came.

    Args:
        settings: where the sites, the exports and the state are.
        feeds: names of ``FEEDS``; None: all.
        site: only this site.
        dry_run: ask nothing, say what would be asked and what it may cost.
        connections: finds the credentials.
        only_due: leave out what was fetched already; default: when no feed is named.
        sleep: waits that many seconds.
        echo: takes each line of the account.

    Returns:
        Per feed and site its ``feed``, ``site``, ``saved``, ``unchanged``, ``units`` and ``reason``.

    Raises:
        UsageError: no such feed, or ``sites.toml`` cannot be read.
        BadInputError: something was not fetched; what came is saved.
    """
    only_due = feeds is None if only_due is None else only_due
    wanted = _known_feeds(feeds)
    ledger = FeedLedger(settings.state / LEDGER_NAME, now())
    started = time.monotonic()
    outcomes: list[dict[str, Any]] = []
    for feed, domain, entry in _entries(settings, wanted, site, ledger, echo):
        if time.monotonic() - started > LONGEST_FETCH_SECONDS:
            echo(f"{domain} {feed}: left for the next run, this one has fetched long enough")
            continue
        fetched = _fetch_one(
            settings,
            feed,
            domain,
            entry,
            ledger,
            connections,
            only_due=only_due,
            dry_run=dry_run,
            sleep=sleep,
            say=echo,
        )
        if fetched is None:
            continue
        outcomes.append(_describe(feed, domain, fetched))
        if not dry_run or fetched.reason:
            echo(_sentence(feed, domain, fetched))
    failed = [one for one in outcomes if one["reason"] and not one["is_capped"]]
    if failed:
        raise BadInputError(
            ", ".join(f"{one['site']} {one['feed']}" for one in failed),
            "; ".join(f"{one['site']}: {one['reason']}" for one in failed),
            f"all {len(outcomes)} feeds fetched",
            "What came is saved. Mend the cause, or wait for the next run.",
        )
    return outcomes


def _known_feeds(feeds: Sequence[str] | None) -> Sequence[str]:
    for feed in feeds or ():
        if feed not in FEEDS:
            raise UsageError("FEED", repr(feed), f"one of {', '.join(FEEDS)}", "Name a feed or leave it out.")
    return FEEDS if feeds is None else feeds


def _entries(
    settings: Settings, feeds: Sequence[str], site: str | None, ledger: FeedLedger, echo: Callable[[str], None]
) -> list[tuple[str, str, FeedEntry]]:
    """Feed, site and entry of all that is switched on, those first that were fetched longest ago."""
    listed = load_site_list(settings.sites)
    domain = (registrable_domain(site.strip().lower()) or site) if site else None
    for problem in listed.problems:
        echo(str(problem))
    found = [
        (feed, one.domain, one.feeds[feed])
        for feed in feeds
        for one in listed.sites
        if domain in {None, one.domain} and feed in one.feeds and one.feeds[feed].fetch
    ]
    return sorted(found, key=lambda one: str(ledger.last_done(one[0], one[1]) or ""))


def _fetch_one(
    settings: Settings,
    feed: str,
    domain: str,
    entry: FeedEntry,
    ledger: FeedLedger,
    connections: Connections,
    *,
    only_due: bool,
    dry_run: bool,
    sleep: Callable[[float], None],
    say: Callable[[str], None],
) -> Fetched | None:
    """What fetching one feed of one site gave; None when nothing is due."""
    answers = SavedAnswers(settings.exports, domain, feed)
    try:
        if feed == search_console.FEED:
            return _fetch_performance(
                settings, domain, entry, answers, ledger, connections, only_due, dry_run, sleep=sleep, say=say
            )
        api = _backlink_api(settings, feed, connections)
        full = BacklinkOrder(
            feed=feed, site_domain=domain, target=entry.target or domain, mode=entry.mode, today=now().date()
        )
        order = choose_order(
            full,
            ledger,
            cadence_days=CADENCE_DAYS[entry.cadence],
            can_filter=api.can_filter,
            is_wished=not only_due,
        )
        if order is None:
            return None
        account = settings.ahrefs_monthly_cap if feed == ahrefs.FEED else settings.semrush_monthly_cap
        caps = Caps(account=account, site=entry.monthly_cap)
        return fetch_backlinks(api, order, answers, ledger, caps, sleep=sleep, say=say, dry_run=dry_run)
    except RefusalError as error:
        return Fetched(reason=str(error))
    except OSError as error:
        return Fetched(reason=f"cannot be saved: {type(error).__name__}: {error}")


def _fetch_performance(
    settings: Settings,
    domain: str,
    entry: FeedEntry,
    answers: SavedAnswers,
    ledger: FeedLedger,
    connections: Connections,
    only_due: bool,
    dry_run: bool,
    *,
    sleep: Callable[[float], None],
    say: Callable[[str], None],
) -> Fetched | None:
    today = now().date()
    last_on = ledger.last_done(search_console.FEED, domain)
    if only_due and last_on and (today - last_on).days < CADENCE_DAYS[entry.cadence]:
        return None
    order = SearchConsoleOrder(site_domain=domain, site_property=entry.property or f"sc-domain:{domain}", today=today)
    if dry_run:
        days = search_console.due_days(order, answers, ledger, search_console.DayPlan())
        say(f"{domain} {order.site_property}: {len(days)} days from {days[-1]} to {days[0]}, free of charge")
        return Fetched()
    api = search_console.SearchConsoleApi(connections(settings.search_console_connection))
    return search_console.fetch_days(api, order, answers, ledger, sleep=sleep)


def _backlink_api(settings: Settings, feed: str, connections: Connections) -> BacklinkApi:
    if feed == ahrefs.FEED:
        prices = ahrefs.AhrefsPrices(
            units_per_request=settings.ahrefs_units_per_request, units_per_row=settings.ahrefs_units_per_row
        )
        return ahrefs.AhrefsApi(connections(settings.ahrefs_connection), prices)
    return semrush.SemrushApi(
        connections(settings.semrush_connection), semrush.SemrushPrices(units_per_row=settings.semrush_units_per_row)
    )


def _describe(feed: str, domain: str, fetched: Fetched) -> dict[str, Any]:
    return {
        "feed": feed,
        "site": domain,
        "saved": len(fetched.saved),
        "unchanged": fetched.unchanged_count,
        "units": fetched.units,
        "reason": fetched.reason,
        "is_capped": fetched.is_capped,
    }


def _sentence(feed: str, domain: str, fetched: Fetched) -> str:
    count = len(fetched.saved)
    units = f", {fetched.units:,} units spent" if feed in BACKLINK_FEEDS else ""
    stopped = f"; stopped: {fetched.reason}" if fetched.reason else ""
    files = "1 file" if count == 1 else f"{count} files"
    return f"{domain} {feed}: {files} saved, {fetched.unchanged_count} unchanged{units}{stopped}"
