"""One score per site and day, with its reasons."""

from __future__ import annotations

from transforms.schemas.staging import SITE
from transforms.schemas.table import Table, date, number, text
from transforms.schemas.vocabulary import BASES, FORECAST_BASES, TIERS

SITE_RISK = Table(
    name="risk.site_risk",
    one_row_per="site and day",
    description=(
        "Risk that links the site arranged draw a lower position. Null and not_assessed without link data: no data is "
        "never low risk."
    ),
    key=("site_domain", "day"),
    slice="night",
    night_column="day",
    columns=(
        SITE,
        date("day", "The as_of day of the run.", required=True),
        number("risk_score", "0 to 100; null when not assessed."),
        text("tier", "Band of the score.", required=True, allowed=TIERS),
        text("basis", "What the score rests on.", required=True, allowed=BASES),
        text("reasons", "JSON list of {key, points, args}; points add up to risk_score.", required=True),
    ),
)

DROP_FORECASTS = Table(
    name="risk.drop_forecasts",
    one_row_per="site and day",
    description=(
        "Chance that a ranking drop of the whole site (15 % or more, confirmed, by links, an update, a change of the "
        "site or an unknown cause) begins in the next 90 days, calibrated on simulations."
    ),
    key=("site_domain", "day"),
    slice="night",
    night_column="day",
    columns=(
        SITE,
        date("day", "The as_of day of the run.", required=True),
        number("chance_90", "0 to 1; of a ranking drop, by links or not.", required=True),
        number("chance_low", "Lower end of the 90 % interval of the chance.", required=True),
        number("chance_high", "Upper end of it.", required=True),
        number("chance_without_links", "Chance of a like site without risky links.", required=True),
        number("links_share", "Share of chance_90 that a like site without risky links would not have.", required=True),
        text("basis", "What the chance rests on.", required=True, allowed=FORECAST_BASES),
        text("evidence", "JSON list of {key, args}: what moved the chance, as message keys.", required=True),
    ),
)

TABLES = (SITE_RISK, DROP_FORECASTS)
