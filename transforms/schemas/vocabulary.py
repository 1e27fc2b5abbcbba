"""Allowed words shared by several tables; each means one thing everywhere."""

from __future__ import annotations

ORIGINS = ("natural", "bought", "exchanged", "guest_post", "link_programme", "spam", "unknown")
"""Where a link comes from."""

RISKY_ORIGINS = ("bought", "exchanged", "guest_post", "link_programme")
"""Origins a site arranges itself and that search-engine policy speaks of. Spam is not of the site's doing."""

VERDICTS = ("links_likely", "links_possible", "confounded", "not_explained_by_links", "insufficient_data")

CAUSES = (
    "links",
    "update",
    "outage",
    "tracker",
    "season",
    "result_page",
    "data_break",
    "site_change",
    "unknown",
)

TIERS = ("low", "raised", "high", "severe", "not_assessed")

BASES = ("links", "rankings", "both", "none")

EVENT_KINDS = (
    "update",
    "data_break",
    "outage",
    "manual_action",
    "site_change",
    "disavow",
    "reconsideration",
)

DIMENSION_SETS = ("day", "query", "page", "country", "device", "appearance")
"""What one search-performance row is split by; sets are never summed with each other."""

FILE_STATUSES = ("loaded", "set_aside")

SITE_STANDINGS = ("listed", "inferred", "faulty", "unlisted")

CADENCES = ("daily", "weekly", "monthly")

CADENCE_SOURCES = ("listed", "inferred", "assumed")

ALERT_KINDS = ("surge", "drop", "pair", "held_back", "stale_feed")

SEVERITIES = ("info", "warning", "critical")
