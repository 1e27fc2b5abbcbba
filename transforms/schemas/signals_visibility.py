"""How visible each site and its parts are: from trackers, search performance and indexes, one series per provider."""

from __future__ import annotations

from transforms.schemas.staging import PROVIDER, SITE
from transforms.schemas.table import Table, count, date, flag, number, text
from transforms.schemas.vocabulary import KEYWORD_GROUPS, SEARCH_DIMENSIONS, SEGMENT_KINDS

SEGMENT_KIND = text("segment_kind", "What kind of part it is.", required=True, allowed=SEGMENT_KINDS)
SEGMENT = text(
    "segment",
    "site = the whole site; page:/path, directory:/first-folder/, keywords:brand, keywords:other, market:nl, "
    "device:mobile.",
    required=True,
)
DAY = date("day", "UTC day.", required=True)
DIMENSION = text("dimension", "What parts are made of.", required=True, allowed=SEARCH_DIMENSIONS)
DIMENSION_SET = text("dimension_set", "The one set that the dimension of the site is read from.", required=True)
MEMBER_NUMBER = count(
    "member_number", "Number of the page, query, country or device within the site and run.", required=True
)
BASKET_NUMBER = count("basket_number", "Number of the keyword within the site and run.", required=True)
BASKET_SIZE = count("basket_size", "Keywords in the basket; null unless a tracker's.")
RANKED_COUNT = count("ranked_count", "Keywords of the basket ranked that day; null unless a tracker's.")
VISIBLE = number("visibility", "Expected or counted clicks that day; of an index its value.", required=True)

KEYWORD_GROUPS_TABLE = Table(
    name="signals.keyword_groups",
    one_row_per="site and keyword or query",
    description="Whether a keyword names the site, by the brand words of sites.toml or else the site's domain.",
    key=("site_domain", "keyword"),
    slice="site",
    columns=(
        SITE,
        text("keyword", "As the tracker or the search performance spells it.", required=True),
        text("keyword_group", "brand = it names the site.", required=True, allowed=KEYWORD_GROUPS),
    ),
)

TRACKED_KEYWORDS = Table(
    name="signals.tracked_keywords",
    one_row_per="keyword of a tracker's fixed basket",
    description="The keywords checked on most of a tracker's days, with the volume and page that stay theirs.",
    key=("site_domain", "provider", "keyword", "device", "country"),
    slice="site",
    columns=(
        BASKET_NUMBER,
        SITE,
        PROVIDER,
        text("keyword", "The query tracked.", required=True),
        text("device", "desktop or mobile; '' = not said.", required=True),
        text("country", "ISO 3166-1 alpha-2, lower case; '' = not said.", required=True),
        count(
            "tracked_depth", "Deepest position looked at on all days; beyond it a position is cut off.", required=True
        ),
        number("volume", "Searches a month, the newest told, at least one.", required=True),
        text("page_path", "Path of the page that ranked for it on most days, lower case; null = none ever did."),
        text("keyword_group", "As in signals.keyword_groups.", required=True, allowed=KEYWORD_GROUPS),
    ),
)

TRACKED_SEGMENTS = Table(
    name="signals.tracked_segments",
    one_row_per="keyword of a tracker's basket and part of the site it belongs to",
    description="The parts that a tracker's basket is split into, the largest of each kind, and the whole.",
    key=("site_domain", "basket_number", "segment"),
    slice="site",
    columns=(
        BASKET_NUMBER,
        SITE,
        PROVIDER,
        SEGMENT_KIND,
        SEGMENT,
        count("basket_size", "Keywords of the part.", required=True),
        number("basket_volume", "Searches a month of them together.", required=True),
    ),
)

