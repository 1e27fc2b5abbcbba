"""Google Search Console: performance on Search, as its interface exports it, in six languages.

A zip, a folder of CSV files, a workbook or one CSV: each table is a file of its own in the ledger. The daily table
(Chart, formerly Dates) becomes rows of single days; a table by week or month becomes totals of those periods; the
others are totals of the period of their set. Filters has no rows of its own: its settings say the period, and whether
the set speaks of the whole site at all. An export that compares two periods has the same tables, with every measure
once per period.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.ingest.days import period_in
from transforms.ingest.formats.format import Beside, ExportFormat, Reads, WideColumns, Words
from transforms.ingest.formats.search_console_words import (
    APPEARANCE_TABLES,
    APPEARANCES,
    CLICKS,
    COUNTRIES,
    COUNTRY_TABLES,
    CTR,
    DATE_RANGES,
    DATES,
    DAY_TABLES,
    DEVICE_NAMES,
    DEVICE_TABLES,
    DEVICES,
    DIFFERENCE,
    FILTER_TABLES,
    FILTER_VALUES,
    FILTERS,
    IMPRESSIONS,
    PAGE_TABLES,
    PAGES,
    POSITION,
    QUERIES,
    QUERY_TABLES,
)
from transforms.ingest.formats.written import Address, Choice, Day, DayOfRange, Number, Text, Written
from transforms.ingest.formats.written_countries import Country

FAMILY = "search_console_performance"
PROVIDER = "search_console"
FILTERED_PROVIDER = "search_console_filtered"
"""An export with a page, query, country, device or search-type filter is another report than the whole site's."""

FILTERS_NAME = "search_console_filters"
DAILY_NAME = "search_console_daily"
PERIODS_NAME = "search_console_weeks"

COUNT = Number(least=0, is_whole=True, marks="local")
"""German and Spanish exports put marks between thousands (``1.200``)."""

MEAN = Number(least=0, marks="comma")
MEASURES = (
    Reads(target="clicks", headers=CLICKS, written=COUNT, is_required=True, is_filled=True),
    Reads(target="impressions", headers=IMPRESSIONS, written=COUNT, is_required=True, is_filled=True),
    Reads(target="position", headers=POSITION, written=MEAN, is_required=True),
)


@dataclass(frozen=True)
class Table:
    """One table of the export with totals of its period."""

    name: str
    dimension_set: str
    target: str
    headers: tuple[str, ...]
    written: Written
    words: tuple[str, ...]

    @property
    def reads(self) -> Reads:
        """The column of the dimension."""
        return Reads(target=self.target, headers=self.headers, written=self.written, is_required=True, is_filled=True)

    @property
    def site_column(self) -> str | None:
        """Pages tell the site."""
        return "page_url" if self.target == "page_url" else None


TABLES = (
    Table("queries", "query", "query", QUERIES, Text(), QUERY_TABLES),
    Table("pages", "page", "page_url", PAGES, Address(), PAGE_TABLES),
    Table("countries", "country", "country", COUNTRIES, Country(), COUNTRY_TABLES),
    Table("devices", "device", "device", DEVICE_NAMES, Choice(words=DEVICES), DEVICE_TABLES),
    Table("appearances", "appearance", "appearance", APPEARANCES, Text(), APPEARANCE_TABLES),
)


def _totals(table: Table) -> ExportFormat:
    return ExportFormat(
        name=f"search_console_{table.name}",
        family=FAMILY,
        title=f"Search Console performance: {table.name}",
        provider=PROVIDER,
        feed="rankings",
        thing="performance",
        recognised_by=(table.headers, CLICKS, IMPRESSIONS, POSITION),
        columns=(table.reads, *MEASURES),
        key=(table.target,),
        ignored=CTR,
        knows_all=True,
        constants={"dimension_set": table.dimension_set},
        site_column=table.site_column,
        row_caps=(1_000,),
        table_words=table.words,
        notes="Totals of the period that the set's Filters or daily table tells.",
    )


def _any(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in words)


