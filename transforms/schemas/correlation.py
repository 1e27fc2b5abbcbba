"""Which drops follow which surges, against placebos and known causes."""

from __future__ import annotations

from transforms.schemas.signals import ORIGIN
from transforms.schemas.staging import SITE
from transforms.schemas.surges import AS_OF
from transforms.schemas.table import Table, count, date, number, text
from transforms.schemas.vocabulary import (
    CAUSES,
    CONTRAST_KINDS,
    LAG_WINDOWS,
    ORIGIN_GROUPS,
    RECOVERY_KINDS,
    VERDICTS,
)

DROP_ID = text("drop_id", "As in drops.ranking_drops.", required=True)

LINKED_SEGMENTS = Table(
    name="correlation.linked_segments",
    one_row_per="surge of the last run and page it links to",
    description="The pages that each surge leads to, named as segments of visibility.",
    key=("surge_id", "segment"),
    slice="site",
    columns=(
        text("surge_id", "As in surges.link_surges.", required=True),
        SITE,
        text("segment", "page: and the path of the page, as in signals.visibility.", required=True),
    ),
)

LINKED_DAYS = Table(
    name="correlation.linked_days",
    one_row_per="surge of the last run with a drop after it, provider, kind and day",
    description="What a surge links to or names beside the rest of the site: the days whose contrast is measured.",
    key=("surge_id", "provider", "kind", "day"),
    slice="site",
    columns=(
        text("surge_id", "As in surges.link_surges.", required=True),
        SITE,
        text("provider", "Whose visibility: as in signals.visibility.", required=True),
        text("kind", "Pages it leads to, or queries its link texts name.", required=True, allowed=CONTRAST_KINDS),
        date("day", "UTC day.", required=True),
        number("linked_visibility", "Of what is linked or named.", required=True),
        number("other_visibility", "Of the site's other pages or queries.", required=True),
    ),
)

DROP_DAYS = Table(
    name="correlation.drop_days",
    one_row_per="drop of the last run that stands alone and day around it",
    description="The days before, in and after a drop and those a year earlier: what its shape is read from.",
    key=("drop_id", "day"),
    slice="site",
    columns=(
        DROP_ID,
        SITE,
        date("day", "UTC day.", required=True),
        number("visibility", "Of the drop's own series."),
        number("impressions", "The same; null for trackers."),
        number("brand_visibility", "Of queries with the site's name; null when not known."),
        number("other_visibility", "Of the other queries; null when not known."),
    ),
)

LINKS_BEFORE = Table(
    name="correlation.links_before",
    one_row_per="drop of the last run that stands alone, with arranged links in the 180 days before it",
    description="New referring domains of arranged links before a drop, whether or not they stood out as a surge.",
    key=("drop_id",),
    slice="site",
    columns=(
        DROP_ID,
        SITE,
        count("near_domain_count", "New in the 45 days before, in the series that shows most.", required=True),
        count("far_domain_count", "New 46 to 180 days before, in the series that shows most.", required=True),
    ),
)

ARRANGED_PAGES = Table(
    name="correlation.arranged_pages",
    one_row_per="drop of the last run that stands alone and page that arranged links led to before it",
    description="Pages with several new referring domains of arranged links in the 180 days before a drop.",
    key=("drop_id", "segment"),
    slice="site",
    columns=(
        DROP_ID,
        SITE,
        text("segment", "page: and the path of the page, as in signals.visibility.", required=True),
        count("domain_count", "New referring domains of arranged links.", required=True),
    ),
)

ARRANGED_DAYS = Table(
    name="correlation.arranged_days",
    one_row_per="drop of the last run, provider and day around it",
    description="The pages that arranged links led to before a drop beside the site's other pages.",
    key=("drop_id", "provider", "day"),
    slice="site",
    columns=(
        DROP_ID,
        SITE,
        text("provider", "Whose visibility: as in signals.visibility.", required=True),
        date("day", "UTC day.", required=True),
        number("linked_visibility", "Of the pages in correlation.arranged_pages.", required=True),
        number("other_visibility", "Of the site's other pages.", required=True),
    ),
)

DROP_CIRCUMSTANCES = Table(
    name="correlation.drop_circumstances",
    one_row_per="drop and thing that was so when it began, as known on a day",
    description="Events, other sites, other series and the shape of the fall: what the cause model looks at.",
    key=("as_of", "drop_id", "kind", "place"),
    slice="night",
    columns=(
        AS_OF,
        DROP_ID,
        SITE,
        count("place", "Order in which it was looked for, 0 is first.", required=True),
        text("kind", "Feature of the cause model.", required=True),
        number("amount", "How much of it there was; 1 where it is there or not.", required=True),
        text("saying", "JSON list of one {key, args}: the sentence for people.", required=True),
    ),
)

SURGE_DROP_PAIRS = Table(
    name="correlation.surge_drop_pairs",
    one_row_per="surge and drop considered together, as known on a day",
    description="A surge and a later drop of a site within a declared lag window, and what else could explain it.",
    key=("as_of", "pair_id"),
    slice="night",
    columns=(
        AS_OF,
        text("pair_id", "16 hex digits from surge_id and drop_id.", required=True),
        text("surge_id", "As in surges.link_surges.", required=True),
        DROP_ID,
        SITE,
        ORIGIN,
        date("surge_starts_on", "Start of the surge.", required=True),
        date("drop_starts_on", "Start of the drop.", required=True),
        count("lag_days", "Days from the start of the surge to the start of the drop.", required=True),
        text("lag_window", "Declared window the lag falls in.", required=True, allowed=("1-14", "7-45", "30-180")),
        text("verdict", "In the project's fixed words.", required=True, allowed=VERDICTS),
        number(
            "probability", "That the links explain the drop, 0 to 1; calibrated on simulated worlds.", required=True
        ),
        number("probability_low", "Lower bound of its 90 % interval.", required=True),
        number("probability_high", "Upper bound of its 90 % interval.", required=True),
        number("p_time_shift", "Share of shifts of the site's surges that match as well; null when not testable."),
        number("p_site_swap", "Share of other sites' surges that match as well; null with fewer than 5 other sites."),
        number(
            "page_contrast",
            "How much more the linked pages fell than the site's others, log (negative = more); null when unknown.",
        ),
        number("page_contrast_z", "The same in standard errors."),
        number("keyword_contrast", "The same for queries that the link texts name and the site's others."),
        number("keyword_contrast_z", "The same in standard errors."),
        text(
            "terms",
            "JSON list of {term, seen, log_odds}: what moved the probability, against a drop of unknown cause.",
            required=True,
        ),
        text("confounders", "JSON list of {key, args}: what else happened, as message keys.", required=True),
    ),
)

