"""Where each link comes from, daily counts per site and origin, visibility per site and segment."""

from __future__ import annotations

from transforms.schemas.staging import LINK_ID, PROVIDER, SITE, SOURCE_DOMAIN
from transforms.schemas.table import Column, Table, count, date, flag, number, text
from transforms.schemas.vocabulary import ORIGINS

ORIGIN = text("origin", "Most likely origin.", required=True, allowed=ORIGINS)

DOMAIN_EDGES = Table(
    name="signals.domain_edges",
    one_row_per="site, provider, direction and other domain",
    description="Who links to a site (in) and whom it links to (out), by registrable domain, as its exports tell.",
    key=("site_domain", "provider", "direction", "other_domain"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        text("direction", "in: it links to the site; out: the site links to it.", required=True, allowed=("in", "out")),
        text("other_domain", "Registrable domain at the other end.", required=True),
        date("linked_on", "Day the first link was first seen; null = no day, or one of the crawler's own."),
        date("first_seen_on", "The same, whatever the day is worth."),
        date("lost_on", "in: day the last link was lost; null while one stands or nothing proves the loss."),
        date("observed_on", "in: newest export that holds a link."),
        number("authority", "Highest domain-level authority given, 0 to 100."),
        text("page_url", "Page of the site that links out, the first by name; null for in and for lists of domains."),
        text("target_url", "Page it links to."),
        flag("is_hub", "A platform, or a domain that very many sites link to; no sign of exchange.", required=True),
    ),
)

EXCHANGE_DEGREES = Table(
    name="signals.exchange_degrees",
    one_row_per="site",
    description="How many domains link to a site and are linked from it, hubs left out.",
    key=("site_domain",),
    slice="site",
    columns=(
        SITE,
        count("linking_domain_count", "Domains that link to the site.", required=True),
        count("linked_domain_count", "Domains that the site links to, as far as its own exports tell.", required=True),
        flag("is_told", "Whether any export of the site tells its links out.", required=True),
    ),
)

EXCHANGE_FORMS = ("mutual", "ring_of_three", "ring_of_four")
_EXCHANGE = (
    text(
        "form",
        "mutual: the site links back at once; ring_of_three, ring_of_four: over one or two other domains.",
        required=True,
        allowed=EXCHANGE_FORMS,
    ),
    text("through", "Rings: the domains between the site and the source, in order, joined by ' > '."),
    count(
        "days_apart",
        "Fewest days between the first sights of link in and link out (rings: between the first and last of all links "
        "whose day is known); null = not known.",
    ),
    text("link_out_url", "Page of the site that links out, the first by name; null = only the domain is known."),
    text("link_out_target_url", "Page that it links to."),
)

EXCHANGE_CANDIDATES = Table(
    name="signals.exchange_candidates",
    one_row_per="site, linking domain that the site links back to, at once or over others, and form",
    description="What signals.exchange_partners judges: days and what lies near by chance.",
    key=("site_domain", "source_domain", "form"),
    slice="site",
    columns=(
        SITE,
        SOURCE_DOMAIN,
        *_EXCHANGE,
        date("in_on", "Day of the link in."),
        date("out_on", "Day of the link out."),
        count("known_day_count", "Links of the exchange whose day is known.", required=True),
        count("way_count", "Rings of this form through the site, whatever their days; 1 for mutual.", required=True),
        number(
            "near_share",
            "Share of the site's other links that came within swap_days of these: the chance of such nearness.",
        ),
    ),
)

EXCHANGE_PROFILES = Table(
    name="signals.exchange_profiles",
    one_row_per="site",
    description=(
        "How much a site exchanges links, against what is ordinary. Where is_told is false the links out are not known "
        "and nothing can be told: the count and what is derived from it are null."
    ),
    key=("site_domain",),
    slice="site",
    columns=(
        SITE,
        flag("is_told", "Whether any export of the site tells its links out.", required=True),
        count("linking_domain_count", "Domains that link to the site, hubs left out.", required=True),
        count("linked_domain_count", "Domains that the site links to, hubs left out."),
        count("mutual_count", "Linking domains that are linked back."),
        number("expected_count", "Linking domains that an ordinary site of these degrees links back."),
        number("excess_count", "mutual_count less expected_count."),
        number("excess_low_count", "Lower end of its 90 % interval."),
        number("excess_high_count", "Upper end of its 90 % interval."),
        number("p_value", "Chance that an ordinary site links back so many or more."),
        count("dated_count", "Mutual links with both days known."),
        count("synchronous_count", "Of these, with days at most swap_days apart."),
        number("expected_synchronous_count", "What the days of the site's other links let expect of these."),
        number("synchronous_p_value", "Chance of so many or more by those days."),
        flag("is_beyond_expected", "More links back than ordinary, or more of them at one time than chance."),
    ),
)

