"""Which day is assessed, and which day the warehouse stands at."""

from __future__ import annotations

import datetime

from penalty_radar.clock import now
from transforms.errors import BadInputError, UsageError
from transforms.settings import Settings


def choose_as_of(settings: Settings, *, as_of: str | None = None, site: str | None = None) -> str:
    """The day to assess: ``as_of`` when given, else the newest day of any export, as ISO text.

    With ``site`` it is the day the rest of the portfolio stands at, because one site is judged among the others.

    Raises:
        UsageError: no date, a day to come, an unknown site, or a site asked for on another day than the others'.
        BadInputError: nothing has been read, so there is no day.
    """
    from transforms.pipeline import assessed_days, default_as_of, known_sites
    from transforms.warehouse import open_writer

    day = read_day(as_of) if as_of else None
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        newest, sites, stands = default_as_of(connection), known_sites(connection), assessed_days(connection)
    if newest is None:
        raise BadInputError(
            settings.exports,
            "no export that could be read",
            "at least one backlink or ranking export",
            "See docs/sources.md for what is read, and `penalty-radar ingest` for what was set aside and why.",
        )
    if site is None:
        return (day or newest).isoformat()
    if site not in sites:
        raise UsageError("site", repr(site), f"one of {', '.join(sites)}", "Name a site that an export speaks of.")
    others = max((known for name, known in stands.items() if name != site), default=day or newest)
    if day is not None and day != others:
        raise UsageError(
            "as_of",
            day.isoformat(),
            f"{others.isoformat()}, the day the other sites stand at",
            "Leave the day out, or assess the whole portfolio on that day.",
        )
    return others.isoformat()


def assessed_day(settings: Settings, *, as_of: str | None = None) -> str:
    """The day the warehouse's tables stand at, as ISO text; what report, alerts and checks can speak of.

    Raises:
        UsageError: ``as_of`` is another day. BadInputError: no day has been assessed.
    """
    from transforms.pipeline import assessed_days
    from transforms.warehouse import open_writer

    day = read_day(as_of) if as_of else None
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        stands = max(assessed_days(connection).values(), default=None)
    if stands is None:
        raise BadInputError(
            str(settings.warehouse), "no day was assessed", "a warehouse after a run", "Run `penalty-radar run` first."
        )
    if day not in (None, stands):
        raise UsageError(
            "as_of",
            day.isoformat(),
            f"{stands.isoformat()}, the day the warehouse stands at",
            f"Run `penalty-radar run --as-of {day.isoformat()}` to assess that day again.",
        )
    return stands.isoformat()


def read_day(text: str, where: str = "as_of") -> datetime.date:
    """A day that a person gave; ``where`` is what it was given as.

    Raises:
        UsageError: no date, or a day to come.
    """
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(where, repr(text), "a date such as 2026-11-15", "Give a day or leave it out.") from error
    if day > now().date():
        raise UsageError(where, text, "a day that has come", "Nothing can be known of a day to come.")
    return day
