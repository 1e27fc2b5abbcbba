"""Semrush: Backlinks, as a file (``<domain>-backlinks.csv``) and as an answer of the Analytics API, version 1."""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Day, Flag, Number, Text

SCORE = Number(least=0, most=100)
COUNT = Number(least=0, is_whole=True)
SURVIVORS = "Links not seen for about six months are absent. Lost is a flag without a day."

FORMATS = (
    ExportFormat(
        name="semrush_backlinks",
        family="semrush_backlinks",
        title="Semrush Backlinks",
        provider="semrush_backlinks",
        feed="backlinks",
        thing="links",
        recognised_by=(("Page ascore", "Page score"), ("Source url",), ("New link", "Page trust score")),
        columns=(
            Reads(target="source_url", headers=("Source url",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_url", headers=("Target url",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("Anchor",), written=Text(empty_is_text=True), is_required=True),
            Reads(target="source_title", headers=("Source title",), written=Text()),
            Reads(target="page_authority", headers=("Page ascore",), written=SCORE),
            Reads(target="external_link_count", headers=("External links",), written=COUNT),
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
        ignored=("Internal links", "Text", "Frame", "Form", "New link", "Page score", "Page trust score"),
        site_column="target_url",
        days=("first_seen_on", "last_seen_on"),
        row_caps=(10_000, 30_000, 50_000),
        notes=(
            f"Commas, or semicolons where the account's language has them. {SURVIVORS} The header of before 2020 "
            "(`Page score`, without `New link` and `Lost link`) is known from others' parsers only; its scores are of "
            "another scale and not kept."
        ),
    ),
    ExportFormat(
        name="semrush_backlinks_api",
        family="semrush_backlinks",
        title="Semrush API: backlinks",
        provider="semrush_backlinks",
        feed="backlinks",
        thing="links",
        recognised_by=(("source_url",), ("target_url",), ("external_num", "internal_num", "newlink", "page_ascore")),
        columns=(
            Reads(target="source_url", headers=("source_url",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_url", headers=("target_url",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("anchor",), written=Text(empty_is_text=True)),
            Reads(target="source_title", headers=("source_title",), written=Text()),
            Reads(target="page_authority", headers=("page_ascore",), written=SCORE),
            Reads(target="external_link_count", headers=("external_num",), written=COUNT),
            Reads(target="is_nofollow", headers=("nofollow",), written=Flag()),
            Reads(target="is_sponsored", headers=("sponsored",), written=Flag()),
            Reads(target="is_ugc", headers=("ugc",), written=Flag()),
            Reads(target="is_image", headers=("image",), written=Flag()),
            Reads(target="is_sitewide", headers=("sitewide",), written=Flag()),
            Reads(target="redirect_urls", headers=("redirect_url",), written=Text()),
            Reads(target="first_seen_on", headers=("first_seen",), written=Day(order="unix")),
            Reads(target="last_seen_on", headers=("last_seen",), written=Day(order="unix")),
            Reads(target="is_lost", headers=("lostlink",), written=Flag()),
        ),
        key=("source_url", "target_url"),
        ignored=(
            "internal_num",
            "newlink",
            "text",
            "frame",
            "form",
            "response_code",
            "source_size",
            "image_url",
            "image_alt",
            "target_title",
            "position",
        ),
        site_column="target_url",
        days=("first_seen_on", "last_seen_on"),
        row_caps=(10_000,),
        notes=(
            "Semicolons, the header in the API's codes, moments in seconds since 1970; the columns are those asked "
            f"for, and 10,000 rows unless `display_limit` asks for more. {SURVIVORS} Nothing is quoted: a title with a "
            "semicolon makes its row too wide (rejected). An answer with quotes is read as well."
        ),
    ),
)