EXCHANGE_PARTNERS = Table(
    name="signals.exchange_partners",
    one_row_per="site and linking domain with which an exchange can be seen",
    description=(
        "Linking domains that the site links back to, at once or in a ring. Most healthy sites have some: only what is "
        "synchronous, or part of more than is ordinary, speaks for an agreement."
    ),
    key=("site_domain", "source_domain"),
    slice="site",
    columns=(
        SITE,
        SOURCE_DOMAIN,
        *_EXCHANGE,
        number(
            "log_odds",
            "How much likelier the days are under an agreement than by chance, natural logarithm; null without days.",
        ),
        number("probability", "Chance that the days were agreed, given the share of such pairs at the site, 0 to 1."),
        flag("is_synchronous", "Days within swap_days and rather agreed than chance; null without days."),
        flag("is_beyond_expected", "As in signals.exchange_profiles; null where the site's links out are not told."),
        count("partner_site_count", "Monitored sites with which the domain exchanges, this one too.", required=True),
    ),
)

LINK_LIVES = Table(
    name="signals.link_lives",
    one_row_per="site, provider, day of arrival, days of loss and step of authority",
    description="How many referring domains came on a day and were lost on a day: what rented batches are told from.",
    key=("site_domain", "provider", "placed_on", "lost_on", "lost_after_on", "authority_band"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        date("placed_on", "First sight of the domain's first link.", required=True),
        date("lost_on", "Day its last link was lost; null while one stands or nothing proves the loss."),
        date("lost_after_on", "Last export that held it, where only a later one that lacks it proves the loss."),
        count("authority_band", "Highest domain-level authority, rounded down to fives; null = not known."),
        count("domain_count", "Referring domains.", required=True),
        date("ends_on", "Day of the newest export of the series.", required=True),
    ),
)

PAGE_ARRIVALS = Table(
    name="signals.page_arrivals",
    one_row_per="site, provider, deep page and referring domain new to it while several came with short anchors",
    description="What bought batches are told from: the first link of a domain to a page, and what is ordinary there.",
    key=("site_domain", "provider", "target_url", "source_domain"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        text("target_url", "Page linked to.", required=True),
        SOURCE_DOMAIN,
        date("placed_on", "First sight of the link.", required=True),
        LINK_ID,
        number("authority", "Domain-level authority, 0 to 100."),
        flag(
            "is_keyword",
            "The anchor is short and no address, name of the site or word such as here; nothing discloses it as paid.",
            required=True,
        ),
        count("page_domain_count", "Referring domains of the page.", required=True),
        date("page_begins_on", "Day of the first of them.", required=True),
        date("page_ends_on", "Day of the last of them.", required=True),
        count("site_domain_count", "The same, summed over pages of the site that were looked at.", required=True),
        count("site_keyword_count", "Of these, with a keyword and from a domain that is not weak.", required=True),
        count(
            "full_week_count", "Weeks of pages in which enough came for a batch: how many were tested.", required=True
        ),
    ),
)

BATCH_KINDS = ("purchase", "rented")
BATCH_ID = text("batch_id", "From site, provider, kind, page or term, and first day.", required=True)
KIND = text(
    "kind",
    "purchase: came together to one page; rented: came together and vanished together at the end of a term.",
    required=True,
    allowed=BATCH_KINDS,
)

