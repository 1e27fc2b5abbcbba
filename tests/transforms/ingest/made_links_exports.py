"""Made-up exports of links in each provider's exact shape; see :mod:`tests.transforms.ingest.made_exports`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

SITE = "voorbeeldwinkel.nl"


def written(
    *records: Sequence[str],
    delimiter: str = ",",
    encoding: str = "utf-8",
    end: str = "\n",
    quotes: int = csv.QUOTE_MINIMAL,
) -> bytes:
    """Records, the header first, as one provider writes them."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quotes, lineterminator=end).writerows(records)  # type: ignore[arg-type]
    return text.getvalue().encode(encoding)


def tabs(*records: Sequence[str]) -> bytes:
    """As Ahrefs writes: UTF-16 with byte order mark, tabs, every field quoted, LF."""
    return written(*records, delimiter="\t", encoding="utf-16", quotes=csv.QUOTE_ALL)


def no_end(*lines: str) -> bytes:
    """As Search Console writes: UTF-8, LF, no newline at the end."""
    return "\n".join(lines).encode()


def answer(table: bytes, name: str) -> bytes:
    """A table as the JSON answer of an API: lists unnumbered, empty cells null, numbers and flags as such."""
    rows: list[dict[str, Any]] = []
    for cells in csv.DictReader(io.StringIO(table.decode(), newline="")):
        row: dict[str, Any] = {}
        for column, cell in cells.items():
            value = json.loads(cell) if cell in ("true", "false") or cell.replace(".", "").isdigit() else cell or None
            if column.endswith(".0"):
                row[column.removesuffix(".0")] = [value] if value else []
            else:
                row[column] = value
        rows.append(row)
    return json.dumps({name: rows}).encode()


SEMRUSH_DOMAINS = written(
    ["Domain ascore", "Domain", "Backlinks", "IP Address", "Country", "First seen", "Last seen"],
    ["45", "kaasblog.example", "253", "192.0.2.7", "nl", "2024-05-20", "2026-02-05"],
    ["2", "linkveld.example", "886", "198.51.100.4", "", "2025-01-03", "2026-02-06"],
)
SEMRUSH_DOMAINS_API = (
    b"domain_ascore;domain;backlinks_num;ip;country;first_seen;last_seen\r\n"
    b"45;kaasblog.example;253;192.0.2.7;nl;1716163200;1770249600\r\n"
)
SEMRUSH_API_HEADER = (
    "page_ascore;source_title;source_url;target_url;anchor;external_num;internal_num;nofollow;sponsored;ugc;text;frame;"
    "form;image;sitewide;first_seen;last_seen;newlink;lostlink"
)
SEMRUSH_API = (
    f"{SEMRUSH_API_HEADER}\r\n"
    f"12;Een titel;https://www.kaasblog.example/stukje;https://{SITE}/kaas;oude kaas;7;30;true;false;false;true;false;"
    "false;false;false;1767571200;1769904000;true;false\r\n"
    f"3;Een tweede;https://linkveld.example/p;https://{SITE}/;;90;1;false;false;false;false;false;false;true;true;"
    "1735862400;1767225600;false;true\r\n"
).encode()
SEMRUSH_OUTGOING = written(
    ["Domain ascore", "Domain", "Links", "First seen", "Last seen"],
    ["61", "partnersite.example", "4", "2025-01-03", "2026-02-06"],
)
SEMRUSH_PAGES = written(
    [
        "Source url",
        "Source title",
        "Response code",
        "Backlinks",
        "Domains",
        "External links",
        "Internal links",
        "Last seen",
    ],
    [f"https://{SITE}/kaas", "Kaas, oud en jong", "200", "120", "34", "3", "60", "2026-02-01"],
)
SEMRUSH_PAGES_API = (
    "source_url;source_title;response_code;backlinks_num;domains_num;last_seen;external_num;internal_num\r\n"
    f"https://{SITE}/kaas;Kaas;200;120;34;1769904000;3;60\r\n"
).encode()

