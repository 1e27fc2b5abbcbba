"""One score per site and day, with its reasons."""

from __future__ import annotations

from transforms.schemas.staging import SITE
from transforms.schemas.table import Table, date, number, text
from transforms.schemas.vocabulary import BASES, TIERS

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

TABLES = (SITE_RISK,)
