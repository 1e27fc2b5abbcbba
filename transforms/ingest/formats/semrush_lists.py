"""Semrush: lists of the Backlink Analytics beside the links themselves, as files and as answers of the API.

Referring domains (``<domain>-backlinks_refdomains.csv``), outgoing domains (``-backlinks_outgoing_domains.csv``) and
indexed pages (``-backlinks_pages.csv``).
"""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Day, Number, Text

SCORE = Number(least=0, most=100)
COUNT = Number(least=0, is_whole=True)
FILE_CAPS = (10_000, 30_000, 50_000)
"""Rows of an export by subscription."""

API_CAPS = (10_000,)
"""Rows of an answer when ``display_limit`` does not ask for more."""

SURVIVORS = "What was not seen for about six months is absent; nothing says that a domain is lost."
API = "Semicolons, the header in the API's codes, moments in seconds since 1970."

FORMATS = (
    ExportFormat(
        name="semrush_referring_domains",
        family="semrush_referring_domains",
        title="Semrush referring domains",
        provider="semrush_referring_domains",
        feed="backlinks",
        thing="referring_domains",
        recognised_by=(("Domain ascore",), ("Domain",), ("Backlinks",)),
        columns=(
            Reads(target="source_address", headers=("Domain",), written=Address(), is_required=True, is_filled=True),
            Reads(target="source_authority", headers=("Domain ascore",), written=SCORE),
            Reads(target="link_count", headers=("Backlinks",), written=COUNT, is_required=True),
            Reads(target="ip_address", headers=("IP Address",), written=Text()),
            Reads(target="country", headers=("Country",), written=Text()),
            Reads(target="first_seen_on", headers=("First seen",), written=Day(), is_required=True),
            Reads(target="last_seen_on", headers=("Last seen",), written=Day(), is_required=True),
        ),
        key=("source_host",),
        days=("first_seen_on", "last_seen_on"),
        row_caps=FILE_CAPS,
        notes=f"Commas, or semicolons where the account's language has them. {SURVIVORS}",
    ),
    ExportFormat(
        name="semrush_referring_domains_api",
        family="semrush_referring_domains",
        title="Semrush API: referring domains",
        provider="semrush_referring_domains",
        feed="backlinks",
        thing="referring_domains",
        recognised_by=(("domain_ascore", "backlinks_num"), ("domain",), ("first_seen", "last_seen")),
        columns=(
            Reads(target="source_address", headers=("domain",), written=Address(), is_required=True, is_filled=True),
            Reads(target="source_authority", headers=("domain_ascore",), written=SCORE),
            Reads(target="link_count", headers=("backlinks_num",), written=COUNT),
            Reads(target="ip_address", headers=("ip",), written=Text()),
            Reads(target="country", headers=("country",), written=Text()),
            Reads(target="first_seen_on", headers=("first_seen",), written=Day(order="unix")),
            Reads(target="last_seen_on", headers=("last_seen",), written=Day(order="unix")),
        ),
        key=("source_host",),
        days=("first_seen_on", "last_seen_on"),
        row_caps=API_CAPS,
        notes=f"{API} {SURVIVORS}",
    ),
    ExportFormat(
        name="semrush_outgoing_domains",
        family="semrush_outgoing_domains",
        title="Semrush outgoing domains",
        provider="semrush_outgoing_domains",
        feed="backlinks",
        thing="linked_domains",
        recognised_by=(("Domain ascore",), ("Domain",), ("Links",)),
        columns=(
            Reads(target="target_address", headers=("Domain",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_authority", headers=("Domain ascore",), written=SCORE),
            Reads(target="link_count", headers=("Links",), written=COUNT, is_required=True),
            Reads(target="first_seen_on", headers=("First seen",), written=Day()),
            Reads(target="last_seen_on", headers=("Last seen",), written=Day()),
        ),
        key=("target_host",),
        days=("first_seen_on", "last_seen_on"),
        row_caps=FILE_CAPS,
        notes=f"Domains that the site links to. {SURVIVORS}",
    ),
    ExportFormat(
        name="semrush_indexed_pages",
        family="semrush_indexed_pages",
        title="Semrush indexed pages",
        provider="semrush_indexed_pages",
        feed="backlinks",
        thing="target_pages",
        recognised_by=(("Source url",), ("Response code",), ("Backlinks",)),
        columns=(
            Reads(target="page_url", headers=("Source url",), written=Address(), is_required=True, is_filled=True),
            Reads(target="link_count", headers=("Backlinks",), written=COUNT, is_required=True),
            Reads(target="domain_count", headers=("Domains",), written=COUNT, is_required=True),
            Reads(target="last_seen_on", headers=("Last seen",), written=Day()),
        ),
        key=("page_url",),
        ignored=("Source title", "Response code", "External links", "Internal links"),
        constants={"report": "external"},
        site_column="page_url",
        days=("last_seen_on",),
        row_caps=FILE_CAPS,
        notes="Pages of the site with the links to them; `Source url` is the page of the site.",
    ),
    ExportFormat(
        name="semrush_indexed_pages_api",
        family="semrush_indexed_pages",
        title="Semrush API: indexed pages",
        provider="semrush_indexed_pages",
        feed="backlinks",
        thing="target_pages",
        recognised_by=(("source_url",), ("backlinks_num",), ("domains_num",)),
        columns=(
            Reads(target="page_url", headers=("source_url",), written=Address(), is_required=True, is_filled=True),
            Reads(target="link_count", headers=("backlinks_num",), written=COUNT),
            Reads(target="domain_count", headers=("domains_num",), written=COUNT),
            Reads(target="last_seen_on", headers=("last_seen",), written=Day(order="unix")),
        ),
        key=("page_url",),
        ignored=("source_title", "response_code", "external_num", "internal_num"),
        constants={"report": "external"},
        site_column="page_url",
        days=("last_seen_on",),
        row_caps=API_CAPS,
        notes=API,
    ),
)
