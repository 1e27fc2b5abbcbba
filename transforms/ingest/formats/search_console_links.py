"""Google Search Console: the seven exports of the Links report. They hold samples, and no day of discovery.

Names of columns are those of real files (English) and of another's parser (French, also with the apostrophe written
as ``&#39;``); Dutch, German, Spanish and Vietnamese ones, and the French ones marked so, are derived from the words of
the report's pages and were not seen in a file.
"""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads, Thing
from transforms.ingest.formats.written import Address, Day, Number, Text

PROVIDER = "search_console_links"
COUNT = Number(least=0, is_whole=True, marks="local")
TABLE_CAP = 1_000
"""Rows of every table of the report."""

LINK_CAP = 100_000
"""Rows of the lists of links."""

LINKING_PAGE = (
    "Linking page",
    "Page d'origine",
    "Page d&#39;origine",
    "Page d’origine",
    "Linkende pagina",
    "Verweisende Seite",
    "Verlinkende Seite",
    "Página de enlace",
    "Página con el enlace",
    "Trang liên kết",
)
LAST_CRAWLED = (
    "Last crawled",
    "Dernière exploration",  # derived
    "Laatst gecrawld",
    "Zuletzt gecrawlt",
    "Último rastreo",
    "Lần thu thập dữ liệu gần đây nhất",
)
SITE = ("Site", "Website", "Sitio", "Sitio web", "Trang web")
LINKING_PAGES = (
    "Linking pages",
    "Pages d'origine",
    "Pages d&#39;origine",
    "Pages d’origine",
    "Linkende pagina's",
    "Linkende pagina’s",
    "Linkende pagina&#39;s",
    "Verweisende Seiten",
    "Verlinkende Seiten",
    "Páginas de enlace",
    "Páginas con enlaces",
    "Các trang liên kết",
)
TARGET_PAGES = (
    "Target pages",
    "Pages cibles",
    "Doelpagina's",
    "Doelpagina’s",
    "Doelpagina&#39;s",
    "Zielseiten",
    "Páginas de destino",
    "Các trang đích",
)
RANK = ("Rank", "Classement", "Positie", "Rang", "Posición", "Clasificación", "Thứ hạng")
LINK_TEXT = ("Link text", "Texte du lien", "Linktekst", "Linktext", "Texto del enlace", "Văn bản liên kết")
TARGET_PAGE = ("Target page", "Page cible", "Doelpagina", "Zielseite", "Página de destino", "Trang đích")
INCOMING_LINKS = (
    "Incoming links",
    "Liens entrants",  # derived
    "Inkomende links",
    "Eingehende Links",
    "Enlaces entrantes",
    "Đường liên kết đến",
)
LINKING_SITES = (
    "Linking sites",
    "Sites d'origine",  # derived
    "Sites d&#39;origine",
    "Sites d’origine",
    "Linkende sites",
    "Verweisende Websites",
    "Verlinkende Websites",
    "Sitios de enlace",
    "Sitios con enlaces",
    "Các trang web liên kết",
)
INTERNAL_LINKS = (
    "Internal links",
    "Liens internes",
    "Interne links",
    "Interne Links",
    "Enlaces internos",
    "Đường liên kết nội bộ",
)
NO_TEXT = ("(empty)", "(vide)", "(leeg)", "(leer)", "(vacío)", "(trống)")
"""What stands for links without a text."""

SAMPLE = "A sample: a page or site that a later export lacks is not lost."


def _table(
    name: str,
    title: str,
    thing: Thing,
    columns: tuple[Reads, ...],
    key: str,
    *,
    table_words: tuple[str, ...],
    row_caps: tuple[int, ...] = (TABLE_CAP,),
    report: str | None = None,
    days: tuple[str, ...] = (),
    notes: str = SAMPLE,
) -> ExportFormat:
    return ExportFormat(
        name=name,
        family="search_console_links",
        title=f"Search Console links: {title}",
        provider=PROVIDER,
        feed="backlinks",
        thing=thing,
        recognised_by=tuple(column.headers for column in columns),
        columns=columns,
        key=(key,),
        knows_all=True,
        constants={"report": report} if report else {},
        site_column="page_url" if key == "page_url" else None,
        days=days,
        row_caps=row_caps,
        table_words=table_words,
        notes=notes,
    )


SOURCE = Reads(target="source_url", headers=LINKING_PAGE, written=Address(), is_required=True, is_filled=True)
PAGE = Reads(target="page_url", headers=TARGET_PAGE, written=Address(), is_required=True, is_filled=True)

FORMATS = (
    _table(
        "search_console_latest_links",
        "latest links",
        "linking_pages",
        (SOURCE, Reads(target="last_crawled_on", headers=LAST_CRAWLED, written=Day(), is_required=True)),
        "source_url",
        table_words=("latest links", "derniers liens"),
        row_caps=(TABLE_CAP, LINK_CAP),
        days=("last_crawled_on",),
        notes=f"No target and no anchor; the day is that of the last crawl, never that of discovery. {SAMPLE}",
    ),
    _table(
        "search_console_linking_pages",
        "more sample links, and your pages linking to a page",
        "linking_pages",
        (SOURCE,),
        "source_url",
        table_words=("more sample links",),
        row_caps=(TABLE_CAP, LINK_CAP),
        notes=(
            "Both have the one column `Linking page`. Links inside the site are told by their domain; which page they "
            f"lead to stands nowhere in the file. {SAMPLE}"
        ),
    ),
    _table(
        "search_console_linking_sites",
        "top linking sites",
        "referring_domains",
        (
            Reads(target="source_address", headers=SITE, written=Address(), is_required=True, is_filled=True),
            Reads(target="link_count", headers=LINKING_PAGES, written=COUNT, is_required=True),
            Reads(target="target_page_count", headers=TARGET_PAGES, written=COUNT, is_required=True),
        ),
        "source_host",
        table_words=("top linking sites", "principaux sites d'origine"),
        notes=f"Subdomains are counted with their domain. `link_count` counts linking pages. {SAMPLE}",
    ),
    _table(
        "search_console_link_texts",
        "top linking text",
        "anchor_texts",
        (
            Reads(target="place", headers=RANK, written=COUNT, is_required=True),
            Reads(
                target="anchor_text",
                headers=LINK_TEXT,
                written=Text(empty_is_text=True, empty_words=NO_TEXT),
                is_required=True,
            ),
        ),
        "anchor_text",
        table_words=("top linking text",),
        notes=f"In lower case and without marks; `(empty)` stands for links without a text. {SAMPLE}",
    ),
    _table(
        "search_console_target_pages_external",
        "top target pages, external",
        "target_pages",
        (
            PAGE,
            Reads(target="link_count", headers=INCOMING_LINKS, written=COUNT, is_required=True),
            Reads(target="domain_count", headers=LINKING_SITES, written=COUNT, is_required=True),
        ),
        "page_url",
        table_words=("top target pages",),
        report="external",
        notes=f"Has the same file name as the internal list; the header tells which it is. {SAMPLE}",
    ),
    _table(
        "search_console_target_pages_internal",
        "top target pages, internal",
        "target_pages",
        (PAGE, Reads(target="link_count", headers=INTERNAL_LINKS, written=COUNT, is_required=True)),
        "page_url",
        table_words=("top target pages",),
        report="internal",
    ),
)
