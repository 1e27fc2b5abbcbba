"""Ahrefs Webmaster Tools: the same reports of the same index, taken from the data behind its pages (no export).

Moments are ISO with ``Z``, flags ``True`` and ``False``. As in the API, ``last_seen`` is the moment of loss.
"""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Day, Filled, Flag, Number, Text

SCORE = Number(least=0, most=100)
COUNT = Number(least=0, is_whole=True)

FORMATS = (
    ExportFormat(
        name="ahrefs_backlinks_webmaster_tools",
        family="ahrefs_backlinks",
        title="Ahrefs Webmaster Tools: backlinks",
        provider="ahrefs_backlinks",
        feed="backlinks",
        thing="links",
        recognised_by=(("src_url",), ("target_url",), ("src_link_id", "src_domain_dr")),
        columns=(
            Reads(target="source_url", headers=("src_url",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_url", headers=("target_url",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("anchor",), written=Text(empty_is_text=True), is_required=True),
            Reads(target="source_title", headers=("src_title",), written=Text()),
            Reads(target="left_context", headers=("left_snippet",), written=Text()),
            Reads(target="right_context", headers=("right_snippet",), written=Text()),
            Reads(target="source_authority", headers=("src_domain_dr",), written=SCORE),
            Reads(target="page_authority", headers=("src_page_ur",), written=SCORE),
            Reads(target="source_traffic", headers=("src_domain_traffic",), written=Number(least=0)),
            Reads(target="external_link_count", headers=("src_page_ext_links",), written=COUNT),
            Reads(
                target="is_image",
                headers=("link_type",),
                written=Flag(yes=("image",), no=("text", "redirect", "canonical", "frame", "form", "rss", "alternate")),
            ),
            Reads(target="link_type", headers=("link_type",), written=Text()),
            Reads(target="is_spam_by_provider", headers=("is_spam_domain",), written=Flag()),
            Reads(target="is_nofollow", headers=("is_nofollow",), written=Flag(), is_required=True),
            Reads(target="is_ugc", headers=("is_ugc",), written=Flag()),
            Reads(target="is_sponsored", headers=("is_sponsored",), written=Flag()),
            Reads(target="first_seen_on", headers=("first_seen",), written=Day(), is_required=True),
            Reads(target="last_seen_on", headers=("last_visited",), written=Day(), is_required=True),
            Reads(target="is_lost", headers=("last_seen",), written=Filled()),
            Reads(target="lost_on", headers=("last_seen",), written=Day()),
        ),
        key=("source_url", "target_url"),
        ignored=(
            "src_link_id",
            "src_page_traffic",
            "src_page_refdomains",
            "src_page_linked_domains",
            "root_name",
            "is_root",
            "is_dofollow",
            "is_content",
            "http_code",
            "redirect_code",
            "lost_reason",
        ),
        site_column="target_url",
        days=("first_seen_on", "last_seen_on", "lost_on"),
        row_caps=(1_000,),
        notes="The pages show 1,000 links at most, those of the strongest domains first.",
    ),
    ExportFormat(
        name="ahrefs_referring_domains_webmaster_tools",
        family="ahrefs_referring_domains",
        title="Ahrefs Webmaster Tools: referring domains",
        provider="ahrefs_referring_domains",
        feed="backlinks",
        thing="referring_domains",
        recognised_by=(("root_name",), ("backlinks_count",)),
        columns=(
            Reads(
                target="source_address",
                headers=("root_name",),
                written=Address(),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="source_authority", headers=("domain_dr",), written=SCORE),
            Reads(target="link_count", headers=("backlinks_count",), written=COUNT, is_required=True),
            Reads(target="is_spam_by_provider", headers=("is_spam_grouped",), written=Flag()),
            Reads(target="first_seen_on", headers=("first_seen",), written=Day(), is_required=True),
            Reads(target="is_lost", headers=("last_seen",), written=Filled()),
            Reads(target="lost_on", headers=("last_seen",), written=Day()),
        ),
        key=("source_host",),
        ignored=(
            "dofollow_links",
            "new_links",
            "lost_links",
            "domain_traffic",
            "domain_positions",
            "domain_refdomains",
            "domain_linked_domains",
        ),
        days=("first_seen_on", "lost_on"),
        row_caps=(1_000,),
    ),
)
