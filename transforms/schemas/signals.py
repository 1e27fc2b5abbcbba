"""Where each link comes from, daily counts per site and origin, visibility per site and segment."""

from __future__ import annotations

from transforms.schemas import signals_groups, signals_rules, signals_visibility
from transforms.schemas.staging import PROVIDER, SITE, SOURCE_DOMAIN
from transforms.schemas.table import Table, count, date, flag, number, text
from transforms.schemas.vocabulary import ORIGINS, PLACEMENT_KINDS

ORIGIN = text("origin", "Most likely origin.", required=True, allowed=ORIGINS)

DOMAIN_ORIGINS = Table(
    name="signals.domain_origins",
    one_row_per="site, provider and referring domain",
    description=(
        "The origin of a referring domain: that of its most probable link among those first seen on its first day. "
        "A domain is new to a site once, and counts under one origin."
    ),
    key=("site_domain", "provider", "source_domain"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        ORIGIN,
        number("probability", "Probability of the origin, 0 to 1.", required=True),
        date("first_seen_on", "Earliest first_seen_on of its links; null when the provider gives no dates."),
        date("lost_on", "Day its last link was lost; null while any link stands or nothing proves the loss."),
        count("link_count", "Links of the domain to the site.", required=True),
        number("source_authority", "Highest domain-level authority given, 0 to 100."),
    ),
)

PROFILE_ORIGINS = Table(
    name="signals.profile_origins",
    one_row_per="site, provider and origin",
    description=(
        "What a link profile is made of, counted three ways: links, referring domains under the origin each has, and "
        "referring domains by probability. One site-wide link neither hides nor dominates a profile in the last two. "
        "What is disclosed as paid is unknown in all three, not arranged."
    ),
    key=("site_domain", "provider", "origin"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        ORIGIN,
        count("link_count", "Links of the origin.", required=True),
        count("domain_count", "Referring domains of the origin, as in signals.domain_origins.", required=True),
        number(
            "expected_domain_count",
            "Referring domains expected to be of the origin: the mean probability over the links of a domain, summed "
            "over the domains. The origins of a profile add to its domains.",
            required=True,
        ),
    ),
)

DAILY_LINKS = Table(
    name="signals.daily_links",
    one_row_per="site, provider, origin and day with any count",
    description="Daily counts. Sparse: a day inside the series' span (signals.link_series) without a row is zero.",
    key=("site_domain", "provider", "origin", "day"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        ORIGIN,
        date("day", "UTC day of first_seen_on (or lost_on for losses).", required=True),
        count("new_domain_count", "Referring domains new to the site.", required=True),
        count("new_link_count", "Links first seen.", required=True),
        count("lost_domain_count", "Referring domains whose last link was lost.", required=True),
    ),
)

LINK_SERIES = Table(
    name="signals.link_series",
    one_row_per="site and provider",
    description="The span of a series: it ends at its own last export; beyond lies the unknown, never zero.",
    key=("site_domain", "provider"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        date("starts_on", "Earliest first_seen_on; null when the provider gives no dates."),
        date("ends_on", "Day of the newest export.", required=True),
        flag("is_truncated", "The newest export met a row cap.", required=True),
        date(
            "complete_from_on",
            "First day of the newest unbroken run of days that exports list whole. Days before are known in part only: "
            "a rise on this day is one of the exports. Null: every export was cut off in an unknown order, so that all "
            "days are known in part, or there are no dates.",
        ),
        date(
            "complete_until_on",
            "Last day of that run; later days come from exports that were cut off in an unknown order.",
        ),
        count("export_count", "Distinct export days.", required=True),
        count("link_count", "Links known.", required=True),
        count("domain_count", "Referring domains known.", required=True),
        number("dated_share", "Share of links with a first_seen_on, 0 to 1.", required=True),
        date("loss_horizon_on", "Earliest last_seen_on or lost_on: older losses are not listed by the provider."),
    ),
)

DISCOVERY_LAG = Table(
    name="signals.discovery_lag",
    one_row_per="site, provider and age of a day",
    description=(
        "How much of a day an export lists that is made so many days later: providers publish links days after the day "
        "they give as first sight. Told by successive exports of a site, pooled over the sites of a provider; ages "
        "without enough evidence have no row, and a provider of which every site has one export has none."
    ),
    key=("site_domain", "provider", "age_days"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        count("age_days", "Days from the day to the export, 0 to 60.", required=True),
        number(
            "listed_share",
            "Share of the referring domains first seen on a day, and listed later, that an export of that age listed.",
            required=True,
        ),
        count("domain_count", "Pairs of domain and export the share comes from.", required=True),
        flag("is_pooled", "From all sites of the provider; false: from this site's own exports.", required=True),
    ),
)

SHARED_SOURCES = Table(
    name="signals.shared_sources",
    one_row_per="site, provider and referring domain that was new to another monitored site on the same day",
    description=(
        "One source at several sites, such as a network that links to all sites of one owner: told apart from a day on "
        "which the provider's crawler caught up, when sites gain different sources."
    ),
    key=("site_domain", "provider", "source_domain"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        ORIGIN,
        date("day", "Day on which the domain was new to these sites.", required=True),
        count("site_count", "Monitored sites to which it was new that day, this one too; at least 2.", required=True),
        count("owner_count", "Owners of them; a site whose owner nothing tells counts as one.", required=True),
        flag("is_one_owner", "Whether sites.toml says that all are of one owner; null where it does not say."),
    ),
)

PLACEMENTS_STANDING = Table(
    name="signals.placements_standing",
    one_row_per="link the team placed",
    description=(
        "Whether a link that the team placed is seen by any provider, and whether it still stands. Lost only where "
        "every provider that saw it says or proves so; a placement that nobody saw is not lost."
    ),
    key=("site_domain", "source_url", "target_url"),
    slice="site",
    columns=(
        SITE,
        text("source_url", "Page on which the link was placed, as the team writes it.", required=True),
        SOURCE_DOMAIN,
        text("target_url", "Page of the site it leads to; null = not said."),
        text("kind", "How it came about.", allowed=PLACEMENT_KINDS),
        text("campaign", "Campaign it belongs to."),
        date("placed_on", "Day it was placed."),
        date("removed_on", "Day the team had it taken away; null = still there or not known."),
        flag("is_seen", "Whether any provider lists a link from that page to the site.", required=True),
        count("provider_count", "Providers that list one.", required=True),
        date("first_seen_on", "Earliest first sight."),
        date("last_seen_on", "Latest sight, or the day of the export that still lists it."),
        flag("is_lost", "Seen once, and gone everywhere.", required=True),
        date("lost_on", "Day the last of its links was lost; null unless lost."),
    ),
)

TABLES = (
    *signals_rules.TEXT_TABLES,
    *signals_groups.TABLES,
    *signals_rules.VERDICT_TABLES,
    DOMAIN_ORIGINS,
    PROFILE_ORIGINS,
    DAILY_LINKS,
    LINK_SERIES,
    DISCOVERY_LAG,
    SHARED_SOURCES,
    PLACEMENTS_STANDING,
    *signals_visibility.TABLES,
)
