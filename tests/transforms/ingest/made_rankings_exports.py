"""Made-up exports of rankings and search performance, each in its provider's exact shape. Invented domains only."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

SITE = "voorbeeldwinkel.nl"

MORE_LANGUAGES = {
    "de": {
        "Diagramm.csv": 'Datum,Klicks,Impressionen,CTR,Position\n2026-01-02,"1.203","12.400","9,7 %","4,9"',
        "Suchanfragen.csv": 'Häufigste Suchanfragen,Klicks,Impressionen,CTR,Position\nkäse,"1.203","12.400","3%","4,2"',
        "Seiten.csv": f'Häufigste Seiten,Klicks,Impressionen,CTR,Position\nhttps://{SITE}/de,3,40,"7,5 %","4,94"',
        "Länder.csv": 'Land,Klicks,Impressionen,CTR,Position\nNiederlande,3,40,"7,5 %","4,94"',
        "Geräte.csv": 'Gerät,Klicks,Impressionen,CTR,Position\nMobil,3,40,"7,5 %","4,94"',
        "Darstellung in der Suche.csv": "Darstellung in der Suche,Klicks,Impressionen,CTR,Position",
        "Filter.csv": "Filter,Wert\nSuchtyp,Web\nDatum,Letzte 3 Monate",
    },
    "es": {
        "Gráfico.csv": 'Fecha,Clics,Impresiones,CTR,Posición\n2026-01-02,3,40,"7,5 %","4,94"',
        "Consultas.csv": 'Consultas principales,Clics,Impresiones,CTR,Posición\nqueso,3,40,"7,5 %","4,94"',
        "Páginas.csv": f'Páginas principales,Clics,Impresiones,CTR,Posición\nhttps://{SITE}/es,3,40,"7,5 %","4,94"',
        "Países.csv": 'País,Clics,Impresiones,CTR,Posición\nPaíses Bajos,3,40,"7,5 %","4,94"',
        "Dispositivos.csv": 'Dispositivo,Clics,Impresiones,CTR,Posición\nOrdenador,3,40,"7,5 %","4,94"',
        "Aparición en búsquedas.csv": "Aparición en búsquedas,Clics,Impresiones,CTR,Posición",
        "Filtros.csv": "Filtro,Valor\nTipo de búsqueda,Web\nFecha,Últimos 3 meses",
    },
}
"""Further languages of a Search Console performance export: file name to content."""


def compared(first: str, header: str, row: str, periods: tuple[str, str] = ("Last 7 days", "Previous 7 days")) -> str:
    """A table of a comparison: every measure once per period; ``row`` has their values in that order."""
    measures = [f"{period} {measure}" for measure in ("Clicks", "Impressions", "CTR", "Position") for period in periods]
    return f"{header},{','.join(measures)}\n{first},{row}"


COMPARED_ROW = "5,3,90,80,5.56%,3.75%,4.1,5.2"
COMPARED_DATES = ("10/1/25 - 12/31/25", "10/1/24 - 12/31/24")
WEEKS = """Date range,Clicks,Impressions,CTR,Position
2025-12-08 - 2025-12-14,3,40,7.5%,4.9
2025-12-15 - 2025-12-20,0,0,,
"""

API_ROWS: list[dict[str, object]] = [
    {
        "keys": ["2026-10-20", f"https://{SITE}/kaas", "oude kaas", "nld", "MOBILE"],
        "clicks": 2,
        "impressions": 40,
        "ctr": 0.05,
        "position": 3.25,
    },
    {
        "keys": ["2026-10-20", f"https://{SITE}/kaas", "kaas", "bel", "DESKTOP"],
        "clicks": 0,
        "impressions": 7,
        "ctr": 0,
        "position": 16.135,
    },
]


def api_answer(rows: Sequence[dict[str, object]] = tuple(API_ROWS), *dimensions: int) -> bytes:
    """An answer of the Search Analytics API; ``dimensions`` are the places of the keys that were asked for."""
    kept = [{**row, "keys": [row["keys"][at] for at in dimensions or range(5)]} for row in rows]  # type: ignore[index]
    return json.dumps({"rows": kept, "responseAggregationType": "byPage"}, indent=1).encode()


APPEARANCE_ANSWER = json.dumps(
    {"rows": [{"keys": ["PRODUCT_SNIPPETS"], "clicks": 1, "impressions": 20, "ctr": 0.05, "position": 3}]}
).encode()

BULK = {
    "data_date": ["2026-10-20"] * 5,
    "site_url": [f"sc-domain:{SITE}"] * 5,
    "url": [f"https://{SITE}/kaas"] * 5,
    "query": ["oude kaas", "oude kaas", None, None, "foto kaas"],
    "is_anonymized_query": [False, False, True, True, False],
    "is_anonymized_discover": [False] * 5,
    "country": ["nld"] * 5,
    "search_type": ["WEB", "WEB", "WEB", "WEB", "IMAGE"],
    "device": ["MOBILE"] * 5,
    "is_amp_top_stories": [False] * 5,
    "impressions": [10, 30, 5, 6, 9],
    "clicks": [1, 2, 0, 1, 0],
    "sum_position": [20, 140, 10, 12, 9],
}
"""Rows of searchdata_url_impression that repeat their keys."""


def bulk(*, by_url: bool = True) -> bytes:
    """The bulk export's table by page, or by property, as Parquet."""
    columns = dict(BULK)
    if not by_url:
        columns = {name: values for name, values in columns.items() if name not in ("url", "is_amp_top_stories")}
        columns["sum_top_position"] = columns.pop("sum_position")
    packed = io.BytesIO()
    pq.write_table(pa.table(columns), packed)
    return packed.getvalue()


