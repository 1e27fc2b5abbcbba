"""Which drops follow which surges, against placebos and known causes."""

from __future__ import annotations

from transforms.schemas.signals import ORIGIN
from transforms.schemas.staging import SITE
from transforms.schemas.surges import AS_OF
from transforms.schemas.table import Table, count, date, number, text
from transforms.schemas.vocabulary import CAUSES, LAG_WINDOWS, ORIGIN_GROUPS, VERDICTS

DROP_ID = text("drop_id", "As in drops.ranking_drops.", required=True)

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
            "probability",
            "That the links explain the drop, 0 to 1; a first estimate, not yet calibrated.",
            required=True,
        ),
        number("p_time_shift", "Share of shifts of the site's surges that match as well; null when not testable."),
        number("p_site_swap", "Share of other sites' surges that match as well; null with fewer than 5 other sites."),
        text("confounders", "JSON list of {key, args}: what else happened, as message keys.", required=True),
    ),
)

DROP_CAUSES = Table(
    name="correlation.drop_causes",
    one_row_per="drop and candidate cause, as known on a day",
    description="Was it the links, an update, or us? Probabilities of a drop add to 1; not yet calibrated.",
    key=("as_of", "drop_id", "cause"),
    slice="night",
    columns=(
        AS_OF,
        DROP_ID,
        SITE,
        text("cause", "Candidate.", required=True, allowed=CAUSES),
        number("probability", "0 to 1.", required=True),
        text("evidence", "JSON list of {key, args}: what speaks for it, as message keys.", required=True),
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

TABLES = (SURGE_DROP_PAIRS, DROP_CAUSES, PORTFOLIO_TESTS, SITE_TESTS)
