"""Majestic: referring domains and backlinks.

A value of ``-1`` stands for none. Days are written ``DD/MM/YYYY HH:MM`` in the list of referring domains; of the
backlinks no file was seen: their header and days are those of the API's documentation and of others' parsers.
"""

from __future__ import annotations

import re

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Day, Filled, Flag, Number, Text

SCORE = Number(least=0, most=100, nothing=("-1",))
COUNT = Number(least=0, is_whole=True, nothing=("-1",))
NO_DAY = ("-", "-1")
DAY = Day(order="iso_or_day_first", nothing=NO_DAY)
YES, NO = ("1", "true", "yes", "+"), ("0", "false", "no", "-")
FLAG = Flag(yes=YES, no=NO)
MARK = Flag(yes=YES, no=NO, empty_is_no=True)
TOPICS = re.compile(r"(Source|Target|Domain|RefDomain)?TopicalTrustFlow_(Topic|Value)_\d+")
LOST = "Deleted links are there when they were asked for."

FORMATS = (
    ExportFormat(
        name="majestic_referring_domains",
        family="majestic_referring_domains",
        title="Majestic referring domains",
        provider="majestic_referring_domains",
        feed="backlinks",
        thing="referring_domains",
        recognised_by=(("Domain",), ("CitationFlow",), ("TrustFlow",), ("RefDomains", "ExtBackLinks")),
        columns=(
            Reads(target="source_address", headers=("Domain",), written=Address(), is_required=True, is_filled=True),
            Reads(target="source_authority", headers=("TrustFlow",), written=SCORE),
            Reads(target="link_count", headers=(), header_pattern=re.compile(r"BackLinks_.+"), written=COUNT),
            Reads(target="country", headers=("CountryCode",), written=Text()),
            Reads(target="ip_address", headers=("IP",), written=Text()),
            Reads(target="first_seen_on", headers=(), header_pattern=re.compile(r"FirstLinkDate_.+"), written=DAY),
            Reads(target="last_seen_on", headers=(), header_pattern=re.compile(r"LastLinkDate_.+"), written=DAY),
        ),
        key=("source_host",),
        ignored=(
            "Position",
            "RefDomains",
            "AlexaRank",
            "Matches",
            "MatchedLinks",
            "ExtBackLinks",
            "IndexedURLs",
            "CrawledURLs",
            "FirstCrawled",
            "LastSuccessfulCrawl",
            "SubNet",
            "TLD",
            "CitationFlow",
        ),
        ignored_pattern=TOPICS,
        site_in_header=re.compile(r"(?:BackLinks|FirstLinkDate|LastLinkDate)_(.+)"),
        days=("first_seen_on", "last_seen_on"),
        notes=(
            "The site's own name stands in the names of columns. Trust Flow is kept as the authority. A list of "
            "several sites at once is not read. How far back lost links are seen depends on the index, Fresh or "
            "Historic, which the file does not tell."
        ),
    ),
    ExportFormat(
        name="majestic_backlinks",
        family="majestic_backlinks",
        title="Majestic backlinks",
        provider="majestic_backlinks",
        feed="backlinks",
        thing="links",
        recognised_by=(("SourceURL",), ("TargetURL",), ("SourceTrustFlow", "FlagNoFollow")),
        columns=(
            Reads(target="source_url", headers=("SourceURL",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_url", headers=("TargetURL",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("AnchorText",), written=Text(empty_is_text=True), is_required=True),
            Reads(target="source_title", headers=("SourceTitle",), written=Text()),
            Reads(target="source_language", headers=("SourceLanguage",), written=Text()),
            Reads(target="source_authority", headers=("DomainTrustFlow",), written=SCORE),
            Reads(target="page_authority", headers=("SourceTrustFlow",), written=SCORE),
            Reads(target="is_image", headers=("FlagImages",), written=FLAG),
            Reads(target="is_nofollow", headers=("FlagNoFollow",), written=FLAG),
            Reads(target="link_type", headers=("LinkType",), written=Text()),
            Reads(target="first_seen_on", headers=("FirstIndexedDate",), written=DAY),
            Reads(target="last_seen_on", headers=("LastSeenDate",), written=DAY),
            Reads(target="is_lost", headers=("DateLost",), written=Filled(nothing=NO_DAY)),
            Reads(target="is_lost", headers=("FlagDeleted",), written=FLAG),
            Reads(target="lost_on", headers=("DateLost",), written=DAY),
        ),
        key=("source_url", "target_url"),
        ignored=(
            "ACRank",
            "Date",
            "Domain",
            "DomainID",
            "DomainCitationFlow",
            "SourceCitationFlow",
            "TargetCitationFlow",
            "TargetTrustFlow",
            "LinkSubType",
            "FlagRedirect",
            "FlagFrame",
            "FlagAltText",
            "FlagMention",
            "ReasonLost",
        ),
        ignored_pattern=TOPICS,
        site_column="target_url",
        days=("first_seen_on", "last_seen_on", "lost_on"),
        notes=f"{LOST} Header of the API; no file was seen.",
    ),
    ExportFormat(
        name="majestic_backlinks_pages",
        family="majestic_backlinks",
        title="Majestic backlinks, as the pages export them",
        provider="majestic_backlinks",
        feed="backlinks",
        thing="links",
        recognised_by=(("Source URL", "URL"), ("Target URL",), ("Link First Indexed Date", "Source Trust Flow")),
        columns=(
            Reads(
                target="source_url",
                headers=("Source URL", "URL"),
                written=Address(),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="target_url", headers=("Target URL",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("Anchor Text",), written=Text(empty_is_text=True), is_required=True),
            Reads(target="source_authority", headers=("Domain Trust Flow",), written=SCORE),
            Reads(target="page_authority", headers=("Source Trust Flow",), written=SCORE),
            Reads(target="first_seen_on", headers=("Link First Indexed Date",), written=DAY),
        ),
        key=("source_url", "target_url"),
        ignored=("Source Citation Flow", "Domain Citation Flow", "Target Citation Flow", "Target Trust Flow"),
        site_column="target_url",
        days=("first_seen_on",),
        notes="Known from others' parsers only. Nothing tells whether a link is followed or lost.",
    ),
    ExportFormat(
        name="majestic_backlinks_download",
        family="majestic_backlinks",
        title="Majestic backlinks, advanced report",
        provider="majestic_backlinks",
        feed="backlinks",
        thing="links",
        recognised_by=(("Source URL",), ("Target URL",), ("Source First Found Date", "Source Crawl Date")),
        columns=(
            Reads(target="source_url", headers=("Source URL",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_url", headers=("Target URL",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("Anchor Text",), written=Text(empty_is_text=True), is_required=True),
            Reads(target="page_authority", headers=("SourceTrustFlow",), written=SCORE),
            Reads(target="is_image", headers=("FlagImageLink",), written=MARK),
            Reads(target="is_nofollow", headers=("FlagNoFollow",), written=MARK),
            Reads(target="first_seen_on", headers=("Source First Found Date",), written=DAY),
            Reads(target="last_seen_on", headers=("Source Crawl Date",), written=DAY),
        ),
        key=("source_url", "target_url"),
        ignored=(
            "FlagRedirect",
            "FlagFrame",
            "FlagOldCrawl",
            "FlagAltText",
            "FlagMention",
            "SourceCitationFlow",
            "TargetCitationFlow",
            "TargetTrustFlow",
        ),
        ignored_pattern=TOPICS,
        site_column="target_url",
        days=("first_seen_on", "last_seen_on"),
        notes=(
            "Known from others' parsers only: an empty flag means no. Its days are those of the linking page: first "
            "found, and last crawled. Some rows are no valid CSV and are rejected."
        ),
    ),
)