TRACKING_PREAMBLE = """------------------------------
ID: 11111111_2222222
Report type: position_tracking_rankings_overview
Period: 20260501 - 20260502
Keyword difficulty filter: 0 - 100
Linktype filter: organic
------------------------------

"""


def tracking(delimiter: str = ",", host: str = SITE, rival: str | None = None) -> bytes:
    """A Semrush Position Tracking export of two days, with or without a competitor's columns."""
    rows = [
        ["Keyword", "Tags", "Intents", *_days(host), "Search Volume", "CPC", "Keyword Difficulty"],
        ["oude kaas", "", "i|c", *_cells(("3", "organic"), ("5", "organic")), "900", "0.20", "31"],
        ["kaas kopen", "", "c", *_cells(("1", "ai overview"), ("-", "")), "n/a", "n/a", "12"],
        ["kaasplank", "", "c", *_cells(("4", "site links"), ("2", "local")), "40", "n/a", "9"],
    ]
    if rival:
        rows[0][-3:-3] = _days(rival)
        for row in rows[1:]:
            row[-3:-3] = _cells(("9", "organic"), ("9", "organic"))
    return (TRACKING_PREAMBLE + "\n".join(delimiter.join(row) for row in rows) + "\n").encode()


def _days(host: str) -> list[str]:
    names = [f"*.{host}/*_{day}{part}" for day in ("20260501", "20260502") for part in ("", "_type", "_landing")]
    names.insert(1, f"*.{host}/*_20260501_visibility")
    return [*names, f"*.{host}/*_difference", f"*.{host}/*_visibility_difference"]


def _cells(first: tuple[str, str], second: tuple[str, str]) -> list[str]:
    def page(cell: tuple[str, str]) -> str:
        return f"https://{SITE}/kaas" if cell[1] in ("organic", "site links") else ""

    return [first[0], "1.5", first[1], page(first), second[0], second[1], page(second), "-2", "0.1"]


TREND_MONTHS = f"""Target,Target Type,Metric,Database,Summary,2025-10,2025-11,2025-12
{SITE},root domain,Organic Traffic,Worldwide,360,100,120,140
{SITE},root domain,Organic Keywords,NL,30,10,,20
www.{SITE},subdomain,Organic Traffic,Worldwide,300,90,100,110
"""
TREND_DAYS = f"""Target;Target Type;Metric;Database;Summary;2026-02-09;2026-02-10
{SITE};root domain;Paid Traffic Cost;uk;7;3;4
"""

