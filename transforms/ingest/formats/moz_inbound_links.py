"""Moz Link Explorer: inbound links (``moz-inbound-links-for-<domain_with_underscores>-<moment>.csv``).

Lines about the report stand before the header; addresses have no scheme.
"""

from __future__ import annotations

import re

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Day, Flag, Number, Says, Text

NOTHING = ("-", "--", "N/A", "n/a")
SCORE = Number(least=0, most=100, nothing=NOTHING, unit="%")
DAY = Day(nothing=NOTHING)
YES_NO = Flag(yes=("yes", "true"), no=("no", "false"))

FORMATS = (
    ExportFormat(
        name="moz_inbound_links",
        family="moz_inbound_links",
        title="Moz inbound links",
        provider="moz_inbound_links",
        feed="backlinks",
        thing="links",
        recognised_by=(
            ("URL", "Source URL", "Source Page"),
            ("Target URL", "Target Page"),
            ("Spam Score", "Page Authority", "PA"),
            ("Domain Authority", "DA"),
        ),
        columns=(
            Reads(
                target="source_url",
                headers=("URL", "Source URL", "Source Page"),
                written=Address(),
                is_required=True,
                is_filled=True,
            ),
            Reads(
                target="target_url",
                headers=("Target URL", "Target Page"),
                written=Address(),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="anchor_text", headers=("Anchor Text",), written=Text(empty_is_text=True), is_required=True),
            Reads(target="source_title", headers=("Title", "Page Title"), written=Text()),
            Reads(target="source_authority", headers=("Domain Authority", "DA"), written=SCORE),
            Reads(target="page_authority", headers=("Page Authority", "PA"), written=SCORE),
            Reads(target="provider_score", headers=("Spam Score",), written=SCORE),
            Reads(
                target="is_nofollow",
                headers=("Link Type", "Link Flags", "Rel"),
                written=Says(words=("nofollow", "no-follow")),
            ),
            Reads(target="is_nofollow", headers=("Only rel=nofollow",), written=YES_NO),
            Reads(target="link_type", headers=("Link Type",), written=Text()),
            Reads(target="first_seen_on", headers=("First Seen", "Date First Seen"), written=DAY),
            Reads(target="last_seen_on", headers=("Last Seen", "Date Last Seen"), written=DAY),
        ),
        key=("source_url", "target_url"),
        ignored=(
            "Number of Domains Linking to this Page",
            "Number of Domains Linking to Domain",
            "Linking Domains to Page",
            "Linking Domains",
            "Total Links",
            "Origin",
            "Link Equity",
            "No Link Equity",
            "Only follow",
            "301",
        ),
        preamble=re.compile(r""),
        site_column="target_url",
        days=("first_seen_on", "last_seen_on"),
        notes=(
            "Put together from others' parsers, with the header of about 2018 and the names of later ones; no file was "
            "seen. The lines before the header may say anything. The spam score is kept as provider_score and is "
            "evidence of nothing by itself. A link repeated for each of its places is merged."
        ),
    ),
)
