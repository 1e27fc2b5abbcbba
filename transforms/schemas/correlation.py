"""Which drops follow which surges, against placebos and known causes."""

from __future__ import annotations

from transforms.schemas.signals import ORIGIN
from transforms.schemas.staging import SITE
from transforms.schemas.surges import AS_OF
from transforms.schemas.table import Table, count, date, number, text
from transforms.schemas.vocabulary import CAUSES, RECOVERY_KINDS, VERDICTS

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

TABLES = (SURGE_DROP_PAIRS, DROP_CAUSES, RECOVERY_EVENTS)
