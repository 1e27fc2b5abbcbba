"""Sudden rises of new referring domains, per site, provider and origin."""

from __future__ import annotations

from transforms.schemas.signals import ORIGIN
from transforms.schemas.staging import PROVIDER, SITE, SOURCE_DOMAIN
from transforms.schemas.table import Table, count, date, flag, number, text
from transforms.schemas.vocabulary import (
    ANCHOR_KINDS,
    PART_NAMES,
    SURGE_CORRECTIONS,
    SURGE_READINGS,
    SURGE_SHAPES,
    TARGET_KINDS,
)

AS_OF = date("as_of", "The day as known on which the row was worked out.", required=True)

LINK_SURGES = Table(
    name="surges.link_surges",
    one_row_per="surge, as known on a day",
    description="Episodes of new referring domains above the site's own baseline, after false discovery control.",
    key=("as_of", "surge_id"),
    slice="night",
    columns=(
        AS_OF,
        text(
            "surge_id",
            "16 hex digits from site, provider, origin and the first detected_on; kept as boundaries move.",
            required=True,
        ),
        SITE,
        PROVIDER,
        ORIGIN,
        date("starts_on", "First day of the excess.", required=True),
        date("ends_on", "Last day of the excess.", required=True),
        date("detected_on", "Night in which it was first told: the rows are the surges told by as_of.", required=True),
        flag("is_active", "The excess reaches into the last 14 days before as_of.", required=True),
        text(
            "shape",
            "burst: found by windows of up to 28 days; drip: by a sum over months, and expected_count is then what the "
            "level of half a year before lets expect.",
            required=True,
            allowed=SURGE_SHAPES,
        ),
        count("observed_count", "New referring domains from start to end.", required=True),
        number("expected_count", "Expected number in those days.", required=True),
        number("excess_count", "Observed less expected.", required=True),
        number("excess_low_count", "Observed less what is exceeded without a surge once in 20.", required=True),
        number("excess_high_count", "Observed less what is not reached without a surge once in 20.", required=True),
        count("window_days", "Scan window that gave the smallest p-value, in days.", required=True),
        number("dispersion", "Variance to mean ratio of the baseline.", required=True),
        number("p_value", "Chance of such an excess without a surge, over all windows.", required=True),
        number(
            "q_value",
            "Benjamini–Hochberg q over all 28-day periods of the run, two years worked out at once (half the budget "
            "for risky origins). Ranks a backfill; which surges are told, the nights decide (detected_on).",
            required=True,
        ),
        text(
            "corrections",
            f"Corrections applied, as JSON list of keys: {', '.join(SURGE_CORRECTIONS)}.",
            required=True,
        ),
    ),
)

LINK_SERIES_ASSESSED = Table(
    name="surges.assessed_series",
    one_row_per="site, provider and origin, as known on a day",
    description="What was tested and what cannot be told yet, and why: no data is never shown as no surge.",
    key=("as_of", "site_domain", "provider", "origin"),
    slice="night",
    columns=(
        AS_OF,
        SITE,
        PROVIDER,
        ORIGIN,
        text(
            "status",
            "tested, or why not.",
            required=True,
            allowed=("tested", "insufficient_history", "no_dates"),
        ),
        date("tested_from_on", "First day tested; null when not tested."),
        date("tested_until_on", "Last day tested; null when not tested."),
        count("history_days", "Days in the series.", required=True),
        number("mean_count", "Mean new referring domains a day in the tested days.", required=True),
    ),
)

_SURGE = text("surge_id", "As in surges.link_surges.", required=True)

SURGE_MEMBERS = Table(
    name="surges.surge_members",
    one_row_per="surge of the last run and referring domain new in its days",
    description=(
        "The domains that a surge consists of, of its own origin. Host, page, link text and target are those of the "
        "link that gave the domain its origin."
    ),
    key=("surge_id", "source_domain"),
    slice="site",
    columns=(
        _SURGE,
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        date("first_seen_on", "Day on which the domain was new to the site.", required=True),
        text("source_host", "Host of the linking page.", required=True),
        text("source_url", "The linking page.", required=True),
        count("link_count", "Links of the domain first seen from that day to the end of the surge.", required=True),
        count("host_count", "Hosts they stand on.", required=True),
        text(
            "network",
            "What the domain has in common with others: a platform of other people's sites (*.pages.dev), or an "
            "address or title that pages of five or more domains share (digits as #); null when it stands for itself.",
        ),
        text("anchor_text", "Link text; empty when the link has none."),
        text("anchor_kind", "What the link text is.", required=True, allowed=ANCHOR_KINDS),
        text("target_url", "Page of the site that is linked to.", required=True),
        text("target_kind", "What that page looks like, by its address.", required=True, allowed=TARGET_KINDS),
        flag("is_nofollow", "rel=nofollow; null when not told."),
        number("source_authority", "Highest domain-level authority given, 0 to 100; null when not told."),
        count("other_site_count", "Other monitored sites the domain came to in the days of the surge.", required=True),
    ),
)

