"""The part of ``signals`` that finds links which belong together, and those the team knows."""

from __future__ import annotations

from transforms.schemas.staging import LINK_ID, PROVIDER, SITE, SOURCE_DOMAIN
from transforms.schemas.table import Table, count, date, flag, number, text
from transforms.schemas.vocabulary import TELLERS, TOLD_ORIGINS

LOCKSTEP_EDGES = Table(
    name="signals.lockstep_edges",
    one_row_per="site, provider, referring domain, page linked to and day",
    description=(
        "Who first linked which page when. Listed one by one are edges that may belong to a group of sources acting "
        "together; all others are added up, with an empty source or page, so that the counts add to all edges with a "
        "date."
    ),
    key=("site_domain", "provider", "source_domain", "target_url", "day"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        text("source_domain", "Referring domain; empty: sources that cannot be in a group.", required=True),
        text("target_url", "Page linked to; empty: pages that cannot be in a group.", required=True),
        date("day", "Earliest first_seen_on of the links that join the two.", required=True),
        count("edge_count", "Pairs of referring domain and page; 1 where both are listed.", required=True),
    ),
)

LOCKSTEP_MEMBERS = Table(
    name="signals.lockstep_members",
    one_row_per="site, provider and referring domain that belongs to a group of sources acting together",
    description=(
        "Many sources that link the same pages within days, more than chance and the popularity of these pages on "
        "these days explain: a link network or programme. A group may hit several monitored sites. Counts and days are "
        "those of the whole group."
    ),
    key=("site_domain", "provider", "source_domain"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        text(
            "group_id", "The group: named by its earliest link, so that it keeps its name as it grows.", required=True
        ),
        count("link_count", "Pages of the site that the source linked as one of the group.", required=True),
        count("source_count", "Referring domains of the group, on all sites.", required=True),
        count(
            "target_count",
            "Pages the group linked, on all sites, but for those that others link as much.",
            required=True,
        ),
        count("site_count", "Monitored sites the group linked.", required=True),
        date("starts_on", "Day of the group's first link.", required=True),
        date("ends_on", "Day of its last link.", required=True),
        number(
            "chance",
            "Upper bound of how many such groups chance would make in the whole index, when sources and pages are "
            "joined at random and keep their links and days.",
            required=True,
        ),
    ),
)

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

TOLD_LINKS = Table(
    name="signals.told_links",
    one_row_per="link of which the team itself knows something",
    description=(
        "What labels, allow-list, placements and disavow file say of a link, by its page or its domain. Sparse: of "
        "other links the team says nothing. A disavow entry is no origin: it says only that somebody disowned the link."
    ),
    key=("link_id",),
    slice="site",
    columns=(
        LINK_ID,
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        text("told_by", "What speaks; of several the strongest.", required=True, allowed=TELLERS),
        text(
            "told_origin",
            "Origin that takes the place of the one worked out; null where the team names none, as for all links on "
            "the allow-list.",
            allowed=TOLD_ORIGINS,
        ),
        date("told_on", "Day of the judgement or placement; null = not said, or sites.toml says it."),
        text("told_subject", "Page, host or domain that matched.", required=True),
        text("label_who", "Who judged it, where a label speaks."),
        flag("is_allowed", "On the allow-list: never risky, never proposed for disavowal.", required=True),
        flag("is_declared", "The page stands in the team's list of placements.", required=True),
        text("campaign", "Campaign of the placement."),
        flag("is_disavowed", "The page or its domain stands in the site's disavow file.", required=True),
    ),
)

TABLES = (
    LOCKSTEP_EDGES,
    LOCKSTEP_MEMBERS,
    DOMAIN_EDGES,
    EXCHANGE_DEGREES,
    EXCHANGE_CANDIDATES,
    EXCHANGE_PROFILES,
    EXCHANGE_PARTNERS,
    LINK_LIVES,
    PAGE_ARRIVALS,
    LINK_BATCHES,
    BATCH_MEMBERS,
    TOLD_LINKS,
)
