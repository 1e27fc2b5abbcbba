"""Semrush: Backlink Audit (``backlink_audit_domains_<id>_<day>.csv``); an index and report of its own."""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Day, Flag, Number, Text

SCORE = Number(least=0, most=100)

FORMATS = (
    ExportFormat(
        name="semrush_audit",
        family="semrush_audit",
        title="Semrush Backlink Audit",
        provider="semrush_audit",
        feed="backlinks",
        thing="links",
        recognised_by=(("Source URL",), ("Toxic Score",)),
        columns=(
            Reads(target="source_url", headers=("Source URL",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_url", headers=("Target URL",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("Anchor",), written=Text(empty_is_text=True), is_required=True),
            Reads(target="source_title", headers=("Source Page Title",), written=Text()),
            Reads(target="source_authority", headers=("Domain Authority Score",), written=SCORE),
            Reads(target="page_authority", headers=("Page Authority Score",), written=SCORE),
            Reads(target="provider_score", headers=("Toxic Score",), written=SCORE),
            Reads(target="is_nofollow", headers=("No Follow",), written=Flag(), is_required=True),
            Reads(
                target="is_image",
                headers=("Link Type",),
                written=Flag(yes=("img", "image"), no=("a", "iframe", "frame", "form", "text")),
            ),
            Reads(target="link_type", headers=("Link Type",), written=Text()),
            Reads(target="first_seen_on", headers=("First Seen",), written=Day(), is_required=True),
            Reads(target="last_seen_on", headers=("Last Seen",), written=Day(), is_required=True),
        ),
        key=("source_url", "target_url"),
        ignored=("Source Domain", "Anchor Type", "Comment"),
        site_column="target_url",
        days=("first_seen_on", "last_seen_on"),
        notes=(
            "The provider's own score is kept as provider_score and is evidence of nothing by itself. Links not seen "
            "for about six months are absent, and nothing says that a link is lost. Some exports hold one link per "
            "linking domain."
        ),
    ),
)
