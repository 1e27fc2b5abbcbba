"""DataForSEO: answers of the Backlinks API, ``backlinks/live``; one row per item. Fields of its documentation."""

from __future__ import annotations

import re

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Day, Flag, Number, Text

FORMATS = (
    ExportFormat(
        name="dataforseo_backlinks",
        family="dataforseo_backlinks",
        title="DataForSEO backlinks",
        provider="dataforseo_backlinks",
        feed="backlinks",
        thing="links",
        recognised_by=(("url_from",), ("url_to",), ("domain_from", "domain_to"), ("dofollow", "item_type")),
        columns=(
            Reads(target="source_url", headers=("url_from",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_url", headers=("url_to",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("anchor",), written=Text(empty_is_text=True)),
            Reads(target="source_title", headers=("page_from_title",), written=Text()),
            Reads(target="left_context", headers=("text_pre",), written=Text()),
            Reads(target="right_context", headers=("text_post",), written=Text()),
            Reads(target="source_language", headers=("page_from_language",), written=Text()),
            Reads(target="provider_score", headers=("backlink_spam_score",), written=Number(least=0, most=100)),
            Reads(
                target="external_link_count",
                headers=("page_from_external_links",),
                written=Number(least=0, is_whole=True),
            ),
            Reads(target="is_nofollow", headers=("dofollow",), written=Flag(yes=("false",), no=("true",))),
            Reads(
                target="is_image",
                headers=("item_type",),
                written=Flag(yes=("image",), no=("anchor", "link", "meta", "canonical", "alternate", "redirect")),
            ),
            Reads(target="link_type", headers=("item_type",), written=Text()),
            Reads(target="redirect_urls", headers=("url_to_redirect_target",), written=Text()),
            Reads(target="first_seen_on", headers=("first_seen",), written=Day()),
            Reads(target="last_seen_on", headers=("last_seen",), written=Day()),
            Reads(target="is_lost", headers=("is_lost",), written=Flag()),
        ),
        key=("source_url", "target_url"),
        ignored=(
            "type",
            "domain_from",
            "domain_to",
            "url_from_https",
            "url_to_https",
            "tld_from",
            "is_new",
            "rank",
            "prev_seen",
            "original",
            "alt",
            "image_url",
            "semantic_location",
            "links_count",
            "group_count",
            "is_broken",
            "is_indirect_link",
            "indirect_link_path",
            "url_to_status_code",
            "url_to_spam_score",
        ),
        ignored_pattern=re.compile(
            r"attributes(\.\d+)?|domain_from_\w+(\.\d+)?|page_from_\w+|ranked_keywords_info(\..*)?"
            r"|indirect_link_path\..*"
        ),
        site_column="target_url",
        days=("first_seen_on", "last_seen_on"),
        row_caps=(100, 1_000),
        notes=(
            "Ranks are on a scale of 1,000 and not kept. `attributes` (noopener, sponsored, ...) is a list of any "
            "length and not kept either. 100 items unless `limit` asks for more, 1,000 at most in one answer. Lost is "
            "a flag without a day. Known from the documentation; no answer was seen."
        ),
    ),
)