AHREFS_2020_HEADER = (
    "#",
    "Domain Rating",
    "URL Rating (desc)",
    "Referring Domains",
    "Referring Page URL",
    "Referring Page Title",
    "Internal Links Count",
    "External Links Count",
    "Link URL",
    "TextPre",
    "Link Anchor",
    "TextPost",
    "Type",
    "Backlink Status",
    "First Seen",
    "Last Check",
    "Day Lost",
    "Language",
    "Traffic",
    "Keywords",
    "Js rendered",
    "Linked Domains",
)
AHREFS_2020 = written(
    AHREFS_2020_HEADER,
    [
        "1", "37", "14", "3", "https://www.lifeblog.example/tips", "Tien tips", "20", "14", f"https://www.{SITE}/",
        "koop", "kaas kopen", "hier", "Nofollow", "", "2019-11-02 04:02:58", "2020-02-20 11:00:00", "", "nl", "0",
        "0", "false", "9",
    ],
    [
        "2", "5", "0", "0", "http://oud.example/lijst", "Lijst", "2", "400", f"http://{SITE}/oud", "", "", "",
        "Dofollow", "", "2018-01-05 10:00:00", "2020-01-30 08:00:00", "2020-02-01 00:00:00", "", "0", "0", "", "300",
    ],
    delimiter="\t",
    encoding="utf-16",
)  # fmt: skip
AHREFS_DOMAINS = tabs(
    [
        "Domain",
        "Is spam",
        "DR",
        "Dofollow ref. domains",
        "Dofollow linked domains",
        "Traffic ",
        "Keywords ",
        "Links to target",
        "New links",
        "Lost links",
        "Dofollow links",
        "First seen",
        "Lost",
    ],
    ["krant.example", "false", "92", "900", "20", "1300", "88", "9", "0", "9", "9", "2017-08-03 02:50:05", ""],
    [
        "linkveld.example", "true", "3.7", "4", "9000", "0", "0", "2", "0", "2", "0", "2025-01-10 23:47:50",
        "2025-12-11 18:27:27",
    ],
)  # fmt: skip
AHREFS_NETWORKS = tabs(
    [
        "Subnet",
        "Ref. domains",
        "Top DR",
        "Links to target",
        "New links",
        "Lost links",
        "Dofollow links",
        "First seen",
        "Lost",
        "IPs in subnet",
        "Country",
        "ISP",
    ],
    ["192.0.2.xxx", "52", "44", "161", "22", "51", "145", "2016-03-07 20:44:20", "", "36", "NL", "Netwerk, B.V."],
)
AHREFS_PAGES = tabs(
    [
        "Page title",
        "Page URL",
        "Language",
        "Platform",
        "UR",
        "Referring domains",
        "Top DR",
        "Links to target",
        "New Links",
        "Lost Links",
        "Dofollow",
        "Nofollow",
        "Redirects",
        "Page HTTP code",
        "First seen",
        "Last seen",
    ],
    [
        "Kaas", f"https://{SITE}/kaas", "nl", "", "8", "34", "92", "120", "1", "0", "100", "20", "0", "200",
        "2016-06-07 10:00:00", "2026-01-22 09:00:00",
    ],
)  # fmt: skip
AHREFS_LINKED = tabs(
    ["Domain", "DR", "Dofollow ref. domains", "Linked pages", "Links from target", "Dofollow links", "First seen"],
    ["partnersite.example", "61", "400", "2", "4", "3", "2025-01-03 10:00:00"],
)

AHREFS_API_HEADER = (
    "url_from",
    "url_to",
    "title",
    "languages.0",
    "link_type",
    "is_dofollow",
    "is_nofollow",
    "is_ugc",
    "is_sponsored",
    "is_lost",
    "domain_rating_source",
    "url_rating_source",
    "links_external",
    "snippet_left",
    "anchor",
    "snippet_right",
    "first_seen",
    "first_seen_link",
    "last_visited",
    "last_seen",
    "lost_reason",
)
"""As a JSON answer becomes a table: a column per field, lists numbered."""

