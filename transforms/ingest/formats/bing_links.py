"""Bing Webmaster Tools: backlinks of the site, without days."""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Text

FORMATS = (
    ExportFormat(
        name="bing_inbound_links",
        family="bing_inbound_links",
        title="Bing inbound links",
        provider="bing_inbound_links",
        feed="backlinks",
        thing="links",
        recognised_by=(
            ("Source URL", "Source Url"),
            ("Anchor text", "Anchor Text"),
            ("Target URL", "Target Url"),
        ),
        columns=(
            Reads(
                target="source_url",
                headers=("Source URL", "Source Url"),
                written=Address(),
                is_required=True,
                is_filled=True,
            ),
            Reads(
                target="target_url",
                headers=("Target URL", "Target Url"),
                written=Address(),
                is_required=True,
                is_filled=True,
            ),
            Reads(
                target="anchor_text",
                headers=("Anchor text", "Anchor Text"),
                written=Text(empty_is_text=True),
                is_required=True,
            ),
        ),
        key=("source_url", "target_url"),
        knows_all=True,
        site_column="target_url",
        notes=(
            "Links without any day: they are listed, and no surge is looked for among them. A sample, so that an "
            "absent link is not lost. The header is known from others' parsers only."
        ),
    ),
)
