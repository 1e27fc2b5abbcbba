"""Ahrefs: answers of the API, version 3, as JSON or CSV: all backlinks, referring domains, linked domains.

Field names of docs.ahrefs.com. ``last_seen`` is the moment a link was found to be gone, ``last_visited`` that of the
last look at its page; ``first_seen_link`` is of the link, ``first_seen`` of the page.
"""

from __future__ import annotations

import re

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Day, Filled, Flag, Number, Text

SCORE = Number(least=0, most=100)
COUNT = Number(least=0, is_whole=True)
NOT_FOLLOWED = Flag(yes=("false",), no=("true",))
API_CAPS = (1_000,)
"""Rows of an answer when ``limit`` does not ask for more."""

NOTES = "The columns are those asked for, and 1,000 rows unless `limit` asks for more. `last_seen` is the day of loss."

FORMATS = (
    ExportFormat(
        name="ahrefs_backlinks_api",
        family="ahrefs_backlinks",
        title="Ahrefs API: all backlinks",
        provider="ahrefs_backlinks",
        feed="backlinks",
        thing="links",
        recognised_by=(
            ("url_from",),
            ("url_to",),
            ("is_dofollow", "is_nofollow", "first_seen_link", "last_visited", "domain_rating_source", "link_type"),
        ),
        columns=(
            Reads(target="source_url", headers=("url_from",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_url", headers=("url_to",), written=Address(), is_required=True, is_filled=True),
            Reads(target="anchor_text", headers=("anchor",), written=Text(empty_is_text=True)),
            Reads(target="source_title", headers=("title",), written=Text()),
            Reads(target="left_context", headers=("snippet_left",), written=Text()),
            Reads(target="right_context", headers=("snippet_right",), written=Text()),
            Reads(target="source_language", headers=("languages.0", "languages"), written=Text()),
            Reads(target="source_authority", headers=("domain_rating_source",), written=SCORE),
            Reads(target="page_authority", headers=("url_rating_source",), written=SCORE),
            Reads(target="source_traffic", headers=("traffic_domain",), written=Number(least=0)),
            Reads(target="external_link_count", headers=("links_external",), written=COUNT),
            Reads(target="is_image", headers=("is_image",), written=Flag()),
            Reads(target="link_type", headers=("link_type",), written=Text()),
            Reads(target="redirect_urls", headers=("url_redirect", "url_redirect.0"), written=Text()),
            Reads(target="is_spam_by_provider", headers=("is_spam",), written=Flag()),
            # Of two columns for one target the later one counts, where the file has both.
            Reads(target="is_nofollow", headers=("is_dofollow",), written=NOT_FOLLOWED),
            Reads(target="is_nofollow", headers=("is_nofollow",), written=Flag()),
            Reads(target="is_ugc", headers=("is_ugc",), written=Flag()),
            Reads(target="is_sponsored", headers=("is_sponsored",), written=Flag()),
            Reads(target="first_seen_on", headers=("first_seen_link", "first_seen"), written=Day()),
            Reads(target="last_seen_on", headers=("last_visited",), written=Day()),
            Reads(target="is_lost", headers=("last_seen",), written=Filled()),
            Reads(target="is_lost", headers=("is_lost",), written=Flag()),
            Reads(target="lost_on", headers=("last_seen",), written=Day()),
        ),
        key=("source_url", "target_url"),
        ignored_pattern=re.compile(
            r"(ahrefs_rank|name|root_name|is_root|port|tld_class|domain_rating|page_type|page_category)_(source|target)"
            r"|(languages|powered_by|redirect_kind|url_redirect)(\.\d+)?|broken_redirect_\w+|redirect_code|class_c"
            r"|(refdomains|linked_domains)_\w+|is_(alternate|canonical|content|form|frame|new|redirect|redirect_lost"
            r"|rss|text)|(js|http)_crawl|alt|(drop|lost)_reason|discovered_status|encoding|http_code|ip_source"
            r"|links_internal|link_group_count|noindex|page_size|positions|traffic|url_from_plain"
            r"|source_page_(author|publish_date)|is_redirect_\w+"
        ),
        site_column="target_url",
        days=("first_seen_on", "last_seen_on", "lost_on"),
        row_caps=API_CAPS,
        notes=(
            f"{NOTES} Lost links are there when `history` asks for them. Of several languages the first is kept, of "
            "several redirects the first."
        ),
    ),
    ExportFormat(
        name="ahrefs_referring_domains_api",
        family="ahrefs_referring_domains",
        title="Ahrefs API: referring domains",
        provider="ahrefs_referring_domains",
        feed="backlinks",
        thing="referring_domains",
        recognised_by=(("domain",), ("links_to_target", "dofollow_refdomains", "positions_source_domain")),
        columns=(
            Reads(target="source_address", headers=("domain",), written=Address(), is_required=True, is_filled=True),
            Reads(target="source_authority", headers=("domain_rating",), written=SCORE),
            Reads(target="link_count", headers=("links_to_target",), written=COUNT),
            Reads(target="ip_address", headers=("ip_source",), written=Text()),
            Reads(target="is_spam_by_provider", headers=("is_spam",), written=Flag()),
            Reads(target="first_seen_on", headers=("first_seen",), written=Day()),
            Reads(target="is_lost", headers=("last_seen",), written=Filled()),
            Reads(target="lost_on", headers=("last_seen",), written=Day()),
        ),
        key=("source_host",),
        ignored=(
            "dofollow_linked_domains",
            "dofollow_links",
            "dofollow_refdomains",
            "is_root_domain",
            "lost_links",
            "new_links",
            "positions_source_domain",
            "traffic_domain",
        ),
        days=("first_seen_on", "lost_on"),
        row_caps=API_CAPS,
        notes=NOTES,
    ),
    ExportFormat(
        name="ahrefs_linked_domains_api",
        family="ahrefs_linked_domains",
        title="Ahrefs API: linked domains",
        provider="ahrefs_linked_domains",
        feed="backlinks",
        thing="linked_domains",
        recognised_by=(("domain",), ("links_from_target", "linked_pages", "linked_domain_traffic")),
        columns=(
            Reads(target="target_address", headers=("domain",), written=Address(), is_required=True, is_filled=True),
            Reads(target="target_authority", headers=("domain_rating",), written=SCORE),
            Reads(target="link_count", headers=("links_from_target",), written=COUNT),
            Reads(target="first_seen_on", headers=("first_seen",), written=Day()),
        ),
        key=("target_host",),
        ignored=(
            "dofollow_linked_domains",
            "dofollow_links",
            "dofollow_refdomains",
            "is_root_domain",
            "linked_domain_traffic",
            "linked_pages",
        ),
        days=("first_seen_on",),
        row_caps=API_CAPS,
        notes="The columns are those asked for, and 1,000 rows unless `limit` asks for more.",
    ),
)
