"""Tables that one export wrote as several files: what each can tell the others.

Members of one zip or workbook are a set; loose files are when they lie in one folder and their names differ only in
what the provider calls the table (``Queries.csv`` and ``Pages.csv``). Membership supplies site, day of export, period
and filters; every member stays a file of its own in the ledger.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from transforms.ingest.contents import Content
from transforms.ingest.days import days_in, period_in
from transforms.ingest.formats.search_console import DAILY_NAME, FILTERS_NAME, PERIODS_NAME
from transforms.ingest.formats.search_console_words import DATE_LABELS, SEARCH_TYPE_LABELS, WHOLE_SEARCH
from transforms.ingest.recognition import Recognition
from transforms.ingest.sites import Site, majority, site_in_head

Candidate = tuple[Content, Recognition]


@dataclass(frozen=True, kw_only=True)
class SetFacts:
    """What the members of a set tell about all of them."""

    site: Site | None = None
    """From the member that holds pages."""

    days: tuple[datetime.date, ...] = ()
    """Days that the daily table speaks of, ascending."""

    period: tuple[datetime.date, datetime.date] | None = None
    """First and last day, where the settings write them out."""

    filters: tuple[str, ...] = ()
    """Settings that leave part of the site out, as ``label: value``."""


def set_key(content: Content, recognition: Recognition) -> str | None:
    """What the members of a set have in common; None for a content that is on its own."""
    if content.container is not None:
        # The folder inside it: one zip may hold the exports of several sites.
        return content.path.rpartition("/")[0]
    folder, _, name = content.path.rpartition("/")
    plain = unicodedata.normalize("NFC", name).lower()
    spaced = plain.replace("-", " ").replace("_", " ")
    words = recognition.format.table_words if recognition.format else ()
    for word in sorted(words, key=len, reverse=True):
        at = spaced.find(word)
        if at >= 0:
            return f"{folder}/{plain[:at]}*{plain[at + len(word) :]}"
    return None


def describe_sets(candidates: list[Candidate]) -> dict[str, SetFacts]:
    """Facts per display path, for every content that is in a set (a set may have one member)."""
    members: dict[str, list[Candidate]] = defaultdict(list)
    for content, recognition in candidates:
        if key := set_key(content, recognition):
            members[key].append((content, recognition))
    facts: dict[str, SetFacts] = {}
    for together in members.values():
        described = _describe(together)
        facts |= {content.path: described for content, _ in together}
    return facts


def _describe(members: list[Candidate]) -> SetFacts:
    site = majority([domain for _, recognition in members if (domain := site_in_head(recognition))])
    daily = _first_column_days(members, DAILY_NAME) or _first_column_days(members, PERIODS_NAME)
    period, filters = _filter_settings(members)
    return SetFacts(
        site=Site(site, "set") if site else None,
        days=tuple(sorted(set(daily))),
        period=period,
        filters=filters,
    )


def _first_column_days(members: list[Candidate], name: str) -> list[datetime.date]:
    """Days of the table by day, or first and last days of the one by week or month."""
    for _, recognition in members:
        if recognition.format and recognition.format.name == name:
            return [day for row in recognition.rows if row for day in days_in(row[0])]
    return []


def _filter_settings(members: list[Candidate]) -> tuple[tuple[datetime.date, datetime.date] | None, tuple[str, ...]]:
    """The period, when its days are written out, and the settings that leave part of the site out."""
    period, filters = None, []
    for _, recognition in members:
        if recognition.format is None or recognition.format.name != FILTERS_NAME:
            continue
        for row in recognition.rows:
            label, setting = (row[0].strip(), row[1].strip()) if len(row) > 1 else ("", "")
            if label in DATE_LABELS:
                period = period_in(setting)
            elif label and not (label in SEARCH_TYPE_LABELS and setting.lower() in WHOLE_SEARCH):
                filters.append(f"{label}: {setting}")
    return period, tuple(sorted(filters))