AHREFS_API = written(
    AHREFS_API_HEADER,
    [
        "https://www.lifeblog.example/tips", f"https://www.{SITE}/", "Tien tips", "nl", "text", "true", "false",
        "false", "false", "false", "37.0", "14.0", "14", "koop", "kaas kopen", "hier", "2019-01-01T00:00:00Z",
        "2025-09-02T04:02:58Z", "2026-01-20T11:00:00Z", "", "",
    ],
    [
        "http://oud.example/lijst", f"https://{SITE}/oud", "", "", "redirect", "false", "true", "false", "true", "true",
        "5.0", "0.0", "400", "", "", "", "2018-01-01T00:00:00Z", "2024-02-05T00:00:00Z", "2026-01-10T00:00:00Z",
        "2026-01-11T00:00:00Z", "notfound",
    ],
)  # fmt: skip
AHREFS_DOMAINS_API = written(
    ["domain", "domain_rating", "links_to_target", "dofollow_links", "is_root_domain", "first_seen", "last_seen"],
    ["krant.example", "92.0", "9", "9", "true", "2017-08-03T02:50:05Z", ""],
    ["linkveld.example", "3.7", "2", "0", "true", "2025-01-10T23:47:50Z", "2025-12-11T18:27:27Z"],
)
AHREFS_LINKED_API = written(
    ["domain", "domain_rating", "links_from_target", "linked_pages", "dofollow_links", "first_seen"],
    ["partnersite.example", "61.0", "4", "2", "3", "2025-01-03T10:00:00Z"],
)
AHREFS_TOOLS_HEADER = (
    "src_link_id,src_url,src_title,src_domain_dr,src_domain_traffic,src_page_traffic,src_page_refdomains,"
    "src_page_ext_links,src_page_linked_domains,src_page_ur,root_name,is_root,is_spam_domain,link_type,is_dofollow,"
    "is_nofollow,is_ugc,is_sponsored,is_content,anchor,left_snippet,right_snippet,first_seen,last_seen,last_visited,"
    "http_code,redirect_code,lost_reason,target_url"
)
AHREFS_TOOLS = (
    f"{AHREFS_TOOLS_HEADER}\r\n"
    "-579,https://linkveld.example/p/1,Backlinks,47,0,0,0,53,25,0,linkveld.example,True,True,image,False,True,False,False,"
    f"True,kaas,,,2025-09-28T06:21:30Z,,2026-05-06T00:04:50Z,200,,,https://www.{SITE}/\r\n"
).encode()
AHREFS_TOOLS_DOMAINS = (
    b"root_name,backlinks_count,dofollow_links,new_links,lost_links,domain_dr,domain_traffic,domain_positions,"
    b"domain_refdomains,domain_linked_domains,is_spam_grouped,first_seen,last_seen\r\n"
    b"krant.example,2,0,2,0,93,3747160,754540,178317,8780,False,2026-03-03T01:26:04Z,\r\n"
)

MAJESTIC_DOMAINS = (
    '\ufeff"Position","Domain","RefDomains","AlexaRank","Matches","MatchedLinks","ExtBackLinks","IndexedURLs",'
    '"CrawledURLs","FirstCrawled","LastSuccessfulCrawl","IP","SubNet","CountryCode","TLD","CitationFlow","TrustFlow",'
    f'"BackLinks_{SITE}","FirstLinkDate_{SITE}","LastLinkDate_{SITE}"\r\n'
    '1,"bos.example",504,790696,1,9379,30175,19329,18012,08/05/2013 00:00,31/07/2013 00:00,"192.0.2.10","192.0.2.0",'
    '"US","example",27,18,9379,08/05/2013 00:00,26/05/2013 00:00\r\n'
    '2,"veld.example",250,-1,1,-1,-1,-1,-1,21/05/2013 00:00,31/07/2013 00:00,"192.0.2.11","192.0.2.0","","example",'
    "-1,-1,-1,01/02/2013 00:00,13/07/2013 00:00\r\n"
).encode()
MAJESTIC_LINKS = written(
    [
        "SourceURL", "AnchorText", "SourceTrustFlow", "SourceCitationFlow", "Domain", "DomainTrustFlow",
        "DomainCitationFlow", "FirstIndexedDate", "LinkType", "LinkSubType", "TargetURL", "TargetTrustFlow",
        "TargetCitationFlow", "FlagRedirect", "FlagFrame", "FlagNoFollow", "FlagImages", "FlagDeleted", "FlagAltText",
        "LastSeenDate", "FlagMention", "DateLost", "ReasonLost", "SourceTopicalTrustFlow_Topic_0",
        "SourceTopicalTrustFlow_Value_0",
    ],
    [
        "https://bos.example/a", "oude kaas", "12", "20", "bos.example", "31", "40", "2025-03-17", "TextLink",
        "TextLink_Normal", f"https://{SITE}/kaas", "9", "15", "0", "0", "1", "0", "0", "0", "2026-01-15", "0", "", "",
        "Recreation/Food", "12",
    ],
    [
        "https://veld.example/b", "", "-1", "2", "veld.example", "0", "1", "2024-03-16", "ImageLink",
        "ImageLink_AltText", f"https://{SITE}/", "9", "15", "0", "0", "0", "1", "1", "1", "2025-06-15", "0",
        "2025-07-01", "PageNotFound", "", "",
    ],
    quotes=csv.QUOTE_ALL,
)  # fmt: skip
MAJESTIC_PAGES = written(
    [
        "Source URL", "Anchor Text", "Source Trust Flow", "Source Citation Flow", "Domain Trust Flow",
        "Domain Citation Flow", "Link First Indexed Date", "Target URL",
    ],
    ["https://bos.example/a", "oude kaas", "12", "20", "31", "40", "2025-03-17", f"https://{SITE}/kaas"],
)  # fmt: skip
MAJESTIC_DOWNLOAD = written(
    [
        "Target URL", "Source URL", "Anchor Text", "Source Crawl Date", "Source First Found Date", "FlagNoFollow",
        "FlagImageLink", "FlagRedirect", "FlagFrame", "FlagOldCrawl", "FlagAltText", "FlagMention",
        "SourceCitationFlow", "SourceTrustFlow", "TargetCitationFlow", "TargetTrustFlow",
        "SourceTopicalTrustFlow_Topic_0", "SourceTopicalTrustFlow_Value_0", "RefDomainTopicalTrustFlow_Topic_0",
        "RefDomainTopicalTrustFlow_Value_0",
    ],
    [
        f"https://{SITE}/kaas", "https://bos.example/a", "oude kaas", "2026-01-15", "2025-03-17", "", "", "", "", "",
        "", "", "20", "12", "15", "9", "", "", "", "",
    ],
)  # fmt: skip

