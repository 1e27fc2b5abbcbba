"""Raw answers of providers' APIs in their documented shapes; invented domains only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

SITE = "voorbeeldwinkel.nl"

SEARCH_CONSOLE_ROWS: tuple[dict[str, Any], ...] = (
    {"keys": ["2026-11-20", f"https://www.{SITE}/kaas", "oude kaas"], "clicks": 12, "impressions": 340},
    {"keys": ["2026-11-20", f"https://www.{SITE}/kaas", 'kaas "oud", per kilo'], "clicks": 3, "impressions": 81},
    {"keys": ["2026-11-20", f"https://www.{SITE}/", "crème brûlée winkel"], "clicks": 0, "impressions": 7},
)

AHREFS_LINKS: tuple[dict[str, Any], ...] = (
    {
        "url_from": "https://www.kaasblog.nl/stukje",
        "url_to": f"https://{SITE}/kaas",
        "title": "Een stukje kaas",
        "anchor": "oude kaas",
        "link_type": "text",
        "is_dofollow": True,
        "is_nofollow": False,
        "is_sponsored": False,
        "is_ugc": False,
        "is_content": True,
        "domain_rating_source": 31.0,
        "http_code": 200,
        "first_seen_link": "2026-01-05T08:12:44Z",
        "last_visited": "2026-11-18T03:00:10Z",
        "last_seen": None,
        "is_lost": False,
        "lost_reason": None,
    },
    {
        "url_from": "https://directory.example/winkels?page=2&sort=a",
        "url_to": f"https://www.{SITE}/",
        "title": 'Winkels; "de beste"',
        "anchor": "",
        "link_type": "image",
        "is_dofollow": False,
        "is_nofollow": True,
        "is_sponsored": True,
        "is_ugc": False,
        "is_content": False,
        "domain_rating_source": 4.5,
        "http_code": 200,
        "first_seen_link": "2026-10-30T21:40:02Z",
        "last_visited": "2026-11-10T11:31:55Z",
        "last_seen": "2026-11-17T00:10:00Z",
        "is_lost": True,
        "lost_reason": "removedfromhtml",
    },
)

SEMRUSH_COLUMNS = (
    "page_ascore;response_code;source_title;source_url;target_url;anchor;external_num;internal_num;first_seen;last_seen;"
    "nofollow;form;frame;image;sitewide;newlink;lostlink"
)

SEMRUSH_LINES: tuple[str, ...] = (
    f"12;200;Een stukje kaas;https://www.kaasblog.nl/stukje;https://{SITE}/kaas;oude kaas;7;30;1767600000;1794960000;"
    "false;false;false;false;false;false;false",
    f'4;200;Winkels "de beste;https://directory.example/winkels?page=2;https://www.{SITE}/;;88;12;1793388000;1794700000;'
    "true;false;false;true;false;true;true",
)
"""Days are Unix seconds; nothing is quoted, so that the quotation mark in the second title is just a character."""

SEMRUSH_NOTHING = b"ERROR 50 :: NOTHING FOUND"


def search_console_rows(rows: Sequence[dict[str, Any]] = SEARCH_CONSOLE_ROWS, aggregation: str = "byPage") -> bytes:
    """An answer of the Search Analytics API by date, page and query: pretty-printed, as the API does."""
    full = [{**row, "ctr": row["clicks"] / row["impressions"], "position": 4.25} for row in rows]
    return json.dumps({"rows": full, "responseAggregationType": aggregation}, indent=2, ensure_ascii=False).encode()


def search_console_totals(day: str = "2026-11-20", clicks: int = 19, impressions: int = 512) -> bytes:
    """The same by date alone: the whole day, hidden queries too."""
    return search_console_rows([{"keys": [day], "clicks": clicks, "impressions": impressions}], "byProperty")


def search_console_empty() -> bytes:
    """A day on which the site was never shown: there is no ``rows`` at all."""
    return b'{\n  "responseAggregationType": "byPage"\n}\n'


def ahrefs_backlinks(links: Sequence[dict[str, Any]] = AHREFS_LINKS) -> bytes:
    """An answer of Ahrefs API v3, ``site-explorer/all-backlinks``."""
    return json.dumps({"backlinks": list(links)}, separators=(",", ":")).encode()


def semrush_backlinks(lines: Sequence[str] = SEMRUSH_LINES) -> bytes:
    """An answer of the Semrush report ``backlinks``."""
    return ("\r\n".join([SEMRUSH_COLUMNS, *lines]) + "\r\n").encode()
