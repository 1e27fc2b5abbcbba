"""Google Search Console: rows of the Search Analytics API, and tables that people keep of them.

An answer of the API is saved as JSON (`{"rows": [{"keys": [...], "clicks": ...}]}`) or as a CSV with a column per
dimension asked for; which dimensions there are says what the rows are split by. Rows with a date are days, rows
without one are totals of a period that the answer does not say. Several pages of one answer are several files of one
day and count together: no two of them hold the same key.
"""

from __future__ import annotations

from collections.abc import Mapping

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.search_console import COUNT, MEAN, PROVIDER
from transforms.ingest.formats.search_console_words import DEVICES
from transforms.ingest.formats.written import Address, Choice, Day, Text
from transforms.ingest.formats.written_countries import Country

ROWS_NAME = "search_console_rows"
DATES = ("date", "Date", "day", "Day")
PAGES = ("page", "Page", "Landing Page", "Landing page", "landing_page", "url", "URL")
QUERIES = ("query", "Query", "keyword", "Keyword", "search_query")
COUNTRIES = ("country", "Country")
DEVICE_NAMES = ("device", "Device")
DIMENSIONS = {"page": PAGES, "query": QUERIES, "country": COUNTRIES, "device": DEVICE_NAMES}
"""Words of a dimension set, in the order in which they make its name, and the columns that hold them."""

APPEARANCES = ("search_appearance", "searchAppearance")
MEASURES = (
    Reads(target="clicks", headers=("clicks", "Clicks", "Url Clicks"), written=COUNT, is_required=True, is_filled=True),
    Reads(
        target="impressions", headers=("impressions", "Impressions"), written=COUNT, is_required=True, is_filled=True
    ),
    Reads(
        target="position",
        headers=("position", "Position", "avg_position", "average_position", "Average Position"),
        written=MEAN,
        is_required=True,
    ),
)
MEASURED_BY = tuple(column.headers for column in MEASURES)
IGNORED = ("ctr", "CTR", "Site CTR", "URL CTR")
DAY = Reads(target="performed_on", headers=DATES, written=Day(), is_filled=True)


def dimension_set_of(header: tuple[str, ...]) -> Mapping[str, str]:
    """What rows with these columns are split by; the whole site when there is no dimension but the date."""
    words = [word for word, spellings in DIMENSIONS.items() if not set(spellings).isdisjoint(header)]
    whole_site = "site" if set(DATES).isdisjoint(header) else "day"
    return {"dimension_set": "_".join(words) or whole_site}


FORMATS = (
    ExportFormat(
        name=ROWS_NAME,
        family="search_console_rows",
        title="Search Console performance: rows of the Search Analytics API",
        provider=PROVIDER,
        feed="rankings",
        thing="performance",
        recognised_by=(*MEASURED_BY, DATES + PAGES + QUERIES + COUNTRIES + DEVICE_NAMES),
        columns=(
            DAY,
            Reads(target="page_url", headers=PAGES, written=Address(), is_filled=True),
            Reads(target="query", headers=QUERIES, written=Text(), is_filled=True),
            Reads(target="country", headers=COUNTRIES, written=Country(by_name=False)),
            Reads(target="device", headers=DEVICE_NAMES, written=Choice(words=DEVICES)),
            *MEASURES,
        ),
        key=("performed_on", "page_url", "query", "country", "device"),
        ignored=IGNORED,
        knows_all=True,
        constants_of=dimension_set_of,
        site_column="page_url",
        days=("performed_on",),
        is_round_suspect=False,
        notes=(
            "The columns present say the dimension set (`date` alone is the whole site by day). A file with any other "
            "column is not read as this, for a dimension that is not known would be lost. Rare queries are not in it."
        ),
    ),
    ExportFormat(
        name="search_console_appearance_rows",
        family="search_console_rows",
        title="Search Console performance: search appearances of the Search Analytics API",
        provider=PROVIDER,
        feed="rankings",
        thing="performance",
        recognised_by=(*MEASURED_BY, APPEARANCES),
        columns=(
            DAY,
            Reads(target="appearance", headers=APPEARANCES, written=Text(), is_required=True, is_filled=True),
            *MEASURES,
        ),
        key=("performed_on", "appearance"),
        ignored=IGNORED,
        knows_all=True,
        constants={"dimension_set": "appearance"},
        days=("performed_on",),
        is_round_suspect=False,
        notes="The API gives appearances alone or by day, with no other dimension.",
    ),
)