AHREFS_KEYWORDS = [
    "Keyword",
    "Country code",
    "Location",
    "Language",
    "Entities",
    "SERP features",
    "Volume",
    "KD",
    "CPC",
    "Organic traffic",
    "Paid traffic",
    "Current position",
    "Current URL",
    "Current URL inside",
    "Updated",
    "Navigational",
    "Informational",
    "Commercial",
    "Transactional",
    "Branded",
    "Local",
]
AHREFS_COMPARED = [
    "Keyword",
    "Country",
    "Location",
    "Language",
    "Entities",
    "SERP features",
    "Volume",
    "KD",
    "CPC",
    "Previous organic traffic",
    "Current organic traffic",
    "Organic traffic change",
    "Current paid traffic",
    "Previous position",
    "Current position",
    "Position change",
    "Previous URL inside",
    "Previous URL",
    "Current URL inside",
    "Current URL",
    "Previous date",
    "Current date",
    "Branded",
    "Local",
    "Navigational",
    "Informational",
    "Commercial",
    "Transactional",
]


def ahrefs_keywords(header: list[str], *rows: dict[str, str], encoding: str = "utf-16", delimiter: str = "\t") -> bytes:
    """An Ahrefs Organic keywords export: UTF-16, tabs, every cell quoted."""
    records = [header, *([row.get(name, "") for name in header] for row in rows)]
    return "".join(delimiter.join(f'"{cell}"' for cell in record) + "\n" for record in records).encode(encoding)


AHREFS_ROW = {
    "Keyword": "oude kaas",
    "Country code": "NL",
    "Location": "Netherlands",
    "Volume": "900",
    "Current position": "3",
    "Current URL": f"https://{SITE}/kaas",
    "Updated": "2026-01-14 10:40:27",
}
AHREFS_INSIDE = {**AHREFS_ROW, "Keyword": "kaas", "Current position": "1", "Current URL inside": "AI Overview"}
AHREFS_COMPARED_ROW = {
    "Keyword": "oude kaas",
    "Country": "NL",
    "Volume": "900",
    "Previous position": "7",
    "Previous URL": f"https://{SITE}/oud",
    "Previous date": "2025-07-01",
    "Current position": "3",
    "Current URL": f"https://{SITE}/kaas",
    "Current date": "2026-01-14",
    "Position change": "-4",
}
AHREFS_NEW_ROW = {**AHREFS_COMPARED_ROW, "Keyword": "kaas"} | dict.fromkeys(("Previous position", "Previous URL"), "")

RANK_TRACKER = f"""Keyword,Visibility,Visibility Difference,Google HOU Rank,Google HOU Previous Rank,\
Google HOU Difference,Google HOU SERP Features,Google HOU URL Found,Google Mobile US Rank,\
Google Mobile US Previous Rank,Google Mobile US Difference,Google Mobile US URL Found,\
Bing US Rank,Bing US URL Found,Yahoo! Rank,Yahoo! URL Found
oude kaas,1.2%,0,1(1),2,1,Local Pack (1),https://{SITE}/kaas,4(2),4,0,https://{SITE}/kaas; https://{SITE}/oud,2,,3,
crème kaas,0%,0,Not in top 30,Not in top 30,Stays out,,,N/A,N/A,,,Not in top 30,,Not in top 30,
"""
RANK_TRACKER_FRENCH = f"""Mot clé,Pos. Google.fr,Google.fr Différence,Classement de page(e),\
Différence de visibilité,Tendance,Clics
fromage,12,Entré,https://{SITE}/fr; https://{SITE}/fr/deux,"0,28",,3
fromage fermier,Pas encore vérifié,,,"0,00",,
"""

BING_PAGES = f"""\ufeff"Page","Impressions","Clicks","CTR","Avg. Position"\r
"https://{SITE}/","8155","26","0.32%","5.79988620478234"\r
"https://{SITE}/kaas","1","2","200.00%","632"\r
"""
BING_KEYWORDS = """\ufeff"Keyword","Impressions","Clicks","CTR","Avg. Position"\r
"oude kaas","40","3","7.50%","4.5"\r
"kaas "oude" 48+","4","0","0.00%","9"\r
"""
BING_DAYS = """\ufeff"Date","Clicks","Impressions","Avg. CTR"\r
"7/1/2026 12:00:00 AM","3","40","7.50%"\r
"7/31/2026 12:00:00 AM","0","0","0.00%"\r
"""

