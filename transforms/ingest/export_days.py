"""The day of an export: which days are believed, and where the day comes from."""

from __future__ import annotations

import dataclasses
import datetime

from transforms.ingest.arrived_file import ArrivedFile

LATEST_AFTER_READING = datetime.timedelta(days=1)
"""A day may be this much later than the moment of reading (UTC): somewhere it is tomorrow already. Any later day is a
slip of the pen, and believing it would move the night that is assessed for every site."""


def latest_day(ingested_at: datetime.datetime) -> datetime.date:
    """The last day that a file read at ``ingested_at`` (UTC, or with its zone) can speak of."""
    moment = ingested_at.astimezone(datetime.UTC) if ingested_at.tzinfo else ingested_at
    return moment.date() + LATEST_AFTER_READING


def believable(arrived: ArrivedFile, latest_on: datetime.date) -> ArrivedFile:
    """The file without the days of names and sets that are later than ``latest_on``."""
    period = arrived.period if arrived.period and arrived.period[1] <= latest_on else None
    return dataclasses.replace(
        arrived,
        named_days=tuple(day for day in arrived.named_days if day <= latest_on),
        set_days=tuple(day for day in arrived.set_days if day <= latest_on),
        modified_on=min(arrived.modified_on, latest_on),
        period=period,
    )


def set_period(arrived: ArrivedFile) -> tuple[datetime.date, datetime.date] | None:
    """First and last day of the set's totals: as its settings say, else as its daily table spans; None when neither."""
    if arrived.period:
        return arrived.period
    return (arrived.set_days[0], arrived.set_days[-1]) if arrived.set_days else None


def export_day(
    arrived: ArrivedFile, last_day_on: datetime.date | None, newest_dated_on: datetime.date | None
) -> tuple[datetime.date, str]:
    """The day of the export and where it comes from; never earlier than the newest day in the content.

    A file without any day was made on an unknown day before it was last changed. Copying changes that too, so the day
    of the site's newest dated export (``newest_dated_on``) stands in when it is the earlier of the two: a day later
    than every other export would keep the file out of every night.
    """
    told = [(last_day_on, "content")] if last_day_on else []
    if arrived.set_days or arrived.period:
        told.append((max([*arrived.set_days[-1:], *(arrived.period or ())[1:]]), "set"))
    if arrived.named_days:
        told.append((arrived.named_days[0], "file_name"))
    if not told:
        return min(arrived.modified_on, newest_dated_on or arrived.modified_on), "file_modified"
    newest = max(day for day, _ in told)
    by_rank = ("file_name", "content", "set")
    return newest, min((source for day, source in told if day == newest), key=by_rank.index)


def said_of_undated(arrived: ArrivedFile, exported_on: datetime.date) -> str:
    """What the ledger says of an export whose day neither name nor content tells."""
    if exported_on < arrived.modified_on:
        return (
            "no day in name or content: taken to be as old as the site's newest dated export "
            f"({exported_on}; last modified {arrived.modified_on})"
        )
    return "no day in name or content: day of the last modification taken for the export's"
