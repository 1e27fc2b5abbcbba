"""Search Console performance: one export, many tables, six languages."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_exports import SEARCH_CONSOLE, SITE, search_console_zip
from tests.transforms.ingest.made_rankings_exports import COMPARED_ROW, WEEKS, compared
from tests.transforms.text_tables import make, rows_of

PERIODS = (
    "SELECT DISTINCT CAST(starts_on AS VARCHAR), CAST(ends_on AS VARCHAR) FROM staging.performance_observations "
    "WHERE dimension_set <> 'day'"
)
COUNTS = "SELECT dimension_set, count(*) FROM staging.performance_observations GROUP BY 1 ORDER BY 1"


@pytest.mark.parametrize("language", sorted(SEARCH_CONSOLE))
@pytest.mark.parametrize("packing", ["zip", "folder"])
def test_zip_and_folder_read_the_same_in_every_language(inbox: Inbox, language: str, packing: str) -> None:
    tables = SEARCH_CONSOLE[language]
    if packing == "zip":
        inbox.put(f"https___www.{SITE}_-Performance-on-Search-2026-01-05.zip", search_console_zip(language))
    else:
        for name, text in tables.items():
            inbox.put(f"{SITE}-Performance-on-Search-2026-01-05/{name}", text)
    outcomes = inbox.read()
    assert len(outcomes) == len(tables)
    assert {(o.status, o.site_domain, o.provider) for o in outcomes.values()} == {("loaded", SITE, "search_console")}
    assert all(o.row_count == o.loaded_count + o.merged_count + o.rejected_count for o in outcomes.values())
    assert {o.exported_on for o in outcomes.values()} == {datetime.date(2026, 1, 5)}
    expected = {"en": ("2026-01-01", "2026-01-02"), "nl": ("2026-01-02", "2026-01-02")}
    expected |= {"fr": ("2026-01-01", "2026-01-02"), "vi": ("2025-12-14", "2026-01-02")}
    expected |= {"de": ("2026-01-02", "2026-01-02"), "es": ("2026-01-02", "2026-01-02")}
    assert inbox.rows(PERIODS) == [expected[language]]


def test_daily_rows_have_days_and_totals_have_the_period(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/search.zip", search_console_zip())
    inbox.read()
    assert inbox.rows(COUNTS) == [("country", 1), ("day", 2), ("device", 1), ("page", 1), ("query", 1)]
    assert inbox.rows(
        "SELECT CAST(performed_on AS VARCHAR), starts_on, clicks, impressions, position FROM "
        "staging.performance_observations WHERE dimension_set = 'day' ORDER BY 1"
    ) == [("2026-01-01", None, 0.0, 0.0, None), ("2026-01-02", None, 3.0, 40.0, 4.94)]
    assert inbox.rows("SELECT device FROM staging.performance_observations WHERE dimension_set = 'device'") == [
        ("mobile",)
    ]


def test_filters_rows_are_merged_into_their_set(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/search.zip", search_console_zip())
    outcome = inbox.read()[f"{SITE}/search.zip/Filters.csv"]
    assert (outcome.row_count, outcome.loaded_count, outcome.merged_count, outcome.kinds) == (2, 0, 2, ())
    assert "settings of the export" in (outcome.reason or "")


def test_site_of_a_set_comes_from_its_pages(inbox: Inbox) -> None:
    inbox.put("uitvoer/search.zip", search_console_zip())
    assert {outcome.site_domain for outcome in inbox.read().values()} == {SITE}


def test_filtered_export_is_another_report(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/a.zip", search_console_zip(Filters="Filter,Value\nSearch type,Web\nPage,+/blog/"))
    outcomes = inbox.read()
    assert {outcome.provider for outcome in outcomes.values()} == {"search_console_filtered"}
    assert all("filtered export (Page: +/blog/)" in (outcome.reason or "") for outcome in outcomes.values())


def test_second_filter_of_one_site_is_set_aside(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/a.zip", search_console_zip(Filters="Filter,Value\nSearch type,Web\nPage,+/blog/"))
    other = "Filter,Value\nSearch type,Image"
    inbox.put(
        f"{SITE}/b.zip",
        search_console_zip(Filters=other, Queries="Top queries,Clicks,Impressions,CTR,Position\nx,1,2,50%,1"),
    )
    outcome = inbox.read()[f"{SITE}/b.zip/Queries.csv"]
    assert outcome.status == "set_aside"
    assert "already loaded with another filter" in (outcome.reason or "")


def test_loose_tables_group_by_what_their_names_share(inbox: Inbox) -> None:
    tables = SEARCH_CONSOLE["en"]
    inbox.put(f"{SITE}/gsc-dates-2025.csv", tables["Chart.csv"].replace("2026", "2025"))
    inbox.put(f"{SITE}/gsc-queries-2025.csv", tables["Queries.csv"])
    inbox.put(f"{SITE}/performance-pages.csv", tables["Pages.csv"])
    inbox.read()
    assert inbox.rows(
        "SELECT dimension_set, CAST(starts_on AS VARCHAR), CAST(ends_on AS VARCHAR) FROM "
        "staging.performance_observations WHERE dimension_set <> 'day' ORDER BY 1"
    ) == [("page", None, None), ("query", "2025-01-01", "2025-01-02")]


def test_weeks_are_totals_of_the_whole_site_and_tell_the_period_of_the_set(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/a.zip", search_console_zip(Chart=WEEKS))
    outcomes = inbox.read()
    assert outcomes[f"{SITE}/a.zip/Chart.csv"].loaded_count == 2
    assert inbox.rows(
        "SELECT CAST(starts_on AS VARCHAR), CAST(ends_on AS VARCHAR), performed_on, clicks, position "
        "FROM staging.performance_observations WHERE dimension_set = 'site' ORDER BY 1"
    ) == [("2025-12-08", "2025-12-14", None, 3.0, 4.9), ("2025-12-15", "2025-12-20", None, 0.0, None)]
    assert inbox.rows(f"{PERIODS} AND dimension_set <> 'site'") == [("2025-12-08", "2025-12-20")]


@pytest.mark.parametrize("range_text", ["2025-12-08", "8 dec - 14 dec", "2025-12-08 - 2025-13-01"])
def test_a_range_that_is_none_is_rejected(inbox: Inbox, range_text: str) -> None:
    weeks = f"Date range,Clicks,Impressions,CTR,Position\n{range_text},3,40,7.5%,4.9"
    outcome = inbox.read_only(f"{SITE}/Chart.csv", weeks)
    assert (outcome.loaded_count, outcome.rejected_count) == (0, 1)


def test_numbers_and_countries_as_each_language_writes_them(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/de.zip", search_console_zip("de"))
    inbox.put(f"{SITE}/es/es.zip", search_console_zip("es"))
    inbox.read()
    assert inbox.rows(
        "SELECT query, clicks, impressions, position FROM staging.performance_observations "
        "WHERE dimension_set = 'query' ORDER BY 1"
    ) == [("käse", 1203.0, 12400.0, 4.2), ("queso", 3.0, 40.0, 4.94)]
    assert inbox.rows("SELECT DISTINCT country FROM staging.performance_observations WHERE country IS NOT NULL") == [
        ("nl",)
    ]
    assert inbox.rows(
        "SELECT device FROM staging.performance_observations WHERE dimension_set = 'device' ORDER BY 1"
    ) == [
        ("desktop",),
        ("mobile",),
    ]


@pytest.mark.parametrize(
    ("word", "kept"),
    [("Nga", "ru"), ("Nigeria", "ng"), ("Turkey", "tr"), ("Côte d’Ivoire", "ci"), ("Atlantis", "Atlantis")],
)
def test_countries_are_codes_and_an_unknown_one_stays_as_spelt(inbox: Inbox, word: str, kept: str) -> None:
    inbox.read_only(f"{SITE}/Countries.csv", f"Country,Clicks,Impressions,CTR,Position\n{word},3,40,7.5%,4.94")
    assert inbox.rows("SELECT country FROM staging.performance_observations") == [(kept,)]


@pytest.mark.parametrize("setting", ["Web", "web", "Websuche"])
def test_web_search_is_no_filter_however_it_is_spelt(inbox: Inbox, setting: str) -> None:
    inbox.put(f"{SITE}/a.zip", search_console_zip(Filters=f"Filter,Value\nSearch type,{setting}"))
    assert {outcome.provider for outcome in inbox.read().values()} == {"search_console"}


COMPARED = (
    "SELECT CAST(starts_on AS VARCHAR), CAST(ends_on AS VARCHAR), period_name, clicks, impressions, position "
    "FROM staging.performance_observations ORDER BY 4 DESC"
)


@pytest.mark.parametrize(
    ("periods", "told"),
    [
        (
            ("10/1/25 - 12/31/25", "10/1/24 - 12/31/24"),
            [("2025-10-01", "2025-12-31", None), ("2024-10-01", "2024-12-31", None)],
        ),
        (
            ("01/10/2025 - 31/12/2025", "01/10/2024 - 31/12/2024"),
            [("2025-10-01", "2025-12-31", None), ("2024-10-01", "2024-12-31", None)],
        ),
        (("Last 7 days", "Previous 7 days"), [(None, None, "Last 7 days"), (None, None, "Previous 7 days")]),
        (
            ("10/1/25 - 12/1/25", "10/1/24 - 12/1/24"),
            [(None, None, "10/1/25 - 12/1/25"), (None, None, "10/1/24 - 12/1/24")],
        ),
    ],
)
def test_a_comparison_keeps_both_periods(
    inbox: Inbox, periods: tuple[str, str], told: list[tuple[str | None, ...]]
) -> None:
    inbox.put(f"{SITE}/a.zip", search_console_zip(Queries=compared("kaas", "Top queries", COMPARED_ROW, periods)))
    outcome = inbox.read()[f"{SITE}/a.zip/Queries.csv"]
    assert (outcome.format, outcome.loaded_count) == ("search_console_queries_compared", 1)
    assert inbox.rows(COMPARED.replace(" ORDER", " WHERE query = 'kaas' ORDER")) == [
        (*told[0], 5.0, 90.0, 4.1),
        (*told[1], 3.0, 80.0, 5.2),
    ]


def test_a_comparison_stands_in_the_periods_as_two(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/Queries.csv", compared("kaas", "Top queries", COMPARED_ROW))
    make(inbox.connection, "staging.search_performance_periods", as_of="2026-11-02")
    assert rows_of(inbox.connection, "staging.search_performance_periods", ["period_name", "clicks"]) == [
        ("Last 7 days", "5"),
        ("Previous 7 days", "3"),
    ]


def test_a_comparison_in_dutch(inbox: Inbox) -> None:
    measures = ("Aantal klikken", "Vertoningen", "CTR", "Positie")
    names = [f"{period} {measure}" for measure in measures for period in ("Afgelopen 7 dagen", "Voorgaande 7 dagen")]
    text = f"Meest uitgevoerde zoekopdrachten,{','.join(names)}\nkaas,{COMPARED_ROW}"
    inbox.read_only(f"{SITE}/Zoekopdrachten.csv", text)
    assert inbox.rows(COMPARED) == [
        (None, None, "Afgelopen 7 dagen", 5.0, 90.0, 4.1),
        (None, None, "Voorgaande 7 dagen", 3.0, 80.0, 5.2),
    ]


def test_differences_are_passed_by_and_a_page_without_a_past_is_no_zero(inbox: Inbox) -> None:
    text = (
        "Pages les plus populaires,3 derniers mois Clics,3 mois précédents Clics,Différence Clics,"
        "3 derniers mois Impressions,3 mois précédents Impressions,3 derniers mois CTR,3 mois précédents CTR,"
        "3 derniers mois Position,3 mois précédents Position\n"
        f'https://{SITE}/nieuw,50,,50,"1 000",,"5 %",,"9,1",\n'
    )
    inbox.read_only(f"{SITE}/Pages.csv", text)
    assert inbox.rows(COMPARED) == [(None, None, "3 derniers mois", 50.0, 1000.0, 9.1)]
    assert inbox.rows("SELECT unknown_columns FROM ingest.export_files") == [(None,)]


def test_unknown_device_is_rejected_not_guessed(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/Devices.csv", "Device,Clicks,Impressions,CTR,Position\nKoelkast,3,40,7.5%,4.94")
    assert (outcome.loaded_count, outcome.rejected_count) == (0, 1)


def test_workbook_reads_as_its_sheets(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/{SITE}-Performance-on-Search-2026-01-05.xlsx", _workbook())
    outcomes = inbox.read()
    assert {path.rsplit("/", 1)[1]: (o.format, o.loaded_count) for path, o in outcomes.items()} == {
        "Chart": ("search_console_daily", 1),
        "Queries": ("search_console_queries", 1),
    }
    assert inbox.rows(
        "SELECT query, clicks, impressions, position FROM staging.performance_observations ORDER BY 1"
    ) == [
        ("oude kaas", 587.0, 6238.0, 2.5),
        (None, 191.0, 13767.0, 31.3),
    ]
    assert all(outcome.is_already_known for outcome in inbox.read().values())


SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
SHEETS: dict[str, list[list[object]]] = {
    "Chart": [["Date", "Clicks", "Impressions", "CTR", "Position"], ["2026-01-02", 191.0, 13767.0, 0.0139, 31.3]],
    "Queries": [["Top queries", "Clicks", "Impressions", "CTR", "Position"], ["oude kaas", 587.0, 6238.0, 0.07, 2.5]],
}


def _workbook() -> bytes:
    """A workbook of two sheets in the least XML that a spreadsheet program reads."""
    parts = {f"/xl/worksheets/sheet{at}.xml": f"{TYPES}.worksheet+xml" for at in range(1, len(SHEETS) + 1)}
    parts["/xl/workbook.xml"] = f"{TYPES}.sheet.main+xml"
    overrides = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in parts.items())
    names = "".join(f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(SHEETS, 1))
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{RELATIONS_TYPE}"/>{overrides}</Types>',
        "_rels/.rels": _relations({"xl/workbook.xml": "officeDocument"}),
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            {f"worksheets/sheet{at}.xml": "worksheet" for at in range(1, len(SHEETS) + 1)}
        ),
    }
    for at, rows in enumerate(SHEETS.values(), 1):
        body = "".join(f"<row>{''.join(_cell(cell) for cell in row)}</row>" for row in rows)
        texts[f"xl/worksheets/sheet{at}.xml"] = (
            f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{body}</sheetData></worksheet>'
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def _relations(targets: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for at, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