MOZ = written(
    ["Moz Link Explorer"],
    ["Inbound links for", SITE],
    ["Filters", "all links", "one per domain"],
    ["Made on", "21 March 2022"],
    [],
    [
        "URL", "Title", "Anchor Text", "Spam Score", "Page Authority", "Domain Authority",
        "Number of Domains Linking to this Page", "Number of Domains Linking to Domain", "Origin", "Target URL",
        "Link Equity", "No Link Equity", "Only rel=nofollow", "Only follow", "301",
    ],
    [
        "bos.example/a", "Over kaas", "oude kaas", "3%", "22", "41", "2", "900", "External", f"{SITE}/kaas", "No",
        "Yes", "Yes", "No", "No",
    ],
    [
        "veld.example/b", "Veld", "", "-", "1", "5", "0", "1", "External", f"www.{SITE}/", "Yes", "No", "No", "Yes",
        "No",
    ],
)  # fmt: skip
BING = (
    '\ufeff"Source URL","Anchor text","Target URL"\r\n'
    f'"https://bos.example/a","oude kaas, belegen","https://{SITE}/kaas"\r\n'
    f'"https://veld.example/b","","https://{SITE}/"\r\n'
).encode()
DISAVOW = """# links van verkopers, gevraagd op 3 mei
domain:linkveld.example
domain: 192.0.2.7

# los
http://oud.example/lijst
domain:linkveld.example
"""

DATAFORSEO = written(
    [
        "type", "domain_from", "url_from", "url_from_https", "domain_to", "url_to", "url_to_https", "tld_from",
        "is_new", "is_lost", "backlink_spam_score", "rank", "page_from_rank", "domain_from_rank",
        "domain_from_platform_type.0", "page_from_external_links", "page_from_language", "page_from_title",
        "first_seen", "prev_seen", "last_seen", "item_type", "attributes.0", "dofollow", "anchor", "text_pre",
        "text_post", "indirect_link_path",
    ],
    [
        "backlink", "bos.example", "https://bos.example/a", "true", SITE, f"https://{SITE}/kaas", "true", "example",
        "false", "false", "12", "210", "0", "300", "cms", "14", "nl", "Over kaas", "2025-01-21 18:17:01 +00:00",
        "2025-12-01 10:00:00 +00:00", "2026-01-05 10:00:00 +00:00", "anchor", "noopener", "true", "oude kaas", "de",
        "van", "",
    ],
    [
        "backlink", "veld.example", "https://veld.example/b", "true", SITE, f"https://{SITE}/", "true", "example",
        "false", "true", "88", "1", "0", "2", "", "900", "", "Veld", "2024-01-21 18:17:01 +00:00", "",
        "2025-06-05 10:00:00 +00:00", "image", "", "false", "", "", "", "",
    ],
)  # fmt: skip

DATAFORSEO_JSON = json.dumps(
    {
        "version": "0.1",
        "status_code": 20000,
        "tasks": [
            {
                "id": "01",
                "data": {"target": SITE, "filters": ["dofollow", "=", True]},
                "result": [{"target": SITE, "total_count": 2, **json.loads(answer(DATAFORSEO, "items"))}],
            }
        ],
    }
).encode()
LATEST_LINKS = no_end(
    "Linking page,Last crawled", "https://www.krant.example/a,2026-05-03", "http://forum.example/b?x=1,2025-06-03"
)
SAMPLE_LINKS = no_end("Linking page", "https://www.krant.example/a", "http://forum.example/b?x=1")
OWN_PAGES = no_end("Linking page", f"https://www.{SITE}/over", f"https://www.{SITE}/kaas")
LINKING_SITES = no_end("Site,Linking pages,Target pages", "krant.example,10,1", "forum.example,2,2")
LINK_TEXTS = no_end("Rank,Link text", "1,oude kaas", "2,(empty)", f"3,https {SITE}")
TARGETS_EXTERNAL = no_end(
    "Target page,Incoming links,Linking sites", f"https://www.{SITE}/,26,15", f"https://www.{SITE}/kaas,2,2"
)
TARGETS_INTERNAL = no_end("Target page,Internal links", f"https://www.{SITE}/,26", f"https://www.{SITE}/kaas,1")

