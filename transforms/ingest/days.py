"""Days and periods as file names and filter settings spell them."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from babel import Locale

EARLIEST_YEAR = 2000
LANGUAGES = ("en", "nl", "fr", "vi", "de", "es")
LONGEST_PERIOD = 200
"""Characters of a setting that are looked at; a period in words has forty."""

_ISO_DAY = re.compile(r"(?<!\d)(20\d\d)[-_./] ?(\d{1,2})[-_./] ?(\d{1,2})(?!\d)")
_PLAIN_DAY = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)")
_NAMED_DAY = re.compile(r"(?<!\d)(\d{1,2})-([A-Za-z]{3})-(20\d\d)(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-_./])(\d{1,2})\2(20\d\d|(?<=/)\d\d)(?!\d)")
_WORD_DAY_FIRST = re.compile(r"(\d{1,2})\.?\s+(\w+\.?(?:\s+\d{1,2})?),?\s+(\d{4})")
_WORD_MONTH_FIRST = re.compile(r"([^\W\d]+\.?)\s+(\d{1,2}),\s+(\d{4})")


def days_in(text: str) -> list[datetime.date]:
    """Every day in ``text`` (``2026-02-06``, ``2026. 2. 6.``, ``20260206``, ``23-Feb-2020``, ``7_18_2026``)."""
    found = [match.groups() for pattern in (_ISO_DAY, _PLAIN_DAY) for match in pattern.finditer(text)]
    days = [_day(int(year), int(month), int(day)) for year, month, day in found]
    for match in _NAMED_DAY.finditer(text):
        month = month_number(match.group(2))
        days.append(_day(int(match.group(3)), month, int(match.group(1))) if month else None)
    return [day for day in days if day is not None] or list(_year_last_days(text))


def _year_last_days(text: str) -> tuple[datetime.date, ...]:
    """Days whose year comes last, when only one order of day and month is possible in all of them; else none.

    Days between dots have the day first wherever people write so.
    """
    found = [(match.groups()) for match in _YEAR_LAST.finditer(text)]
    readings: list[tuple[datetime.date, ...]] = []
    for month_at, day_at in ((2, 0), (0, 2)):
        days = [_day(_full_year(parts[3]), int(parts[month_at]), int(parts[day_at])) for parts in found]
        known = tuple(day for day in days if day is not None)
        if len(known) == len(found) and known == tuple(sorted(known)):
            readings.append(known)
    if found and all(parts[1] == "." for parts in found):
        readings = readings[:1]
    return readings[0] if len(set(readings)) == 1 else ()


def _full_year(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def days_in_names(names: tuple[str, ...]) -> tuple[datetime.date, ...]:
    """Every day in ``names`` (own name, container, folders nearest first), the one that counts first.

    A nearer name goes before a farther one, and of one name the newest day.
    """
    return tuple(dict.fromkeys(day for name in names for day in sorted(days_in(name), reverse=True)))


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day) if year >= EARLIEST_YEAR else None
    except ValueError:
        return None


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    months: dict[str, int] = {}
    for language in LANGUAGES:
        for width in ("abbreviated", "wide"):
            for number, name in Locale(language).months["format"][width].items():
                months.setdefault(str(name).lower().rstrip("."), int(number))
    return months


def month_number(name: str) -> int | None:
    """1 to 12 for the name or abbreviation of a month in one of ``LANGUAGES``; None for another word."""
    plain = " ".join(name.lower().rstrip(".").split())
    return _months().get(plain) or _months().get(plain[:3] if plain.isascii() and len(plain) > 3 else plain)


def period_in(setting: str) -> tuple[datetime.date, datetime.date] | None:
    """First and last day of a period such as ``1 Jan 2025-31 Dec 2025`` or ``10/1/25 - 12/31/25``.

    None for ``Last 12 months`` and the like, and where day and month could be either.
    """
    setting = setting[:LONGEST_PERIOD]
    days = days_in(setting)
    if len(days) < 2:
        days = _word_days(setting)
    return (min(days), max(days)) if len(days) == 2 else None


def _word_days(setting: str) -> list[datetime.date]:
    found = [(match.group(3), match.group(2), match.group(1)) for match in _WORD_DAY_FIRST.finditer(setting)]
    found = found or [(match.group(3), match.group(1), match.group(2)) for match in _WORD_MONTH_FIRST.finditer(setting)]
    days = []
    for year, month_name, day in found:
        month = month_number(month_name)
        days.append(_day(int(year), month, int(day)) if month else None)
    return [day for day in days if day is not None]