def compared_period(found: re.Match[str]) -> Words | None:
    """The period that a comparison's column speaks of: its days where the name has them, else its name."""
    name = found.group("period").strip()
    if name in DIFFERENCE:
        return None
    if days := period_in(name):
        return {"starts_on": days[0], "ends_on": days[1], "period_name": None}
    return {"starts_on": None, "ends_on": None, "period_name": name}


def _compared(table: Table) -> ExportFormat:
    return ExportFormat(
        name=f"search_console_{table.name}_compared",
        family=FAMILY,
        title=f"Search Console performance: {table.name}, comparison of two periods",
        provider=PROVIDER,
        feed="rankings",
        thing="performance",
        recognised_by=(table.headers,),
        columns=(table.reads,),
        key=(table.target,),
        ignored_pattern=re.compile(rf"(.+ )?({_any(CTR)})|.*\b({_any(DIFFERENCE)})\b.*", re.DOTALL),
        wide=WideColumns(
            target="clicks",
            written=COUNT,
            header=re.compile(rf"(?P<period>.+) (?:{_any(CLICKS)})"),
            says=compared_period,
            beside=(
                Beside(
                    target="impressions",
                    header=re.compile(rf"(?P<period>.+) (?:{_any(IMPRESSIONS)})"),
                    written=COUNT,
                    is_filled=True,
                ),
                Beside(target="position", header=re.compile(rf"(?P<period>.+) (?:{_any(POSITION)})"), written=MEAN),
            ),
        ),
        constants={"dimension_set": table.dimension_set},
        site_column=table.site_column,
        row_caps=(1_000,),
        table_words=table.words,
        notes=(
            "Totals of each period. Days come from the column's name (`10/1/25 - 12/31/25 Clicks`) when only one order "
            "of day and month is possible in it; a period without days (`Last 7 days`) is kept by its name. The daily "
            "table of a comparison is not read: its rows say the day of one period only."
        ),
    )


FORMATS = (
    ExportFormat(
        name=DAILY_NAME,
        family=FAMILY,
        title="Search Console performance: days",
        provider=PROVIDER,
        feed="rankings",
        thing="performance",
        recognised_by=(DATES, CLICKS, IMPRESSIONS, POSITION),
        columns=(
            Reads(target="performed_on", headers=DATES, written=Day(), is_required=True, is_filled=True),
            *MEASURES,
        ),
        key=("performed_on",),
        ignored=CTR,
        knows_all=True,
        constants={"dimension_set": "day"},
        days=("performed_on",),
        table_words=DAY_TABLES,
    ),
    ExportFormat(
        name=PERIODS_NAME,
        family=FAMILY,
        title="Search Console performance: weeks or months",
        provider=PROVIDER,
        feed="rankings",
        thing="performance",
        recognised_by=(DATE_RANGES, CLICKS, IMPRESSIONS, POSITION),
        columns=(
            Reads(target="starts_on", headers=DATE_RANGES, written=DayOfRange(), is_required=True, is_filled=True),
            Reads(target="ends_on", headers=DATE_RANGES, written=DayOfRange(is_last=True), is_required=True),
            *MEASURES,
        ),
        key=("starts_on", "ends_on"),
        ignored=CTR,
        knows_all=True,
        constants={"dimension_set": "site"},
        days=("starts_on", "ends_on"),
        table_words=DAY_TABLES,
        notes="Totals of the whole site per week or month: dimension set `site`. They never become days.",
    ),
    *(_totals(table) for table in TABLES),
    *(_compared(table) for table in TABLES),
    ExportFormat(
        name=FILTERS_NAME,
        family=FAMILY,
        title="Search Console performance: filter settings",
        provider=PROVIDER,
        feed="rankings",
        thing=None,
        recognised_by=(FILTERS, FILTER_VALUES),
        columns=(
            Reads(target="label", headers=FILTERS, written=Text(), is_required=True),
            Reads(target="setting", headers=FILTER_VALUES, written=Text(), is_required=True),
        ),
        table_words=FILTER_TABLES,
        described="settings of the export, merged into the other tables of its set as their period",
        notes=(
            "Settings of the export, not data: its rows are counted as merged into the rows of its set. A set with a "
            f"filter on anything but the dates is read as provider {FILTERED_PROVIDER}."
        ),
    ),
)