SURGE_PARTS = Table(
    name="surges.surge_parts",
    one_row_per="surge, part and value among its largest, as known on a night",
    description=(
        "What makes up a surge: the largest sources (by new links), networks, link texts and their kinds, target pages "
        "and their kinds (by domains), the origins of all new domains of the same days, and the other monitored sites "
        "that the same domains came to."
    ),
    key=("as_of", "surge_id", "part", "place"),
    slice="night",
    columns=(
        AS_OF,
        _SURGE,
        SITE,
        PROVIDER,
        text("part", "What is counted.", required=True, allowed=PART_NAMES),
        count("place", "1 is the largest.", required=True),
        text("value", "Domain, network, text, path, kind, origin or site.", required=True),
        count("item_count", "New links (source) or domains.", required=True),
        number("share", "Share of the whole surge, 0 to 1; of all new domains of its days for origin.", required=True),
        count("value_count", "Different values of the part in the surge.", required=True),
        number("variety", "Inverse Simpson index of the part: values, had all the same size.", required=True),
        flag("is_same_owner", "site: whether sites.toml says it is of the same owner; null = not told."),
    ),
)

SURGE_COMPOSITION = Table(
    name="surges.surge_composition",
    one_row_per="surge, as known on a night",
    description=(
        "What kind of event a surge is: how concentrated, how synchronous, how it fades, with whom it is shared, and a "
        "reading of that. Earned growth does not alarm. Shares are of the surge's new domains, 0 to 1."
    ),
    key=("as_of", "surge_id"),
    slice="night",
    columns=(
        AS_OF,
        _SURGE,
        SITE,
        PROVIDER,
        ORIGIN,
        text(
            "reading",
            "earned_growth: many varied sources to pages that inform, fading; shared_source: the same domains came "
            "to other monitored sites; concentrated: one network or link text; synchronous: one day; mixed: both of "
            "these; unclear.",
            required=True,
            allowed=SURGE_READINGS,
        ),
        text("reasons", "What speaks for the reading, as JSON list of keys.", required=True),
        count("source_domain_count", "New referring domains in the days of the surge.", required=True),
        count("source_host_count", "Hosts their new links stand on.", required=True),
        count("link_count", "Their new links in those days.", required=True),
        text("top_source_domain", "Domain with most new links.", required=True),
        number("top_source_share", "Its share of the new links.", required=True),
        number("source_variety", "Inverse Simpson index of the domains, by new links.", required=True),
        text("top_network", "Largest platform, shared address or shared title; a domain where none.", required=True),
        number("top_network_share", "Its share.", required=True),
        number("network_variety", "Independent sources: inverse Simpson index of the networks.", required=True),
        text("top_anchor", "Most frequent link text, lower case; null when no link has one."),
        number("top_anchor_share", "Its share."),
        number("anchor_variety", "Inverse Simpson index of the link texts."),
        number(
            "keyword_anchor_share", "Commercial link texts, and keywords that five or more domains use.", required=True
        ),
        number("brand_anchor_share", "Link texts that name the site.", required=True),
        number("address_anchor_share", "Link texts that are an address.", required=True),
        number("empty_anchor_share", "Links without text.", required=True),
        number("worded_anchor_share", "Most frequent link text that is neither name nor address.", required=True),
        text("top_target", "Path most linked to.", required=True),
        number("top_target_share", "Its share.", required=True),
        number("target_variety", "Inverse Simpson index of the paths.", required=True),
        number("home_target_share", "Links to the home page.", required=True),
        number("commercial_target_share", "Links to pages that sell, by their address.", required=True),
        number(
            "informational_target_share", "Links to articles, guides and the like, by their address.", required=True
        ),
        number(
            "arranged_share",
            "Origins a site arranges itself among all new domains of the site in the same days, without spam.",
            required=True,
        ),
        date("peak_on", "Day with most new domains.", required=True),
        number("peak_share", "Its share.", required=True),
        number("two_day_share", "Largest share of two days on end.", required=True),
        count("half_days", "Days from the start until half of the domains had come.", required=True),
        number("later_share", "Share in the later half of the days; null = fewer than four days after the peak."),
        number("decay_ratio", "Later over earlier half of the days after the peak; null = too few days, or none came."),
        number("nofollow_share", "Domains whose link is not followed, of those known."),
        number("authority_median", "Median authority of the domains, 0 to 100; null when the provider gives none."),
        count("shared_domain_count", "Domains that came to another monitored site in the same days.", required=True),
        number("shared_share", "Their share.", required=True),
        count("shared_site_count", "Other monitored sites they came to.", required=True),
        text("shared_host", "Source host that came to most other monitored sites."),
        text("shared_with", "Those sites, the five with most domains in common, by name."),
        flag("is_same_owner", "Whether one of them is of the same owner by sites.toml; null = not told."),
    ),
)

SURGE_DECLARATIONS = Table(
    name="surges.surge_declarations",
    one_row_per="surge in which the team placed links itself, as known on a night",
    description=(
        "How much of a surge stands in the team's list of placements. A campaign of the team's own raises no alarm; "
        "risk counts it like any other surge."
    ),
    key=("as_of", "surge_id"),
    slice="night",
    columns=(
        AS_OF,
        _SURGE,
        SITE,
        PROVIDER,
        count("source_domain_count", "New referring domains in the days of the surge.", required=True),
        count("declared_domain_count", "Of these, domains with a page in the list of placements.", required=True),
        number("declared_share", "Their share, 0 to 1.", required=True),
        flag(
            "is_declared", "Whether they are most of the surge, so that it is the team's own campaign.", required=True
        ),
        text("campaign", "Campaign with most of these domains; null = no campaign is named."),
    ),
)

TABLES = (LINK_SURGES, LINK_SERIES_ASSESSED, SURGE_MEMBERS, SURGE_PARTS, SURGE_COMPOSITION, SURGE_DECLARATIONS)
