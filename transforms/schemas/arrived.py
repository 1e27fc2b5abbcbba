"""Temporary typed relations in which a reader hands one file to the staging SQL, inside that file's transaction.

Names carry no schema (``arrived_links``). Readers fill them by name; a column a format does not have stays null.
Rows are handed over once and never landed raw.
"""

from __future__ import annotations

from transforms.schemas.table import Column, Table, count, date, flag, number, text
from transforms.schemas.vocabulary import (
    ALERT_STATUSES,
    DIMENSION_SETS,
    EVENT_KINDS,
    LABEL_ORIGINS,
    PLACEMENT_KINDS,
    TARGET_REPORTS,
    VISIBILITY_METRICS,
)

ROW_NUMBER = count("row_number", "Record number in the file; the first data record is 1.", required=True)


def _arrived(
    thing: str, one_row_per: str, description: str, columns: tuple[Column, ...], key: str = "row_number"
) -> Table:
    return Table(
        name=f"arrived.{thing}",
        one_row_per=one_row_per,
        description=description,
        key=(key,),
        slice="arrived",
        columns=columns,
    )


FILE = _arrived(
    "file",
    "the file being read (exactly one row)",
    "What every row of the file shares.",
    (
        text("file_id", "As in ingest.export_files.", required=True),
        text("site_domain", "The monitored site; null for events of all sites."),
        text("provider", "Index and report.", required=True),
        date("observed_on", "exported_on: the day on which we know what the file says.", required=True),
        flag("is_truncated", "The row cap was met.", required=True),
        count("tracked_depth", "Deepest position a rank tracker looks at (for example 100)."),
    ),
    key="file_id",
)

HOSTS = _arrived(
    "hosts",
    "distinct host of the file's URLs",
    "Registrable domain by the public suffix list, private section included, worked out once per host.",
    (
        text("host", "Lower case, IDNA, without port, user or trailing dot.", required=True),
        text("domain", "Registrable domain; the host itself for an IP address or a bare suffix.", required=True),
    ),
    key="host",
)

LINK_FIELDS = (
    text("source_url", "Page that links.", required=True),
    text("source_host", "Its host, normalised as in arrived_hosts.", required=True),
    text("target_url", "Page of the site that is linked to.", required=True),
    text("target_host", "Its host, normalised."),
    text("anchor_text", "Link text; empty string when the link has none."),
    text("source_title", "Title of the linking page."),
    text("left_context", "Words before the link."),
    text("right_context", "Words after the link."),
    flag("is_nofollow", "rel=nofollow."),
    flag("is_sponsored", "rel=sponsored: disclosed as paid."),
    flag("is_ugc", "rel=ugc."),
    flag("is_image", "The link is an image."),
    flag("is_sitewide", "The provider marks it as repeated over the linking site."),
    flag("is_spam_by_provider", "The provider's own spam flag."),
    number("source_authority", "Domain-level authority by the provider, 0 to 100."),
    number("page_authority", "Page-level authority by the provider, 0 to 100."),
    number("source_traffic", "Visits a month the provider estimates for the linking domain."),
    number("provider_score", "The provider's own risk score, 0 to 100 (Semrush Toxic Score)."),
    count("external_link_count", "Links from the page to other sites."),
    text("source_language", "Language the provider gives."),
    text("link_type", "text, image, redirect, canonical, ... as the provider names it."),
    text("redirect_urls", "Addresses the link is led over before it arrives, as the provider lists them."),
    date("first_seen_on", "The provider's discovery date; not the day the link was made."),
    date("last_seen_on", "The provider's last sight of it."),
    flag("is_lost", "The provider says it is gone."),
    date("lost_on", "Day the provider says it was lost."),
)

LINKS = _arrived("links", "link row", "Links to the site.", (ROW_NUMBER, *LINK_FIELDS))

LINK_ID = count(
    "link_id",
    "First 60 bits of md5(site, provider, source URL, target URL): the same link in every export.",
    required=True,
)
SOURCE_HOST_ID = count("source_host_id", "Host of the linking page, as in staging.hosts.", required=True)
TEXT_HASH = count("text_hash", "Hash of the texts: the same as long as none of them changes.")
DESCRIBED_IN = text("described_in", "File whose observation of the link holds these texts; null = this one.")
MERGED_COUNT = count("merged_count", "Further rows of the file that share the key.", required=True)

IDENTIFIED_LINKS = _arrived(
    "identified_links",
    "link",
    "Links to the site with their ids; rows of the file that share the key are one.",
    (
        LINK_ID,
        SOURCE_HOST_ID,
        TEXT_HASH,
        DESCRIBED_IN,
        *(column for column in LINK_FIELDS if column.name not in {"source_host", "target_host"}),
        MERGED_COUNT,
    ),
    key="link_id",
)

