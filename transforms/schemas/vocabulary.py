"""Allowed words shared by several tables; each means one thing everywhere."""

from __future__ import annotations

ORIGINS = ("natural", "bought", "exchanged", "guest_post", "link_programme", "spam", "unknown")
"""Where a link comes from."""

RISKY_ORIGINS = ("bought", "exchanged", "guest_post", "link_programme")
"""Origins a site arranges itself and that search-engine policy speaks of. Spam is not of the site's doing."""

ORIGIN_GROUPS = ("arranged", "spam", "unknown", "natural")
"""Origins that are tested together: arranged by the site (the risky ones), and each of the others; natural links are
the negative control."""

ANCHOR_KINDS = ("empty", "address", "brand", "commercial", "repeated", "other")
"""What a link text is: an address, the site's name, a commercial phrase, a keyword of many domains, other words."""

TARGET_KINDS = ("home", "commercial", "informational", "file", "other")
"""What a page of the site looks like by its address; a file is an image or a document."""

PART_NAMES = ("source", "network", "anchor", "anchor_kind", "target", "target_kind", "origin", "site")

SURGE_SHAPES = ("burst", "drip")
"""How a surge came: within days or weeks, or a little more every week for months."""

SURGE_CORRECTIONS = (
    "crawler_day",
    "recent_level",
    "survivors",
    "discovery_lag",
    "season",
    "partial_exports",
)
"""What was corrected in the test that found a surge, in the order told."""

SURGE_READINGS = ("earned_growth", "shared_source", "concentrated", "synchronous", "mixed", "unclear")
"""What kind of event a surge is by its composition; only earned growth changes what is alerted."""

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

CONTRAST_KINDS = ("page", "keyword")
"""What of a site is compared with the rest of it when a surge is put beside a drop."""

LAG_WINDOWS = ("1-14", "7-45", "30-180", "any", "-45--1")
"""Windows of days from surge to drop that the tests of association look at: three declared ones, whether any of them
stands out, and the reverse."""

TIERS = ("low", "raised", "high", "severe", "not_assessed")

BASES = ("links", "rankings", "both", "none")

FORECAST_BASES = ("both", "rankings", "links", "prior")
"""What a forecast rests on; prior = only what the simulated worlds and the portfolio's other sites show."""

EVENT_KINDS = (
    "update",
    "data_break",
    "outage",
    "manual_action",
    "site_change",
    "link_removal",
    "disavow",
    "reconsideration",
)

RECOVERY_KINDS = ("update", "manual_action", "site_change", "link_removal", "disavow", "reconsideration")
"""Kinds of event that are told on the way back from a drop."""

PLACEMENT_KINDS = ("bought", "exchanged", "guest_post", "link_programme", "earned", "other")
"""How a team says a link of its own came about."""

TOLD_ORIGINS = tuple(origin for origin in ORIGINS if origin != "unknown")
"""Origins a team may give a link: unknown is no judgement."""

LABEL_ORIGINS = (*TOLD_ORIGINS, "allowed")
"""What a team may say of a link or domain: where it comes from, or that it is on the allow-list."""

LABEL_SUBJECTS = ("link", "domain")
"""What a judgement is about."""

TELLERS = (
    "allow_list",
    "label_link",
    "label_domain",
    "placement",
    "disavow_link",
    "disavow_domain",
)
"""What of the team's own knowledge speaks of a link, the strongest first."""

TARGET_REPORTS = ("external", "internal", "best_by_links")
"""Which links a list of linked pages counts."""

VISIBILITY_METRICS = (
    "sistrix_visibility",
    "organic_traffic",
    "organic_keywords",
    "organic_traffic_cost",
    "paid_traffic",
    "paid_keywords",
    "paid_traffic_cost",
)
"""What a provider's index or estimate of a whole site measures."""

DIMENSION_SETS = (
    "site",
    "day",
    "query",
    "page",
    "country",
    "device",
    "appearance",
    "page_query",
    "page_country",
    "page_device",
    "query_country",
    "query_device",
    "country_device",
    "page_country_device",
    "query_country_device",
    "page_query_country",
    "page_query_device",
    "page_query_country_device",
)
"""What one search-performance row is split by; sets are never summed with each other. ``day`` is the whole site on one
day, ``site`` the whole site over a period (a week, a month); every other word names the dimensions, and whether a row
speaks of a day or of a period is said by its days."""

SEGMENT_KINDS = ("site", "page", "directory", "keywords", "market", "device")
"""What a series of visibility is about: the whole site, or a part of it."""

KEYWORD_GROUPS = ("brand", "other")
"""Whether a keyword names the site."""

SEARCH_DIMENSIONS = ("page", "query", "country", "device")
"""Dimensions of search performance that parts of a site are made of."""

KEPT_PROVIDERS = ("calendar", "placements", "labels", "decisions")
"""Lists that a team keeps itself: they come when something happened, may speak of days to come, and may get shorter.
They are no feed that can be late, and their days are no reason to assess a night."""

NIGHTLY_FEEDS = ("backlinks", "rankings")
"""Nightly feeds: which DAG reads a file."""

FILE_STATUSES = ("loaded", "set_aside")

SITE_STANDINGS = ("listed", "inferred", "faulty", "unlisted")

CADENCES = ("daily", "weekly", "monthly")

CADENCE_SOURCES = ("listed", "inferred", "assumed")

ALERT_STATUSES = ("new", "acknowledged", "handled", "false_alarm")
"""What people say of an alert: nothing yet; seen; dealt with, so it was right; what it told was not so."""

ALERT_STEPS = ("new", "confirmed", "worse", "cleared")
"""What of a finding an alert tells: that it is there, that it is sure now, that it got worse, that it is over."""

DECIDED_THROUGH = ("command", "form", "file")
"""How a decision about an alert comes in: the command line, the Airflow form, decisions.csv."""

ALERT_KINDS = (
    "surge",
    "drop",
    "pair",
    "batch_lost",
    "network",
    "manual_action",
    "stale_feed",
    "held_back",
    "outage",
)
"""What an alert is about; outage: one event or one stopped provider that touches many sites, told once."""

SEVERITIES = ("info", "warning", "critical")
