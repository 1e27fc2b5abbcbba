"""Made-up exports in each provider's exact shape: header, encoding, delimiter, quoting. Invented domains only."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence

from tests.transforms.ingest import made_links_exports, made_rankings_exports, made_team_exports

SITE = "voorbeeldwinkel.nl"

SEMRUSH_HEADER = (
    "Page ascore,Source title,Source url,Target url,Anchor,External links,Internal links,Nofollow,Sponsored,Ugc,Text,"
    "Frame,Form,Image,Sitewide,First seen,Last seen,New link,Lost link"
)


def semrush_row(
    source: str = "https://www.kaasblog.nl/stukje",
    target: str = f"https://{SITE}/kaas",
    *,
    anchor: str = "oude kaas",
    score: str = "12",
    nofollow: str = "false",
    first: str = "2026-01-05",
    last: str = "2026-02-01",
    lost: str = "false",
) -> str:
    """One line of a Semrush Backlinks export."""
    cells = [score, "Een titel", source, target, anchor, "7", "30", nofollow, "false", "false", "true", "false"]
    return line([*cells, "false", "false", "false", first, last, "true", lost])


def line(cells: Sequence[str], delimiter: str = ",") -> str:
    """Cells as one CSV record, quoted where needed."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n")


def semrush(*rows: str) -> bytes:
    """A Semrush Backlinks export: UTF-8, commas, LF."""
    return "\n".join([SEMRUSH_HEADER, *(rows or (semrush_row(),))]).encode() + b"\n"


AHREFS_BEFORE = [
    "Referring page title",
    "Referring page URL",
    "Language",
    "Platform",
    "Referring page HTTP code",
    "Domain rating",
    "UR",
    "Domain traffic",
    "Referring domains",
    "Linked domains",
    "External links",
    "Page traffic",
    "Keywords",
    "Target URL",
    "Left context",
    "Anchor",
    "Right context",
    "Redirect Chain URLs",
    "Redirect Chain status codes",
    "Type",
]
AHREFS_AFTER = [
    "Content",
    "Nofollow",
    "UGC",
    "Sponsored",
    "Rendered",
    "Raw",
    "Lost status",
    "Drop reason",
    "Discovered status",
    "First seen",
    "Last seen",
    "Lost",
    "Author",
]
AHREFS_HEADERS = {
    34: [*AHREFS_BEFORE, *AHREFS_AFTER, "Links in group"],
    36: [*AHREFS_BEFORE, "Is spam", *AHREFS_AFTER, "Page type", "Page category"],
    37: [*AHREFS_BEFORE, "Is spam", *AHREFS_AFTER, "Page type", "Page category", "Links in group"],
}
"""The three header variants of 2025-12 to 2026-02, by number of columns."""

AHREFS_ROW = {
    "Referring page title": "Tien tips\nvoor kaas",
    "Referring page URL": "https://www.lifeblog.nl/tips",
    "Language": "nl",
    "Domain rating": "3.7",
    "UR": "0",
    "Domain traffic": "120",
    "External links": "14",
    "Target URL": f"https://www.{SITE}/",
    "Left context": "koop",
    "Anchor": "kaas kopen",
    "Type": "text",
    "Is spam": "false",
    "Nofollow": "false",
    "UGC": "false",
    "Sponsored": "false",
    "First seen": "2025-09-02 04:02:58",
    "Last seen": "2026-01-20 11:00:00",
    "Lost": "",
}


def ahrefs(*changes: dict[str, str], columns: int = 37, encoding: str = "utf-16", delimiter: str = "\t") -> bytes:
    """An Ahrefs Backlinks export; each of ``changes`` is a row that differs from ``AHREFS_ROW``."""
    header = AHREFS_HEADERS[columns]
    quoting: int = csv.QUOTE_ALL if delimiter == "\t" else csv.QUOTE_MINIMAL
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\n")  # type: ignore[arg-type]
    writer.writerow(header)
    for change in changes or ({},):
        row = {**AHREFS_ROW, **change}
        writer.writerow([row.get(name, "") for name in header])
    return text.getvalue().encode(encoding)