LINK_BATCHES = Table(
    name="signals.link_batches",
    one_row_per="batch",
    description="Links that look bought or rented together, beyond what the site's own past explains.",
    key=("batch_id",),
    slice="site",
    columns=(
        BATCH_ID,
        SITE,
        PROVIDER,
        KIND,
        date("placed_from_on", "First day on which one of them was first seen.", required=True),
        date("placed_to_on", "Last such day.", required=True),
        date("lost_from_on", "Rented: first day on which one was lost."),
        date("lost_to_on", "Rented: last such day."),
        count("months", "Rented: the term, 1, 3, 6 or 12."),
        count("domain_count", "Referring domains.", required=True),
        number("expected_count", "Domains expected in the same days (and band) by chance.", required=True),
        number(
            "p_value", "Chance of so many or more there; what is listed allows for the number of tests.", required=True
        ),
        text("target_url", "Purchase: the page."),
        number("authority_low", "Purchase: least authority of the band."),
        number("authority_high", "Purchase: authority below which the band ends."),
    ),
)

BATCH_MEMBERS = Table(
    name="signals.batch_members",
    one_row_per="link of a batch",
    description="Which links make up a batch; a link is in one at most.",
    key=("link_id",),
    slice="site",
    columns=(LINK_ID, SITE, PROVIDER, BATCH_ID, KIND),
)

LINK_EVIDENCE = Table(
    name="signals.link_evidence",
    one_row_per="link and rule that applies to it",
    description="What speaks for an origin: one named rule a row, so that a person can check and argue with it.",
    key=("link_id", "rule"),
    slice="site",
    columns=(
        LINK_ID,
        SITE,
        PROVIDER,
        text("rule", "Name of the rule, as in docs/methods.md.", required=True),
        text("origin", "Origin the rule speaks for.", required=True, allowed=ORIGINS),
        number("weight", "Log-odds added for that origin (negative: taken away).", required=True),
        text("seen", "What was seen, cut at 120 characters."),
        text("policy_clause", "Clause of the link spam policy (L1 to L11), or null."),
    ),
)

LINK_ORIGINS = Table(
    name="signals.link_origins",
    one_row_per="link",
    description=(
        "The origin with the largest summed log-odds, its softmax probability against the other origins (not yet "
        "calibrated), and the evidence. unknown when no origin reaches the least evidence asked, or when a link that "
        "looks arranged is disclosed (rel=sponsored): that is within policy."
    ),
    key=("link_id",),
    slice="site",
    columns=(
        LINK_ID,
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        ORIGIN,
        number("probability", "Probability of that origin, 0 to 1.", required=True),
        date("known_from_on", "First day on which our exports let us say so.", required=True),
        date("known_until_on", "Last such day; null = still so."),
        Column(
            name="evidence", type="EVIDENCE", description="Rules that applied, strongest first by name.", required=True
        ),
    ),
)

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

VISIBILITY = Table(
    name="signals.visibility",
    one_row_per="site, segment, provider and day",
    description=(
        "How visible the site was. Search performance: clicks. Trackers: search volume times a click curve over a "
        "fixed basket of keywords; an unranked keyword counts zero, it is not left out."
    ),
    key=("site_domain", "segment", "provider", "day"),
    slice="site",
    columns=(
        SITE,
        text("segment", "site = the whole site.", required=True),
        PROVIDER,
        date("day", "UTC day.", required=True),
        number("visibility", "Expected or counted clicks that day.", required=True),
        number("impressions", "Impressions, from search performance; null for trackers."),
        number("position", "Mean position (search performance) or mean over the ranked basket (trackers)."),
        count("basket_size", "Keywords in the basket; null for search performance."),
        count("ranked_count", "Keywords of the basket ranked that day; null for search performance."),
    ),
)

TABLES = (
    DOMAIN_EDGES,
    EXCHANGE_DEGREES,
    EXCHANGE_CANDIDATES,
    EXCHANGE_PROFILES,
    EXCHANGE_PARTNERS,
    LINK_LIVES,
    PAGE_ARRIVALS,
    LINK_BATCHES,
    BATCH_MEMBERS,
    LINK_EVIDENCE,
    LINK_ORIGINS,
    DOMAIN_ORIGINS,
    DAILY_LINKS,
    LINK_SERIES,
    DISCOVERY_LAG,
    SHARED_SOURCES,
    VISIBILITY,
)
