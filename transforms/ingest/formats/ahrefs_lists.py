"""Ahrefs: lists of Site Explorer beside the links themselves.

Referring domains, referring IPs, best by links and linked domains; UTF-16 with tabs, or UTF-8 with commas.
"""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Day, Filled, Flag, Number, Text

SCORE = Number(least=0, most=100)
COUNT = Number(least=0, is_whole=True)
LOST = "Lost domains reach back about six months before the export."
LINK_COLUMNS = ("New links", "Lost links", "Dofollow links")
"""Counts of the links of one row, of the period that the page showed."""

FORMATS = (
    ExportFormat(
        name="ahrefs_referring_domains",
        family="ahrefs_referring_domains",
        title="Ahrefs referring domains",
        provider="ahrefs_referring_domains",
        feed="backlinks",
        thing="referring_domains",
        recognised_by=(("Domain",), ("Links to target",), ("Dofollow ref. domains", "Dofollow linked domains")),
        columns=(
            Reads(target="source_address", headers=("Domain",), written=Address(), is_required=True, is_filled=True),
            Reads(target="source_authority", headers=("DR", "Domain rating"), written=SCORE),
            Reads(target="link_count", headers=("Links to target",), written=COUNT, is_required=True),
            Reads(target="is_spam_by_provider", headers=("Is spam",), written=Flag()),
            Reads(target="first_seen_on", headers=("First seen",), written=Day(), is_required=True),
            Reads(target="is_lost", headers=("Lost",), written=Filled()),
            Reads(target="lost_on", headers=("Lost",), written=Day()),
        ),
        key=("source_host",),
        ignored=("Dofollow ref. domains", "Dofollow linked domains", "Traffic", "Keywords", *LINK_COLUMNS),
        days=("first_seen_on", "lost_on"),
        notes=f"Some header names end in a space. {LOST}",
    ),
    ExportFormat(
        name="ahrefs_referring_ips",
        family="ahrefs_referring_ips",
        title="Ahrefs referring IPs",
        provider="ahrefs_referring_ips",
        feed="backlinks",
        thing="referring_networks",
        recognised_by=(("Subnet",), ("Ref. domains",)),
        columns=(
            Reads(target="subnet", headers=("Subnet",), written=Text(), is_required=True, is_filled=True),
            Reads(target="domain_count", headers=("Ref. domains",), written=COUNT, is_required=True),
            Reads(target="link_count", headers=("Links to target",), written=COUNT),
            Reads(target="source_authority", headers=("Top DR",), written=SCORE),
            Reads(target="country", headers=("Country",), written=Text()),
            Reads(target="operator", headers=("ISP",), written=Text()),
            Reads(target="first_seen_on", headers=("First seen",), written=Day()),
            Reads(target="lost_on", headers=("Lost",), written=Day()),
        ),
        key=("subnet",),
        ignored=("IPs in subnet", *LINK_COLUMNS),
        days=("first_seen_on", "lost_on"),
        notes="A subnet is spelt `192.0.2.xxx`. Lost subnets reach back about six months before the export.",
    ),
    ExportFormat(
        name="ahrefs_best_by_links",
        family="ahrefs_best_by_links",
        title="Ahrefs best by links",
        provider="ahrefs_best_by_links",
        feed="backlinks",
        thing="target_pages",
        recognised_by=(("Page URL",), ("Links to target",), ("Referring domains",)),
        columns=(
            Reads(target="page_url", headers=("Page URL",), written=Address(), is_required=True, is_filled=True),
            Reads(target="link_count", headers=("Links to target",), written=COUNT, is_required=True),
            Reads(target="domain_count", headers=("Referring domains",), written=COUNT),
            Reads(target="source_authority", headers=("Top DR",), written=SCORE),
            Reads(target="first_seen_on", headers=("First seen",), written=Day()),
            Reads(target="last_seen_on", headers=("Last seen",), written=Day()),
        ),
        key=("page_url",),
        ignored=(
            "Page title",
            "Language",
            "Platform",
            "UR",
            "New Links",
            "Lost Links",
            "Dofollow",
            "Nofollow",
            "Redirects",
            "Page HTTP code",
            *LINK_COLUMNS,
        ),
        constants={"report": "best_by_links"},
        site_column="page_url",
        days=("first_seen_on", "last_seen_on"),
        notes="Pages of the site by the links to them that were live on the day of the export.",
    ),
    ExportFormat(
        name="ahrefs_linked_domains",
        family="ahrefs_linked_domains",
        title="Ahrefs linked domains",
        provider="ahrefs_linked_domains",
        feed="backlinks",
        thing="linked_domains",
        recognised_by=(("Domain",), ("Links from target",)),
        columns=(
            Reads(target="target_address", headers=("Domain",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_authority", headers=("DR", "Domain rating"), written=SCORE),
            Reads(target="link_count", headers=("Links from target",), written=COUNT, is_required=True),
            Reads(target="first_seen_on", headers=("First seen",), written=Day()),
            Reads(target="is_lost", headers=("Lost",), written=Filled()),
            Reads(target="lost_on", headers=("Lost",), written=Day()),
        ),
        key=("target_host",),
        ignored=(
            "Is spam",
            "Dofollow ref. domains",
            "Dofollow linked domains",
            "Traffic",
            "Keywords",
            "Linked pages",
            *LINK_COLUMNS,
        ),
        days=("first_seen_on", "lost_on"),
        notes=(
            "Domains that the site links to. The header is derived from the fields of the API and from the list of "
            "referring domains; no file was seen."
        ),
    ),
)