AUDIT_HEADER = (
    "Domain Authority Score,Page Authority Score,Source URL,Source Page Title,Source Domain,Target URL,Anchor,"
    "Anchor Type,Link Type,No Follow,Toxic Score,First Seen,Last Seen,Comment"
)
AUDIT_ROW = (
    f"0,2,https://farm1.linkveld.example/p/1,Backlinks,farm1.linkveld.example,https://{SITE}/,Backlinks,compound,a,false,"
    "95,2025-11-11,2025-11-13,"
)
OUTLINKS_2017 = f""""All Outlinks"
"Type","Source","Destination","Alt Text","Anchor","Status Code","Status","Follow"
"HREF","https://{SITE}/","https://{SITE}/over","","Over","200","OK","true"
"HREF","https://{SITE}/","https://www.partnersite.nl/actie","","Partner","200","","false"
"HREF","https://{SITE}/","https://www.partnersite.nl/actie","","Nog eens","200","","true"
"JS","https://{SITE}/","https://cdn.scripts.example/a.js","","","200",""
"IMG","https://{SITE}/","https://beelden.example/a.png","beeld","",""
"""
OUTLINKS_2025 = f"""\ufeff"Type","Source","Destination","Size (Bytes)","Alt Text","Anchor","Status Code","Status",\
"Follow","Target","Rel","Path Type","Link Path","Link Position","Link Origin"
"Hyperlink","https://{SITE}/","https://elders.example/x","123","","Elders","200","OK","true","_blank","noopener",\
"Absolute","//body/a","Content","HTML"
"CSS","https://{SITE}/","https://{SITE}/a.css","9","","","200","OK","true","","","Root-Relative","//head","Head","HTML"
"""
SE_RANKING = f"""\ufeff"Google Netherlands, interface language: Dutch"
Keyword,URL,Tags,"Search vol.",2026-02-01,Dynamics,2026-02-02,Dynamics,2026-02-03,Dynamics
Kazen,--,,1300,7,0,7,0,8,-1
"oude kaas",https://{SITE}/kaas,,900,4,0,5,-1,No data,0
"jonge kaas",,,400,-,0,,0,-,0
"""
SE_RANKING_PLAIN = """\ufeff"Google Netherlands, interface language: Dutch",,
Keyword,Search vol.,20/02/2026
oude kaas,900,4
jonge kaas,400,100+
"""
ORGANIC_HEADER = (
    "Keyword,Position,Previous position,Search Volume,Keyword Difficulty,CPC,URL,Traffic,Traffic (%),Traffic Cost,"
    "Competition,Number of Results,Trends,Timestamp,SERP Features by Keyword,Keyword Intents,Position Type"
)
ORGANIC = f""" {ORGANIC_HEADER}
oude kaas,3,4,900,31,0.20,https://{SITE}/kaas,80,1.2,16.00,0.5,99,"[81,66]",2026-01-30,"Sitelinks, Image",money,Organic
oude kaas,9,9,900,31,0.20,https://{SITE}/oud,8,0.1,1.00,0.5,99000,"[81,66]",2026-01-30,Image,commercial,Organic
oude kaas,1,1,900,31,0.20,https://{SITE}/kaas,0,0,0.00,0.5,99000,"[81,66]",2026-01-30,Image,commercial,AI overview
"""
CALENDAR = """event_id,kind,site_domain,name,starts_on,ends_on,scope,source
verhuizing,site_change,voorbeeldwinkel.nl,Verhuizing naar een nieuw platform,2026-01-10,,platform,eigen notitie
"""

