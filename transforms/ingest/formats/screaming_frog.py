"""Screaming Frog: All Outlinks, and All Inlinks, which lists the same links from the other end.

Both are read as outgoing links: only hyperlinks that lead from a page of the site to another registrable domain are
rows of ours. Scripts, styles and images are not links, and links inside the site are not outgoing; they are passed
over (counted and named in the reason, not rejected).
"""

from __future__ import annotations

import re

from transforms.ingest.formats.format import ExportFormat, PassesOver, Reads
from transforms.ingest.formats.written import Address, Flag, Text

FORMATS = (
    ExportFormat(
        name="screaming_frog_outlinks",
        family="screaming_frog_outlinks",
        title="Screaming Frog All Outlinks",
        provider="screaming_frog",
        feed="backlinks",
        thing="outlinks",
        recognised_by=(("Type",), ("Source",), ("Destination",), ("Follow", "Status Code")),
        columns=(
            Reads(target="source_url", headers=("Source",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_url", headers=("Destination",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("Anchor",), written=Text(empty_is_text=True), is_required=True),
            Reads(target="is_nofollow", headers=("Follow",), written=Flag(yes=("false",), no=("true",))),
        ),
        key=("source_url", "target_url"),
        ignored=(
            "Size (Bytes)",
            "Size",
            "Alt Text",
            "Status Code",
            "Status",
            "Target",
            "Rel",
            "Path Type",
            "Link Path",
            "Link Position",
            "Link Origin",
        ),
        preamble=re.compile(r"^All (Outlinks|Inlinks)$"),
        passes_over=(
            PassesOver(
                headers=("Type",),
                words=("HREF", "AHREF", "Hyperlink"),
                keeps=True,
                because="resources and other things that are no hyperlinks",
            ),
        ),
        short_rows=True,
        site_column="source_url",
        notes=(
            "With or without the title line of 2017. Read as outgoing links of the site only: resources and links "
            "inside the site are passed over, so an All Inlinks file gives the few rows that lead elsewhere."
        ),
    ),
)