SISTRIX_XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<response>
  <method>domain.sichtbarkeitsindex</method>
  <answer>
    <sichtbarkeitsindex domain="{SITE}" date="2026-04-09T00:00:00+02:00" value="1.6181"/>
  </answer>
  <credits used="1"/>
</response>
"""
SISTRIX_JSON = json.dumps(
    {
        "method": [["domain.sichtbarkeitsindex"]],
        "answer": [
            {
                "sichtbarkeitsindex": [
                    {"domain": SITE, "date": "2026-04-02T00:00:00+02:00", "value": 1.5},
                    {"domain": SITE, "date": "2026-04-09T00:00:00+02:00", "value": "1.6181"},
                ]
            }
        ],
        "credits": [{"used": 2}],
    }
)

RANK_LOG = "date,keyword,rank\r\n2026-07-25,oude kaas,4\r\n2026-07-25,kaas kopen,not_found\r\n"

SAMPLES: dict[str, tuple[str, bytes]] = {
    "search_console_weeks": ("Chart.csv", WEEKS.encode()),
    "search_console_queries_compared": ("Queries.csv", compared("kaas", "Top queries", COMPARED_ROW).encode()),
    "search_console_pages_compared": (
        "Pages.csv",
        compared(f"https://{SITE}/kaas", "Top pages", COMPARED_ROW, COMPARED_DATES).encode(),
    ),
    "search_console_countries_compared": ("Countries.csv", compared("Belgium", "Country", COMPARED_ROW).encode()),
    "search_console_devices_compared": ("Devices.csv", compared("Mobile", "Device", COMPARED_ROW).encode()),
    "search_console_appearances_compared": (
        "Search appearance.csv",
        compared("Product snippets", "Search Appearance", COMPARED_ROW).encode(),
    ),
    "search_console_rows": (
        "search_console_api.date-page-query-country-device.2026-10-20.fetched-2026-10-23.page-1.json",
        api_answer(),
    ),
    "search_console_appearance_rows": ("search_console_api.searchAppearance.2026-10-20.json", APPEARANCE_ANSWER),
    "search_console_bulk_site": ("searchdata_site_impression_000000000000.parquet", bulk(by_url=False)),
    "search_console_bulk_url": ("searchdata_url_impression_000000000000.parquet", bulk()),
    "semrush_tracking": ("11111111_2222222_position_tracking_rankings_overview_20260503.csv", tracking()),
    "semrush_trend": ("overview-trend-2026-02-10T21_39_49Z.csv", TREND_MONTHS.encode()),
    "ahrefs_keywords": (
        f"{SITE}-organic-keywords-subdomains-nl-_2026-01-22_12-33-55.csv",
        ahrefs_keywords(AHREFS_KEYWORDS, AHREFS_ROW, AHREFS_INSIDE),
    ),
    "ahrefs_keywords_compared": (
        f"{SITE}-organic-keywords-subdomains-nl-_2026-01-22_12-33-55.csv",
        ahrefs_keywords(AHREFS_COMPARED, AHREFS_COMPARED_ROW, AHREFS_NEW_ROW),
    ),
    "rank_tracker": ("posities.csv", RANK_TRACKER.encode("cp1252")),
    "bing_pages": (f"{SITE}_PageTrafficReport_2026-01-21.csv", BING_PAGES.encode()),
    "bing_keywords": (f"{SITE}_KeywordReport_7_18_2026.csv", BING_KEYWORDS.encode()),
    "bing_daily": (f"{SITE}_Overview_2026_8_20.csv", BING_DAYS.encode()),
    "sistrix_visibility": ("sichtbarkeitsindex.xml", SISTRIX_XML.encode()),
    "rank_log": ("rankings.csv", RANK_LOG.encode()),
}
"""One export per format of this module: file name and content."""
