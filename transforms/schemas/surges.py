"""Sudden rises of new referring domains, per site, provider and origin."""

from __future__ import annotations

from transforms.schemas.signals import ORIGIN
from transforms.schemas.staging import PROVIDER, SITE
from transforms.schemas.table import Table, count, date, flag, number, text

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
            "burst: found by windows of up to 28 days; drip: by a sum over months, and expected_count is then the level "
            "of half a year before.",
            required=True,
            allowed=("burst", "drip"),
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
        text("corrections", "Corrections applied, as JSON list of keys.", required=True),
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

TABLES = (LINK_SURGES, LINK_SERIES_ASSESSED)
