"""Google Search Console: performance on Search, in English, Dutch, French and Vietnamese.

A zip, a folder of CSV files, a workbook or one CSV: each table is a file of its own in the ledger. The daily table
(Chart, formerly Dates) becomes rows of single days; the others are totals of the period of their set. Filters has no
rows of its own: its settings say the period, and whether the set speaks of the whole site at all.
"""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Choice, Day, Number, Text, Written

FAMILY = "search_console_performance"
PROVIDER = "search_console"
FILTERED_PROVIDER = "search_console_filtered"
"""An export with a page, query, country, device or search-type filter is another report than the whole site's."""

FILTERS_NAME = "search_console_filters"
DAILY_NAME = "search_console_daily"

CLICKS = ("Clicks", "Aantal klikken", "Klikken", "Clics", "Lượt nhấp")
IMPRESSIONS = ("Impressions", "Vertoningen", "Lượt hiển thị")
POSITION = ("Position", "Positie", "Vị trí")
DEVICES = (
    ("Mobile", "mobile"),
    ("Desktop", "desktop"),
    ("Tablet", "tablet"),
    ("MOBILE", "mobile"),
    ("DESKTOP", "desktop"),
    ("TABLET", "tablet"),
    ("Mobiel", "mobile"),
    ("Ordinateur", "desktop"),
    ("Ordinateurs", "desktop"),
    ("Tablette", "tablet"),
    ("Tablettes", "tablet"),
    ("Mobiles", "mobile"),
    ("Máy tính", "desktop"),
    ("Sơ đồ trang web dành cho điện thoại di động", "mobile"),
    ("Thiết bị di động", "mobile"),
    ("Điện thoại di động", "mobile"),
    ("Máy tính bảng", "tablet"),
)
"""Device names as the interface languages spell them (the long Vietnamese one is what real files hold)."""


COUNT = Number(least=0, is_whole=True)
MEASURES = (
    Reads(target="clicks", headers=CLICKS, written=COUNT, is_required=True, is_filled=True),
    Reads(target="impressions", headers=IMPRESSIONS, written=COUNT, is_required=True, is_filled=True),
    Reads(target="position", headers=POSITION, written=Number(least=0), is_required=True),
)


def _table(
    name: str,
    title: str,
    dimension_set: str,
    dimension: str,
    headers: tuple[str, ...],
    written: Written,
    table_words: tuple[str, ...],
) -> ExportFormat:
    is_daily = dimension_set == "day"
    return ExportFormat(
        name=name,
        family=FAMILY,
        title=f"Search Console performance: {title}",
        provider=PROVIDER,
        feed="rankings",
        thing="performance",
        recognised_by=(headers, CLICKS, IMPRESSIONS, POSITION),
        columns=(
            Reads(target=dimension, headers=headers, written=written, is_required=True, is_filled=True),
            *MEASURES,
        ),
        key=(dimension,),
        ignored=("CTR",),
        constants={"dimension_set": dimension_set},
        site_column="page_url" if dimension == "page_url" else None,
        days=("performed_on",) if is_daily else (),
        row_caps=() if is_daily else (1_000,),
        table_words=table_words,
        notes="" if is_daily else "Totals of the period that the set's Filters or daily table tells.",
    )


FORMATS = (
    _table(
        DAILY_NAME,
        "days",
        "day",
        "performed_on",
        ("Date", "Datum", "Ngày"),
        Day(),
        ("daily chart", "chart", "dates", "diagram", "datums", "graphique", "sơ đồ", "ngày"),
    ),
    _table(
        "search_console_queries",
        "queries",
        "query",
        "query",
        (
            "Top queries",
            "Meest uitgevoerde zoekopdrachten",
            "Populairste zoekopdrachten",
            "Requêtes les plus fréquentes",
            "Truy vấn phổ biến nhất",
        ),
        Text(),
        ("queries", "zoekopdrachten", "requêtes", "cụm từ tìm kiếm"),
    ),
    _table(
        "search_console_pages",
        "pages",
        "page",
        "page_url",
        ("Top pages", "Toppagina's", "Toppagina’s", "Pages les plus populaires", "Trang hàng đầu"),
        Address(),
        ("pages", "paginas", "pagina's", "trang"),
    ),
    _table(
        "search_console_countries",
        "countries",
        "country",
        "country",
        ("Country", "Land", "Pays", "Quốc gia"),
        Text(),
        ("countries", "landen", "pays", "quốc gia"),
    ),
    _table(
        "search_console_devices",
        "devices",
        "device",
        "device",
        ("Device", "Apparaat", "Appareil", "Thiết bị"),
        Choice(words=DEVICES),
        ("devices", "apparaten", "appareils", "thiết bị"),
    ),
    _table(
        "search_console_appearances",
        "search appearances",
        "appearance",
        "appearance",
        (
            "Search Appearance",
            "Zoekopmaak",
            "Apparence dans les résultats de recherche",
            "Hình thức xuất hiện trong kết quả tìm kiếm",
        ),
        Text(),
        (
            "search appearance",
            "zoekopmaak",
            "apparence dans les résultats de recherche",
            "hình thức xuất hiện trong kết quả tìm kiếm",
        ),
    ),
    ExportFormat(
        name=FILTERS_NAME,
        family=FAMILY,
        title="Search Console performance: filter settings",
        provider=PROVIDER,
        feed="rankings",
        thing=None,
        recognised_by=(("Filter", "Filtre", "Bộ lọc"), ("Value", "Waarde", "Valeur", "Giá trị")),
        columns=(
            Reads(target="label", headers=("Filter", "Filtre", "Bộ lọc"), written=Text(), is_required=True),
            Reads(target="setting", headers=("Value", "Waarde", "Valeur", "Giá trị"), written=Text(), is_required=True),
        ),
        table_words=("filters", "filtres", "bộ lọc"),
        described="settings of the export, merged into the other tables of its set as their period",
        notes=(
            "Settings of the export, not data: its rows are counted as merged into the rows of its set. A set with a "
            f"filter on anything but the dates is read as provider {FILTERED_PROVIDER}."
        ),
    ),
)

SEARCH_TYPE_LABELS = ("Search type", "Zoektype", "Type de recherche", "Loại tìm kiếm")
DATE_LABELS = ("Date", "Datum", "Ngày")
WHOLE_SEARCH = ("Web",)
"""Search type of an export that is not filtered."""