TRACKED_VISIBILITY = Table(
    name="signals.tracked_visibility",
    one_row_per="site, segment, provider and day",
    description="Search volume times a click curve over the fixed basket of each part.",
    key=("site_domain", "segment", "provider", "day"),
    slice="view",
    is_checked=False,
    columns=(
        SITE,
        SEGMENT_KIND,
        SEGMENT,
        PROVIDER,
        DAY,
        VISIBLE,
        number("position", "Mean over the basket; unranked = one beyond the tracked depth."),
        BASKET_SIZE,
        RANKED_COUNT,
    ),
)

SEARCH_DAYS = Table(
    name="signals.search_days",
    one_row_per="site, provider, dimension and day",
    description="The days that search performance covers, by dimension, and the one dimension set it is read from.",
    key=("site_domain", "provider", "dimension", "day"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        DIMENSION,
        DIMENSION_SET,
        DAY,
    ),
)

SEARCH_MEMBERS = Table(
    name="signals.search_members",
    one_row_per="page, query, country or device of a site's search performance",
    description="Every value of the dimension sets that are read, with what it is a part of.",
    key=("site_domain", "provider", "dimension", "member"),
    slice="site",
    columns=(
        MEMBER_NUMBER,
        SITE,
        PROVIDER,
        DIMENSION,
        DIMENSION_SET,
        text("member", "Page, query, country or device, as the rows spell it.", required=True),
        text("page_path", "Path of a page, lower case, as in signals.linked_pages; the home page's is /."),
        text("keyword_group", "Of a query, as in signals.keyword_groups.", allowed=KEYWORD_GROUPS),
        flag("is_one_row_a_day", "Whether each of its rows is another day, so that rows count days.", required=True),
    ),
)

SEARCH_SEGMENTS = Table(
    name="signals.search_segments",
    one_row_per="page, query, country or device and part of the site it belongs to",
    description="The parts that a site's search performance is followed in, the largest of each kind.",
    key=("site_domain", "member_number", "segment_number"),
    slice="site",
    columns=(
        MEMBER_NUMBER,
        count("segment_number", "Number of the part within the site and run.", required=True),
        SITE,
        PROVIDER,
        SEGMENT_KIND,
        SEGMENT,
        date("starts_on", "Day of the first row of the part; before it nothing is known.", required=True),
    ),
)

SEARCH_VISIBILITY = Table(
    name="signals.search_visibility",
    one_row_per="site, segment, provider and day",
    description="Clicks of each part of a site, from search performance; a covered day without a row is zero.",
    key=("site_domain", "segment", "provider", "day"),
    slice="view",
    is_checked=False,
    columns=(
        SITE,
        SEGMENT_KIND,
        SEGMENT,
        PROVIDER,
        DAY,
        VISIBLE,
        number("impressions", "Impressions."),
        number("position", "Mean over impressions; null without any."),
    ),
)

VISIBILITY = Table(
    name="signals.visibility",
    one_row_per="site, segment, provider and day",
    description=(
        "How visible the site and each part of it was. Search performance: clicks. Trackers: search volume times a "
        "click curve over a fixed basket of keywords; an unranked keyword counts zero, it is not left out. Indexes: "
        "the provider's value (Sistrix: in thousandths). No series mixes them."
    ),
    key=("site_domain", "segment", "provider", "day"),
    slice="site",
    columns=(
        SITE,
        SEGMENT_KIND,
        SEGMENT,
        PROVIDER,
        DAY,
        VISIBLE,
        number("impressions", "Impressions, from search performance; null for others."),
        number(
            "position",
            "Mean over impressions (search performance) or over the basket, unranked = one beyond the tracked depth "
            "(trackers); null for indexes.",
        ),
        BASKET_SIZE,
        RANKED_COUNT,
    ),
)

TABLES = (
    KEYWORD_GROUPS_TABLE,
    TRACKED_KEYWORDS,
    TRACKED_SEGMENTS,
    TRACKED_VISIBILITY,
    SEARCH_DAYS,
    SEARCH_MEMBERS,
    SEARCH_SEGMENTS,
    SEARCH_VISIBILITY,
    VISIBILITY,
)