LINK_HOSTS = _arrived(
    "link_hosts",
    "distinct host of the linking pages",
    "Ids and registrable domains of the hosts of identified links.",
    (
        count("host_id", "As in identified_links.source_host_id.", required=True),
        text("host", "Normalised as in arrived_hosts.", required=True),
        text("domain", "Registrable domain.", required=True),
    ),
    key="host_id",
)

OUTLINKS = _arrived(
    "outlinks",
    "outgoing link row",
    "Links from the site to elsewhere. Rows to the site itself are counted as ignored, not rejected.",
    (
        ROW_NUMBER,
        text("source_url", "Page of the site.", required=True),
        text("target_url", "Page it links to.", required=True),
        text("target_host", "Its host, normalised.", required=True),
        text("anchor_text", "Link text."),
        flag("is_nofollow", "Not followed."),
        date("first_seen_on", "First sight, where the export has one."),
    ),
)

RANKINGS = _arrived(
    "rankings",
    "keyword and day",
    "Positions; wide exports are unpivoted by the reader (several rows share a row_number).",
    (
        ROW_NUMBER,
        text("keyword", "The query tracked.", required=True),
        text("page_url", "Page that ranked."),
        text("device", "desktop, mobile or null.", allowed=("desktop", "mobile")),
        text("country", "ISO 3166-1 alpha-2, lower case, or null."),
        date("ranked_on", "Day of the check; a file without days speaks of the day of its export.", required=True),
        number("position", "1 is best; null = not ranked within tracked_depth."),
        number("search_volume", "Searches a month."),
    ),
)

PERFORMANCE = _arrived(
    "performance",
    "dimension values and day, or and period",
    "Search performance. performed_on is set for daily rows; starts_on and ends_on for totals of a period.",
    (
        ROW_NUMBER,
        text("dimension_set", "What the rows are split by.", required=True, allowed=DIMENSION_SETS),
        text("query", "Search query."),
        text("page_url", "Page."),
        text("device", "Device.", allowed=("desktop", "mobile", "tablet")),
        text("country", "ISO 3166-1 alpha-2, lower case; a name that is not known, as the export spells it."),
        text("appearance", "Search appearance."),
        date("performed_on", "The day, for daily rows."),
        date("starts_on", "First day of the period, for totals; null when the export does not say."),
        date("ends_on", "Last day of the period, for totals; null when the export does not say."),
        text("period_name", "What the export calls a period without days (Last 7 days), where it compares several."),
        number("clicks", "Clicks.", required=True),
        number("impressions", "Impressions.", required=True),
        number("position", "Mean position; null without impressions."),
        number(
            "position_sum",
            "Positions from 0 added up over the impressions, where the export has sums: rows that share dimension "
            "values and day are then added up, and the position worked out from this.",
        ),
    ),
)

EVENTS = _arrived(
    "events",
    "event",
    "Updates, data breaks and what the team noted.",
    (
        ROW_NUMBER,
        text("event_id", "Stable id.", required=True),
        text("kind", "Kind.", required=True, allowed=EVENT_KINDS),
        text("site_domain", "Site concerned; null = all."),
        text("name", "Name people know it by.", required=True),
        date("starts_on", "First day.", required=True),
        date("ends_on", "Last day; null = not over or not known."),
        text("scope", "core, spam, reviews, ... or what it touches."),
        text("source", "Where the dates come from.", required=True),
    ),
)

LINK_COUNT = count("link_count", "Links, as the export counts them.")
DOMAIN_COUNT = count("domain_count", "Referring domains, as the export counts them.")
FIRST_SEEN = date("first_seen_on", "First sight by the provider.")
LAST_SEEN = date("last_seen_on", "Last sight by the provider.")
IS_LOST = flag("is_lost", "The provider says it is gone.")
LOST = date("lost_on", "Day the provider says it was lost.")
COUNTRY = text("country", "Country as the export spells it.")

REFERRING_DOMAINS = _arrived(
    "referring_domains",
    "referring domain",
    "A provider's own list of the domains that link to the site.",
    (
        ROW_NUMBER,
        text("source_address", "The domain as the export spells it, with or without a scheme.", required=True),
        text("source_host", "Its host, normalised.", required=True),
        number("source_authority", "Domain-level authority by the provider, 0 to 100."),
        LINK_COUNT,
        count("target_page_count", "Pages of the site it links to."),
        flag("is_spam_by_provider", "The provider's own spam flag."),
        COUNTRY,
        text("ip_address", "Address the provider found it at."),
        FIRST_SEEN,
        LAST_SEEN,
        IS_LOST,
        LOST,
    ),
)

LINKED_DOMAINS = _arrived(
    "linked_domains",
    "domain linked to",
    "A provider's own list of the domains that the site links to.",
    (
        ROW_NUMBER,
        text("target_address", "The domain as the export spells it.", required=True),
        text("target_host", "Its host, normalised.", required=True),
        number("target_authority", "Domain-level authority by the provider, 0 to 100."),
        LINK_COUNT,
        FIRST_SEEN,
        LAST_SEEN,
        IS_LOST,
        LOST,
    ),
)

