"""Persistent falls of visibility, per site, provider and segment."""

from __future__ import annotations

from transforms.schemas.staging import PROVIDER, SITE
from transforms.schemas.surges import AS_OF
from transforms.schemas.table import Table, count, date, flag, number, text

SEGMENT = text("segment", "As in signals.visibility.", required=True)
SEGMENT_KIND = text(
    "segment_kind",
    "What the segment is a part by.",
    required=True,
    allowed=("site", "page", "directory", "keywords", "market", "device"),
)

RANKING_DROPS = Table(
    name="drops.ranking_drops",
    one_row_per="drop, as known on a day",
    description="Downward level shifts that last, weekday and drift allowed for: listed by site, confirmed among all.",
    key=("as_of", "drop_id"),
    slice="night",
    columns=(
        AS_OF,
        text("drop_id", "16 hex digits from site, provider, segment and the first detected_on.", required=True),
        SITE,
        PROVIDER,
        SEGMENT,
        SEGMENT_KIND,
        text(
            "part_of_drop_id",
            "The drop in that provider, started within 14 days, of which this one is a part: the whole site's; or a "
            "page's directory's. Null: it stands alone, as does what stood alone, confirmed, the night before.",
        ),
        date("starts_on", "First day of the lower level (likeliest).", required=True),
        date("starts_from_on", "Earliest start in the 90 % interval.", required=True),
        date("starts_until_on", "Latest start in the 90 % interval.", required=True),
        date("ends_on", "Last day of the lower level; null while it lasts."),
        date("detected_on", "First day on which the drop would have been listed.", required=True),
        date("confirmed_on", "First day on which it passed the control of false discoveries; null while not."),
        date("recovered_on", "First day back at 90 % of the old level; null while not."),
        flag("is_active", "Not recovered, or recovered in the last 14 days before as_of.", required=True),
        flag(
            "is_provisional",
            "Shorter than the persistence asked for, and not confirmed as its own by the provider's other sites.",
            required=True,
        ),
        flag(
            "is_confirmed",
            "Passed the control of false discoveries over all sites and nights. The others are listed because a site's "
            "own rate of false alarms, at most one in two years, allows it.",
            required=True,
        ),
        number(
            "level_before",
            "Usual visibility a day in the 84 days before: geometric mean, weekdays even, single days clipped.",
            required=True,
        ),
        number("level_after", "The same in the lower level, at most 56 days.", required=True),
        number("depth_share", "Share of visibility lost, 0 to 1.", required=True),
        number("depth_low_share", "Lower end of its 90 % interval.", required=True),
        number("depth_high_share", "Upper end of its 90 % interval.", required=True),
        number("impressions_change_share", "Change of impressions, -1 to ...; null for trackers."),
        number("position_change", "Change of mean position, positive = worse; null when not known."),
        number("click_rate_change_share", "Change of clicks per impression; null for trackers."),
        number(
            "control_change_share",
            "Median change of the provider's other sites over the same days, -1 to ...; null with fewer than ten.",
        ),
        number("p_value", "Chance of such a fall in 28 days without a shift.", required=True),
        number(
            "q_value",
            "Benjamini–Hochberg q over all 28-day periods of the run, two years worked out at once. Ranks a backfill; "
            "which drops are told, the nights decide (detected_on, confirmed_on).",
            required=True,
        ),
    ),
)

ASSESSED_SERIES = Table(
    name="drops.assessed_series",
    one_row_per="site, provider and segment, as known on a day",
    description="What was tested and what cannot be told yet, and why.",
    key=("as_of", "site_domain", "provider", "segment"),
    slice="night",
    columns=(
        AS_OF,
        SITE,
        PROVIDER,
        SEGMENT,
        SEGMENT_KIND,
        text("status", "tested, or why not.", required=True, allowed=("tested", "insufficient_history", "no_level")),
        date("tested_from_on", "First day tested."),
        date("tested_until_on", "Last day tested."),
        count("history_days", "Days with data in the series.", required=True),
        number("noise_sd", "Standard deviation of the log residual; null when not tested."),
    ),
)

DROP_RECOVERIES = Table(
    name="drops.drop_recoveries",
    one_row_per="drop, as known on a day",
    description="The way back of every listed drop: when it recovered, what share of the loss is regained.",
    key=("as_of", "drop_id"),
    slice="night",
    columns=(
        AS_OF,
        text("drop_id", "As in drops.ranking_drops.", required=True),
        SITE,
        PROVIDER,
        SEGMENT,
        SEGMENT_KIND,
        date("recovered_on", "First day back at 90 % of the old level; null while not."),
        count("recovery_days", "Days from the start to recovered_on; null while not."),
        number(
            "regained_share",
            "Share of the loss regained on as_of: (level now - level after) / (level before - level after); below 0 "
            "when it fell further, above 1 when it stands higher than before.",
        ),
        number("level_now", "Usual visibility a day in the last 28 known days of the lower level and after."),
        number("best_level", "Highest usual visibility of any 28 days since the start."),
        date("best_until_on", "Last of those 28 days."),
    ),
)

TABLES = (RANKING_DROPS, ASSESSED_SERIES, DROP_RECOVERIES)