SEARCH_CONSOLE = {
    "en": {
        "Chart.csv": "Date,Clicks,Impressions,CTR,Position\n2026-01-01,0,0,,\n2026-01-02,3,40,7.5%,4.94",
        "Queries.csv": "Top queries,Clicks,Impressions,CTR,Position\noude kaas,3,40,7.5%,4.94",
        "Pages.csv": f"Top pages,Clicks,Impressions,CTR,Position\nhttps://{SITE}/kaas,3,40,7.5%,4.94",
        "Countries.csv": "Country,Clicks,Impressions,CTR,Position\nNetherlands,3,40,7.5%,4.94",
        "Devices.csv": "Device,Clicks,Impressions,CTR,Position\nMobile,3,40,7.5%,4.94",
        "Search appearance.csv": "Search Appearance,Clicks,Impressions,CTR,Position",
        "Filters.csv": "Filter,Value\nSearch type,Web\nDate,Last 3 months",
    },
    "nl": {
        "Diagram.csv": "Datum,Aantal klikken,Vertoningen,CTR,Positie\n2026-01-02,3,40,7.5%,4.94",
        "Zoekopdrachten.csv": "Meest uitgevoerde zoekopdrachten,Aantal klikken,Vertoningen,CTR,Positie\nkaas,3,40,7%,4",
        "Pagina's.csv": f"Toppagina's,Aantal klikken,Vertoningen,CTR,Positie\nhttps://{SITE}/kaas,3,40,7.5%,4.94",
        "Landen.csv": "Land,Aantal klikken,Vertoningen,CTR,Positie\nNederland,3,40,7.5%,4.94",
        "Apparaten.csv": "Apparaat,Aantal klikken,Vertoningen,CTR,Positie\nMobiel,3,40,7.5%,4.94",
        "Zoekopmaak.csv": "Zoekopmaak,Aantal klikken,Vertoningen,CTR,Positie\nProductfragmenten,1,4,25%,4.94",
        "Filters.csv": "Filter,Waarde\nZoektype,Web\nDatum,Afgelopen 6 maanden",
    },
    "fr": {
        "Dates.csv": "Date,Clics,Impressions,CTR,Position\n2026-01-02,3,40,7.5%,4.94\n2026-01-01,1,9,11.1%,5",
        "Requêtes.csv": "Requêtes les plus fréquentes,Clics,Impressions,CTR,Position\nfromage,3,40,7.5%,4.94",
        "Pages.csv": f"Pages les plus populaires,Clics,Impressions,CTR,Position\nhttps://{SITE}/fr,3,40,7.5%,4.94",
        "Pays.csv": "Pays,Clics,Impressions,CTR,Position\nPays-Bas,3,40,7.5%,4.94",
        "Appareils.csv": "Appareil,Clics,Impressions,CTR,Position\nOrdinateur,3,40,7.5%,4.94",
        "Filtres.csv": "Filtre,Valeur\nType de recherche,Web\nDate,1 janv. 2026-2 janv. 2026",
    },
    "vi": {
        "Sơ đồ.csv": "Ngày,Lượt nhấp,Lượt hiển thị,CTR,Vị trí\n2026-01-02,3,40,7.5%,4.94",
        "Cụm từ tìm kiếm.csv": "Truy vấn phổ biến nhất,Lượt nhấp,Lượt hiển thị,CTR,Vị trí\nphô mai,3,40,7.5%,4.94",
        "Trang.csv": f"Trang hàng đầu,Lượt nhấp,Lượt hiển thị,CTR,Vị trí\nhttps://{SITE}/vi,3,40,7.5%,4.94",
        "Quốc gia.csv": "Quốc gia,Lượt nhấp,Lượt hiển thị,CTR,Vị trí\nHà Lan,3,40,7.5%,4.94",
        "Thiết bị.csv": "Thiết bị,Lượt nhấp,Lượt hiển thị,CTR,Vị trí\nMáy tính,3,40,7.5%,4.94",
        "Bộ lọc.csv": 'Bộ lọc,Giá trị\nLoại tìm kiếm,Web\nNgày,"14 thg 12, 2025-2 thg 1, 2026"',
    },
}
SEARCH_CONSOLE |= made_rankings_exports.MORE_LANGUAGES
"""Tables of a Search Console performance export by interface language: file name to content, no newline at the end."""


def search_console_zip(language: str = "en", **replaced: str) -> bytes:
    """The export as one zip; ``replaced`` gives other contents by file name without ``.csv``."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in SEARCH_CONSOLE[language].items():
            archive.writestr(name, replaced.get(name.removesuffix(".csv"), text))
    return packed.getvalue()


SAMPLES: dict[str, tuple[str, bytes]] = {
    "semrush_backlinks": (f"{SITE}-backlinks.csv", semrush()),
    "ahrefs_backlinks": (f"www.{SITE}-backlinks-subdomains_2026-02-06_10-00-00.csv", ahrefs()),
    "semrush_audit": ("backlink_audit_domains_27811604_2026-02-06.csv", f"{AUDIT_HEADER}\n{AUDIT_ROW}\n".encode()),
    "screaming_frog_outlinks": ("all_outlinks.csv", OUTLINKS_2017.encode()),
    "se_ranking_positions": ("voorbeeldwinkel_nl__positions_detailed_2026-02-04.csv", SE_RANKING.encode()),
    "semrush_organic": (f"{SITE}-organic.Positions-nl-20260218-2026-02-19T10_06_17Z.csv", ORGANIC.encode()),
    "event_calendar": ("notities.csv", CALENDAR.encode()),
    "search_console_daily": ("Chart.csv", SEARCH_CONSOLE["en"]["Chart.csv"].encode()),
    "search_console_queries": ("Queries.csv", SEARCH_CONSOLE["en"]["Queries.csv"].encode()),
    "search_console_pages": ("Pages.csv", SEARCH_CONSOLE["en"]["Pages.csv"].encode()),
    "search_console_countries": ("Countries.csv", SEARCH_CONSOLE["en"]["Countries.csv"].encode()),
    "search_console_devices": ("Devices.csv", SEARCH_CONSOLE["en"]["Devices.csv"].encode()),
    "search_console_appearances": ("Zoekopmaak.csv", SEARCH_CONSOLE["nl"]["Zoekopmaak.csv"].encode()),
    "search_console_filters": ("Filters.csv", SEARCH_CONSOLE["en"]["Filters.csv"].encode()),
    **made_links_exports.SAMPLES,
    **made_team_exports.SAMPLES,
}
SAMPLES |= made_rankings_exports.SAMPLES
"""One export per format that is read: file name and content."""