SAMPLES: dict[str, tuple[str, bytes]] = {
    "semrush_backlinks_api": ("semrush_api.backlinks.2026-02-06.page-1.csv", SEMRUSH_API),
    "semrush_referring_domains": (f"www.{SITE}-backlinks_refdomains.csv", SEMRUSH_DOMAINS),
    "semrush_referring_domains_api": ("refdomains.csv", SEMRUSH_DOMAINS_API),
    "semrush_outgoing_domains": (f"{SITE}-backlinks_outgoing_domains.csv", SEMRUSH_OUTGOING),
    "semrush_indexed_pages": (f"{SITE}-backlinks_pages.csv", SEMRUSH_PAGES),
    "semrush_indexed_pages_api": ("pages.csv", SEMRUSH_PAGES_API),
    "ahrefs_backlinks_2020": (f"www.{SITE}-backlinks-subdomains-live-23-Feb-2020_16-35-25-0a1b2c3d.csv", AHREFS_2020),
    "ahrefs_backlinks_api": (
        "ahrefs_api.all-backlinks.2026-02-06.page-1.json",
        answer(AHREFS_API, "backlinks"),
    ),
    "ahrefs_backlinks_webmaster_tools": ("awt-backlinks.csv", AHREFS_TOOLS),
    "ahrefs_referring_domains": (f"{SITE}-refdomains-subdomains_2026-01-22_12-04-03.csv", AHREFS_DOMAINS),
    "ahrefs_referring_domains_api": ("refdomains_2026-01-22.json", answer(AHREFS_DOMAINS_API, "refdomains")),
    "ahrefs_referring_domains_webmaster_tools": ("awt-refdomains.csv", AHREFS_TOOLS_DOMAINS),
    "ahrefs_referring_ips": (f"www.{SITE}-refips-subdomains_2026-02-06_12-04-03.csv", AHREFS_NETWORKS),
    "ahrefs_best_by_links": (f"{SITE}-bbl-external-subdomains_2026-01-22_12-05-37.csv", AHREFS_PAGES),
    "ahrefs_linked_domains": (f"{SITE}-linked-domains-subdomains_2026-01-22_12-05-37.csv", AHREFS_LINKED),
    "ahrefs_linked_domains_api": ("linkeddomains_2026-01-22.json", answer(AHREFS_LINKED_API, "linkeddomains")),
    "majestic_referring_domains": ("spreadsheet_data.csv", MAJESTIC_DOMAINS),
    "majestic_backlinks": ("backlinks_2026-01-16.csv", MAJESTIC_LINKS),
    "majestic_backlinks_pages": ("majestic.csv", MAJESTIC_PAGES),
    "majestic_backlinks_download": ("download_backlinks.csv", MAJESTIC_DOWNLOAD),
    "moz_inbound_links": ("moz-inbound-links-for-voorbeeldwinkel_nl-2022-03-21_09_06_07_330067Z.csv", MOZ),
    "bing_inbound_links": (f"{SITE}_Backlinks_2026-01-21.csv", BING),
    "google_disavow": (f"{SITE}-disavow-2026-05-11.txt", DISAVOW.encode()),
    "dataforseo_backlinks": ("dataforseo_2026-01-06.json", DATAFORSEO_JSON),
    "search_console_latest_links": (f"https___www.{SITE}_-Latest links-2026-05-10.csv", LATEST_LINKS),
    "search_console_linking_pages": (f"https___www.{SITE}_-More sample links-2026-05-10.csv", SAMPLE_LINKS),
    "search_console_linking_sites": (f"https___www.{SITE}_-Top linking sites-2026-05-10.csv", LINKING_SITES),
    "search_console_link_texts": (f"https___www.{SITE}_-Top linking text-2026-05-10.csv", LINK_TEXTS),
    "search_console_target_pages_external": (f"https___www.{SITE}_-Top target pages-2026-05-10.csv", TARGETS_EXTERNAL),
    "search_console_target_pages_internal": (
        f"https___www.{SITE}_-Top target pages-2026-05-10 (1).csv",
        TARGETS_INTERNAL,
    ),
}
"""One export per format of links: file name and content."""
