"""Fetching for the front door: which feeds ``sites.toml`` switches on, with which connection, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from penalty_radar.clock import now
from penalty_radar.connections import Connections, environment_connection
from transforms.errors import BadInputError, UsageError
from transforms.ingest.feeds import ahrefs, search_console, semrush
from transforms.ingest.feeds.backlinks import BacklinkApi, choose_order, fetch_backlinks
from transforms.ingest.feeds.calls import RefusalError
from transforms.ingest.feeds.ledger import LEDGER_NAME, Caps, FeedLedger
from transforms.ingest.feeds.orders import BacklinkOrder, Fetched, SearchConsoleOrder
from transforms.ingest.feeds.saved_answers import SavedAnswers
from transforms.ingest.hosts import registrable_domain
from transforms.settings import Settings
from transforms.site_list import CADENCE_DAYS, FeedEntry, load_site_list

RANKING_FEEDS = (search_console.FEED,)
BACKLINK_FEEDS = (ahrefs.FEED, semrush.FEED)
FEEDS = (*RANKING_FEEDS, *BACKLINK_FEEDS)

LONGEST_FETCH_SECONDS = 45 * 60.0
"""After that no further site is begun: between the default schedule and cutoff lie two hours, and the files must still
be read. Sites that wait longest are first, so that none waits twice in vain."""

LONGEST_BACKFILL_SECONDS = LONGEST_FETCH_SECONDS / 3
"""After that only recent days are asked of Search Console: a portfolio's first weeks would else go to old days of a few
sites, while the others wait for last week's."""


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
    wanted = _known_feeds(feeds)
    run = _Run(
        settings=settings,
        ledger=FeedLedger(settings.state / LEDGER_NAME, now()),
        connections=connections,
        only_due=feeds is None if only_due is None else only_due,
        dry_run=dry_run,
        sleep=sleep,
        echo=echo,
    )
    started = time.monotonic()
    entries = _entries(run, wanted, site)
    if not entries:
        echo(f"{settings.sites}: no feed of {site or 'any site'} says fetch = true, so that nothing is fetched")
    outcomes: list[dict[str, Any]] = []
    for feed, site_domain, entry in entries:
        seconds = time.monotonic() - started
        if seconds > LONGEST_FETCH_SECONDS:
            echo(f"{site_domain} {feed}: left for the next run, this one has fetched long enough")
        elif fetched := _fetch_one(run, feed, site_domain, entry, is_young=seconds < LONGEST_BACKFILL_SECONDS):
            outcomes.append(_describe(feed, site_domain, fetched))
            if not dry_run or fetched.reason:
                echo(_sentence(feed, site_domain, fetched))
    _raise_failures(outcomes)
    return outcomes


@dataclass(frozen=True, kw_only=True)
class _Run:
    """What one run has for all its feeds and sites."""

    settings: Settings
    ledger: FeedLedger
    connections: Connections
    only_due: bool
    dry_run: bool
    sleep: Callable[[float], None]
    echo: Callable[[str], None]


def _raise_failures(outcomes: Sequence[dict[str, Any]]) -> None:
    failed = [one for one in outcomes if one["reason"] and not one["is_capped"]]
    if failed:
        raise BadInputError(
            ", ".join(f"{one['site']} {one['feed']}" for one in failed),
            "; ".join(f"{one['site']} {one['feed']}: {one['reason']}" for one in failed),
            f"all {len(outcomes)} feeds fetched",
            "What came is saved. Mend the cause, or wait for the next run.",
        )


def _known_feeds(feeds: Sequence[str] | None) -> Sequence[str]:
    for feed in feeds or ():
        if feed not in FEEDS:
            raise UsageError("FEED", repr(feed), f"one of {', '.join(FEEDS)}", "Name a feed or leave it out.")
    return FEEDS if feeds is None else feeds


def _entries(run: _Run, feeds: Sequence[str], site: str | None) -> list[tuple[str, str, FeedEntry]]:
    """Feed, site and entry of all that is switched on, those first that were fetched longest ago.

    A feed that nobody can fetch is among them whatever ``feeds`` says, so that a slip in its name is noticed.
    """
    listed = load_site_list(run.settings.sites)
    wanted = (registrable_domain(site.strip().lower()) or site) if site else None
    for problem in listed.problems:
        run.echo(str(problem))
    found = [
        (feed, one.domain, entry)
        for one in listed.sites
        for feed, entry in one.feeds.items()
        if wanted in {None, one.domain} and entry.fetch and (feed in feeds or feed not in FEEDS)
    ]
    return sorted(found, key=lambda one: str(run.ledger.last_done(one[0], one[1]) or ""))


