"""Temporary typed relations in which a reader hands one file to the staging SQL, inside that file's transaction.

Names carry no schema (``arrived_links``). Readers fill them by name; a column a format does not have stays null.
Rows are handed over once and never landed raw.
"""

from __future__ import annotations

from transforms.schemas.table import Column, Table, count, date, flag, number, text
from transforms.schemas.vocabulary import DIMENSION_SETS, EVENT_KINDS

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
    date("first_seen_on", "The provider's discovery date; not the day the link was made."),
    date("last_seen_on", "The provider's last sight of it."),
    flag("is_lost", "The provider says it is gone."),
    date("lost_on", "Day the provider says it was lost."),
)

LINKS = _arrived("links", "link row", "Links to the site.", (ROW_NUMBER, *LINK_FIELDS))

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
        date("ranked_on", "Day of the check.", required=True),
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
        text("country", "Country name as the export spells it."),
        text("appearance", "Search appearance."),
        date("performed_on", "The day, for daily rows."),
        date("starts_on", "First day of the period, for totals; null when the export does not say."),
        date("ends_on", "Last day of the period, for totals; null when the export does not say."),
        number("clicks", "Clicks.", required=True),
        number("impressions", "Impressions.", required=True),
        number("position", "Mean position; null without impressions."),
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

TABLES = (FILE, HOSTS, LINKS, OUTLINKS, RANKINGS, PERFORMANCE, EVENTS)