REFERRING_NETWORKS = _arrived(
    "referring_networks",
    "subnet that links",
    "A provider's list of the subnets that the linking hosts stand in.",
    (
        ROW_NUMBER,
        text("subnet", "Subnet as the export spells it.", required=True),
        DOMAIN_COUNT,
        LINK_COUNT,
        number("source_authority", "Highest domain-level authority in it, 0 to 100."),
        COUNTRY,
        text("operator", "Whose network it is."),
        FIRST_SEEN,
        LOST,
    ),
)

LINKING_PAGES = _arrived(
    "linking_pages",
    "linking page",
    "Pages that link to the site, without a target and without a day of discovery (Search Console).",
    (
        ROW_NUMBER,
        text("source_url", "Page that links.", required=True),
        text("source_host", "Its host, normalised.", required=True),
        date("last_crawled_on", "Last crawl; not the day the link was found."),
    ),
)

TARGET_PAGES = _arrived(
    "target_pages",
    "page of the site",
    "Pages of the site that are linked to, with counts.",
    (
        ROW_NUMBER,
        text("report", "Which links are counted.", required=True, allowed=TARGET_REPORTS),
        text("page_url", "Page of the site.", required=True),
        LINK_COUNT,
        DOMAIN_COUNT,
        number("source_authority", "Highest domain-level authority that links to it, 0 to 100."),
        FIRST_SEEN,
        LAST_SEEN,
    ),
)

ANCHOR_TEXTS = _arrived(
    "anchor_texts",
    "link text",
    "Link texts that others use for the site.",
    (
        ROW_NUMBER,
        text("anchor_text", "Link text.", required=True),
        count("place", "Place in the list, 1 is the most used."),
        LINK_COUNT,
        DOMAIN_COUNT,
    ),
)

DISAVOW_ENTRIES = _arrived(
    "disavow_entries",
    "line of a disavow file",
    "What a team has already judged.",
    (
        ROW_NUMBER,
        text("entry_kind", "What is disavowed.", required=True, allowed=("domain", "url")),
        text("entry", "The domain or the address.", required=True),
        text("note", "Comment above it."),
    ),
)

PLACEMENTS = _arrived(
    "placements",
    "link the team placed",
    "What the team itself knows.",
    (
        ROW_NUMBER,
        text("source_url", "Page on which the link was placed.", required=True),
        text("source_host", "Its host, normalised.", required=True),
        text("target_url", "Page of the site it leads to."),
        date("placed_on", "Day it was placed."),
        date("removed_on", "Day it was taken away again; null = still there or not known."),
        text("kind", "How it came about.", allowed=PLACEMENT_KINDS),
        text("campaign", "Campaign it belongs to."),
        text("note", "Anything else."),
    ),
)

LABELS = _arrived(
    "labels",
    "judgement of a link or domain",
    "What the team judged.",
    (
        ROW_NUMBER,
        text("site_domain", "The monitored site it holds for; null = all."),
        text("subject", "The link or domain as written.", required=True),
        text("subject_host", "Its host, normalised.", required=True),
        text("origin", "Origin given, or allowed: on the allow-list.", required=True, allowed=LABEL_ORIGINS),
        text("labelled_by", "Who."),
        date("labelled_on", "When."),
        text("note", "Why."),
    ),
)

DECISIONS = _arrived(
    "decisions",
    "decision about an alert",
    "What the team says of alerts.",
    (
        ROW_NUMBER,
        text("alert_id", "The alert, as in reports.alerts.", required=True),
        text("status", "What was decided.", required=True, allowed=ALERT_STATUSES),
        text("decided_by", "Who."),
        date("decided_on", "When."),
        text("note", "Why."),
    ),
)

VISIBILITY = _arrived(
    "visibility",
    "metric and day",
    "A provider's index or estimate of the site as a whole.",
    (
        ROW_NUMBER,
        text("metric", "What is measured.", required=True, allowed=VISIBILITY_METRICS),
        text("country", "ISO 3166-1 alpha-2, lower case; null = all together."),
        text("device", "desktop, mobile or null.", allowed=("desktop", "mobile")),
        date("measured_on", "Day, or first day of the month."),
        number("visibility", "Value.", required=True),
    ),
)

TABLES = (
    FILE,
    HOSTS,
    LINKS,
    IDENTIFIED_LINKS,
    LINK_HOSTS,
    OUTLINKS,
    REFERRING_DOMAINS,
    LINKED_DOMAINS,
    REFERRING_NETWORKS,
    LINKING_PAGES,
    TARGET_PAGES,
    ANCHOR_TEXTS,
    DISAVOW_ENTRIES,
    PLACEMENTS,
    LABELS,
    DECISIONS,
    RANKINGS,
    PERFORMANCE,
    VISIBILITY,
    EVENTS,
)
