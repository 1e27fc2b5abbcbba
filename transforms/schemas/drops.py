"""Persistent falls of visibility, per site, provider and segment."""

from __future__ import annotations

from transforms.schemas.staging import PROVIDER, SITE
from transforms.schemas.surges import AS_OF
from transforms.schemas.table import Table, count, date, flag, number, text

SEGMENT = text("segment", "As in signals.visibility.", required=True)

RANKING_DROPS = Table(
    name="drops.ranking_drops",
    one_row_per="drop, as known on a day",
    description="Downward level shifts that last, weekday and slow drift removed, after false discovery control.",
    key=("as_of", "drop_id"),
    slice="night",
    columns=(
        AS_OF,
        text("drop_id", "16 hex digits from site, provider, segment and the first detected_on.", required=True),
        SITE,
        PROVIDER,
        SEGMENT,
        text("part_of_drop_id", "Drop of the whole site that this one of a segment belongs to; null = stands alone."),
        date("starts_on", "First day of the lower level.", required=True),
        date("ends_on", "Last day of the lower level; null while it lasts."),
        date("detected_on", "First day on which the drop would have been found.", required=True),
        date("recovered_on", "First day back at 90 % of the old level; null while not."),
        flag("is_active", "Not recovered, or recovered in the last 14 days before as_of.", required=True),
        flag("is_provisional", "Shorter than the persistence asked for.", required=True),
        number("level_before", "Median visibility in the 28 days before.", required=True),
        number("level_after", "Median visibility in the lower level, at most 28 days.", required=True),
        number("depth_share", "Share of visibility lost, 0 to 1.", required=True),
        number("impressions_change_share", "Change of impressions, -1 to ...; null for trackers."),
        number("position_change", "Change of mean position, positive = worse; null when not known."),
        number("click_rate_change_share", "Change of clicks per impression; null for trackers."),
        number("p_value", "Chance of such a fall without a shift.", required=True),
        number(
            "q_value",
            "Benjamini–Hochberg q over all 28-day periods of the run, two years worked out at once. Ranks a backfill; "
            "which drops are told, the nights decide (detected_on).",
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
        text("status", "tested, or why not.", required=True, allowed=("tested", "insufficient_history", "no_level")),
        date("tested_from_on", "First day tested."),
        date("tested_until_on", "Last day tested."),
        count("history_days", "Days with data in the series.", required=True),
        number("noise_sd", "Standard deviation of the log residual; null when not tested."),
    ),
)

TABLES = (RANKING_DROPS, ASSESSED_SERIES)