DROP_CAUSES = Table(
    name="correlation.drop_causes",
    one_row_per="drop and candidate cause, as known on a day",
    description="Was it the links, an update, or us? Probabilities of a drop add to 1; calibrated on simulated worlds.",
    key=("as_of", "drop_id", "cause"),
    slice="night",
    columns=(
        AS_OF,
        DROP_ID,
        SITE,
        text("cause", "Candidate.", required=True, allowed=CAUSES),
        number("probability", "0 to 1.", required=True),
        number("probability_low", "Lower bound of its 90 % interval.", required=True),
        number("probability_high", "Upper bound of its 90 % interval.", required=True),
        text("evidence", "JSON list of {key, args}: what speaks for it, as message keys.", required=True),
    ),
)

RECOVERY_EVENTS = Table(
    name="correlation.recovery_events",
    one_row_per="drop and event on the way back, as known on a day",
    description=(
        "What happened between the start of a drop and its recovery (or the as_of day): disavow, links removed, "
        "reconsideration, updates, site changes. In order of day, not as causes."
    ),
    key=("as_of", "drop_id", "event_id"),
    slice="night",
    columns=(
        AS_OF,
        DROP_ID,
        text("event_id", "As in staging.search_events; or disavow-file-<day>, links-gone-<provider>.", required=True),
        SITE,
        text("kind", "What happened.", required=True, allowed=RECOVERY_KINDS),
        text("name", "Name people know it by; null for what exports show."),
        date("happened_on", "First day of it.", required=True),
        count("days_since_start", "Days from the start of the drop.", required=True),
        count("days_to_recovery", "Days until the drop was made good; null while it is not."),
        count("item_count", "Lines of the disavow file, or risky referring domains gone; null for what was noted."),
        text("told_by", "calendar, disavow_file, or the provider whose export shows the loss.", required=True),
    ),
)

ORIGIN_GROUP = text(
    "origin_group",
    "Origins tested together: arranged = bought, exchanged, guest_post and link_programme; natural = negative control.",
    required=True,
    allowed=ORIGIN_GROUPS,
)
TESTED_WINDOW = text(
    "lag_window",
    "Days from surge to drop, whole windows that overlap; any = whether one of the three stands out (p corrected for "
    "looking at three, counts for 1 to 180 days); -45--1 = the reverse, a surge after the drop.",
    required=True,
    allowed=LAG_WINDOWS,
)
TEST_FIGURES = (
    count("drop_count", "Drops that a surge in the window could count for.", required=True),
    count("observed_count", "Drops with such a surge.", required=True),
    number("expected_count", "Mean of this number over all shifts in time: what chance gives.", required=True),
    number("p_time_shift", "Share of shifts in time of each site's drops that match as well; null: nothing to test."),
    number("p_site_swap", "Share of swaps of surges between sites that match as well; null with under 5 other sites."),
    number("p_larger", "The larger of the two: the one to believe."),
)

PORTFOLIO_TESTS = Table(
    name="correlation.portfolio_tests",
    one_row_per="group of origins, kind of segment and lag window, all sites pooled, as known on a day",
    description="Do the portfolio's drops follow surges more often than chance gives, by two placebo tests?",
    key=("as_of", "origin_group", "segment_kind", "lag_window"),
    slice="night",
    columns=(
        AS_OF,
        ORIGIN_GROUP,
        text("segment_kind", "Kind of segment whose drops are tested: site, page, directory, ...", required=True),
        TESTED_WINDOW,
        count("site_count", "Sites with links and rankings enough to be tested.", required=True),
        count("surge_count", "Surges of these sites.", required=True),
        *TEST_FIGURES,
    ),
)

SITE_TESTS = Table(
    name="correlation.site_tests",
    one_row_per="site, group of origins and lag window, as known on a day",
    description="The tests of portfolio_tests for the drops of one site alone, which can hardly show anything: see "
    "least_p. Sites with a drop that can be tested and a surge of the group.",
    key=("as_of", "site_domain", "origin_group", "lag_window"),
    slice="night",
    columns=(
        AS_OF,
        SITE,
        ORIGIN_GROUP,
        TESTED_WINDOW,
        count("surge_count", "Surges of the site.", required=True),
        *TEST_FIGURES,
        number(
            "least_p",
            "The smallest p_larger these trains could have shown, wherever the drops had fallen.",
            required=True,
        ),
    ),
)

TABLES = (
    LINKED_SEGMENTS,
    LINKED_DAYS,
    DROP_DAYS,
    LINKS_BEFORE,
    ARRANGED_PAGES,
    ARRANGED_DAYS,
    DROP_CIRCUMSTANCES,
    SURGE_DROP_PAIRS,
    DROP_CAUSES,
    PORTFOLIO_TESTS,
    SITE_TESTS,
    RECOVERY_EVENTS,
)
