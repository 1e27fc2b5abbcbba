"""Semrush: Backlinks (``<domain>-backlinks.csv``)."""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Day, Flag, Number, Text

SCORE = Number(least=0, most=100)

FORMATS = (
    ExportFormat(
        name="semrush_backlinks",
        family="semrush_backlinks",
        title="Semrush Backlinks",
        provider="semrush_backlinks",
        feed="backlinks",
        thing="links",
        recognised_by=(("Page ascore",), ("Source url",), ("New link",)),
        columns=(
            Reads(target="source_url", headers=("Source url",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_url", headers=("Target url",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("Anchor",), written=Text(empty_is_text=True), is_required=True),
            Reads(target="source_title", headers=("Source title",), written=Text()),
            Reads(target="page_authority", headers=("Page ascore",), written=SCORE),
            Reads(target="external_link_count", headers=("External links",), written=Number(least=0, is_whole=True)),
            Reads(target="is_nofollow", headers=("Nofollow",), written=Flag(), is_required=True),
            Reads(target="is_sponsored", headers=("Sponsored",), written=Flag()),
            Reads(target="is_ugc", headers=("Ugc",), written=Flag()),
            Reads(target="is_image", headers=("Image",), written=Flag()),
            Reads(target="is_sitewide", headers=("Sitewide",), written=Flag()),
            Reads(target="first_seen_on", headers=("First seen",), written=Day(), is_required=True),
            Reads(target="last_seen_on", headers=("Last seen",), written=Day(), is_required=True),
            Reads(target="is_lost", headers=("Lost link",), written=Flag()),
        ),
        key=("source_url", "target_url"),
        ignored=("Internal links", "Text", "Frame", "Form", "New link"),
        site_column="target_url",
        days=("first_seen_on", "last_seen_on"),
        row_caps=(10_000, 30_000, 50_000),
        notes="Lost is a flag without a day. Links not seen for about six months are absent.",
    ),
)
