"""Ahrefs: Backlinks of Site Explorer, as exported in 2025 and later and about 2020.

Columns come and go between exports of the later style.
"""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Day, Filled, Flag, Number, Says, Text

SCORE = Number(least=0, most=100)
COUNT = Number(least=0, is_whole=True)
OTHER_TYPES = ("text", "redirect", "canonical", "frame", "form", "rss", "alternate")

FORMATS = (
    ExportFormat(
        name="ahrefs_backlinks",
        family="ahrefs_backlinks",
        title="Ahrefs Backlinks",
        provider="ahrefs_backlinks",
        feed="backlinks",
        thing="links",
        recognised_by=(("Referring page URL",), ("Discovered status", "Domain rating")),
        columns=(
            Reads(
                target="source_url",
                headers=("Referring page URL",),
                written=Address(),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="target_url", headers=("Target URL",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("Anchor",), written=Text(empty_is_text=True), is_required=True),
            Reads(target="source_title", headers=("Referring page title",), written=Text()),
            Reads(target="left_context", headers=("Left context",), written=Text()),
            Reads(target="right_context", headers=("Right context",), written=Text()),
            Reads(target="source_language", headers=("Language",), written=Text()),
            Reads(target="source_authority", headers=("Domain rating",), written=SCORE),
            Reads(target="page_authority", headers=("UR",), written=SCORE),
            Reads(target="source_traffic", headers=("Domain traffic",), written=Number(least=0)),
            Reads(target="external_link_count", headers=("External links",), written=COUNT),
            Reads(target="is_image", headers=("Type",), written=Flag(yes=("image",), no=OTHER_TYPES)),
            Reads(target="link_type", headers=("Type",), written=Text()),
            Reads(target="redirect_urls", headers=("Redirect Chain URLs",), written=Text()),
            Reads(target="is_spam_by_provider", headers=("Is spam",), written=Flag()),
            Reads(target="is_nofollow", headers=("Nofollow",), written=Flag(), is_required=True),
            Reads(target="is_ugc", headers=("UGC",), written=Flag()),
            Reads(target="is_sponsored", headers=("Sponsored",), written=Flag()),
            Reads(target="first_seen_on", headers=("First seen",), written=Day(), is_required=True),
            Reads(target="last_seen_on", headers=("Last seen",), written=Day(), is_required=True),
            Reads(target="is_lost", headers=("Lost",), written=Filled()),
            Reads(target="lost_on", headers=("Lost",), written=Day()),
        ),
        key=("source_url", "target_url"),
        ignored=(
            "Platform",
            "Referring page HTTP code",
            "Referring domains",
            "Linked domains",
            "Page traffic",
            "Keywords",
            "Redirect Chain status codes",
            "Content",
            "Rendered",
            "Raw",
            "Lost status",
            "Drop reason",
            "Discovered status",
            "Author",
            "Page type",
            "Page category",
            "Links in group",
        ),
        site_column="target_url",
        days=("first_seen_on", "last_seen_on", "lost_on"),
        notes="UTF-16 with tabs or UTF-8 with commas. Lost links reach back about six months before the export.",
    ),
    ExportFormat(
        name="ahrefs_backlinks_2020",
        family="ahrefs_backlinks",
        title="Ahrefs Backlinks, about 2020",
        provider="ahrefs_backlinks",
        feed="backlinks",
        thing="links",
        recognised_by=(("Referring Page URL",), ("Link URL",), ("Link Anchor", "TextPre")),
        columns=(
            Reads(
                target="source_url",
                headers=("Referring Page URL",),
                written=Address(),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="target_url", headers=("Link URL",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("Link Anchor",), written=Text(empty_is_text=True), is_required=True),
            Reads(target="source_title", headers=("Referring Page Title",), written=Text()),
            Reads(target="left_context", headers=("TextPre",), written=Text()),
            Reads(target="right_context", headers=("TextPost",), written=Text()),
            Reads(target="source_language", headers=("Language",), written=Text()),
            Reads(target="source_authority", headers=("Domain Rating",), written=SCORE),
            Reads(target="page_authority", headers=("URL Rating", "URL Rating (desc)"), written=SCORE),
            Reads(target="external_link_count", headers=("External Links Count",), written=COUNT),
            Reads(target="is_image", headers=("Type",), written=Says(words=("image",))),
            Reads(target="is_nofollow", headers=("Type",), written=Says(words=("nofollow",)), is_required=True),
            Reads(target="is_ugc", headers=("Type",), written=Says(words=("ugc",))),
            Reads(target="is_sponsored", headers=("Type",), written=Says(words=("sponsored",))),
            Reads(target="link_type", headers=("Type",), written=Text()),
            Reads(target="first_seen_on", headers=("First Seen",), written=Day(), is_required=True),
            Reads(target="last_seen_on", headers=("Last Check",), written=Day(), is_required=True),
            Reads(target="is_lost", headers=("Day Lost",), written=Filled()),
            Reads(target="lost_on", headers=("Day Lost",), written=Day()),
        ),
        key=("source_url", "target_url"),
        ignored=(
            "#",
            "Referring Domains",
            "Internal Links Count",
            "Backlink Status",
            "Traffic",
            "Keywords",
            "Js rendered",
            "Linked Domains",
        ),
        site_column="target_url",
        days=("first_seen_on", "last_seen_on", "lost_on"),
        notes=(
            "UTF-16 with tabs. Put together from others' parsers, no file was seen: of `Type`, whatever words it "
            "holds, only nofollow, ugc, sponsored and image are told."
        ),
    ),
)