def _fetch_one(run: _Run, feed: str, site_domain: str, entry: FeedEntry, *, is_young: bool) -> Fetched | None:
    """What fetching one feed of one site gave; None when nothing is due. One that fails is an outcome with a reason."""
    if feed not in FEEDS:
        return Fetched(reason=f"fetch = true, and nothing can fetch it; what can be fetched: {', '.join(FEEDS)}")
    try:
        with run.ledger.alone(feed) as is_alone:
            if not is_alone:
                run.echo(f"{site_domain} {feed}: another run fetches this feed now")
                return None
            answers = SavedAnswers(run.settings.exports, site_domain, feed)
            if feed == search_console.FEED:
                plan = search_console.DayPlan() if is_young else search_console.DayPlan(gaps_a_night=0)
                return _fetch_performance(run, site_domain, entry, answers, plan)
            return _fetch_links(run, feed, site_domain, entry, answers)
    except (RefusalError, UsageError) as error:
        return Fetched(reason=str(error))
    except OSError as error:
        return Fetched(reason=f"cannot be saved: {type(error).__name__}: {error}")


def _fetch_performance(
    run: _Run, site_domain: str, entry: FeedEntry, answers: SavedAnswers, plan: search_console.DayPlan
) -> Fetched | None:
    today = now().date()
    last_on = run.ledger.last_done(search_console.FEED, site_domain)
    if run.only_due and last_on and (today - last_on).days < CADENCE_DAYS[entry.cadence]:
        return None
    site_property = entry.property or f"sc-domain:{site_domain}"
    order = SearchConsoleOrder(site_domain=site_domain, site_property=site_property, today=today)
    if run.dry_run:
        days = search_console.due_days(order, answers, run.ledger, plan)
        run.echo(f"{site_domain} {site_property}: {len(days)} days from {days[-1]} to {days[0]}, free of charge")
        return Fetched()
    api = search_console.SearchConsoleApi(_connection(run, run.settings.search_console_connection))
    return search_console.fetch_days(api, order, answers, run.ledger, plan=plan, sleep=run.sleep)


def _connection(run: _Run, conn_id: str) -> Mapping[str, Any]:
    """The connection of that id; a dry run needs none.

    Raises:
        RefusalError: there is none.
    """
    if found := run.connections(conn_id):
        return found
    if run.dry_run:
        return {}
    raise RefusalError(f"there is no connection {conn_id!r}; docs/feeds.md says how to make it")


def _fetch_links(run: _Run, feed: str, site_domain: str, entry: FeedEntry, answers: SavedAnswers) -> Fetched | None:
    settings = run.settings
    api = _backlink_api(run, feed)
    everything = BacklinkOrder(
        feed=feed, site_domain=site_domain, target=entry.target or site_domain, mode=entry.mode, today=now().date()
    )
    order = choose_order(
        everything,
        run.ledger,
        cadence_days=CADENCE_DAYS[entry.cadence],
        can_filter=api.can_filter,
        is_wished=not run.only_due,
    )
    if order is None:
        return None
    account = settings.ahrefs_monthly_cap if feed == ahrefs.FEED else settings.semrush_monthly_cap
    caps = Caps(account=account, site=entry.monthly_cap)
    return fetch_backlinks(api, order, answers, run.ledger, caps, sleep=run.sleep, say=run.echo, dry_run=run.dry_run)


def _backlink_api(run: _Run, feed: str) -> BacklinkApi:
    settings = run.settings
    if feed == ahrefs.FEED:
        prices = ahrefs.AhrefsPrices(
            units_per_request=settings.ahrefs_units_per_request, units_per_row=settings.ahrefs_units_per_row
        )
        return ahrefs.AhrefsApi(_connection(run, settings.ahrefs_connection), prices)
    row_price = semrush.SemrushPrices(units_per_row=settings.semrush_units_per_row)
    return semrush.SemrushApi(_connection(run, settings.semrush_connection), row_price)


def _describe(feed: str, site_domain: str, fetched: Fetched) -> dict[str, Any]:
    return {
        "feed": feed,
        "site": site_domain,
        "saved": len(fetched.saved),
        "unchanged": fetched.unchanged_count,
        "units": fetched.units,
        "reason": fetched.reason,
        "is_capped": fetched.is_capped,
    }


def _sentence(feed: str, site_domain: str, fetched: Fetched) -> str:
    count = len(fetched.saved)
    units = f", {fetched.units:,} units spent" if feed in BACKLINK_FEEDS else ""
    stopped = f"; stopped: {fetched.reason}" if fetched.reason else ""
    files = "1 file" if count == 1 else f"{count} files"
    return f"{site_domain} {feed}: {files} saved, {fetched.unchanged_count} unchanged{units}{stopped}"
