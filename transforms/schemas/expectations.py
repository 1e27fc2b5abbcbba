"""What the checks between the stages found."""

from __future__ import annotations

from transforms.schemas.surges import AS_OF
from transforms.schemas.table import Table, count, flag, number, text

OUTCOMES = Table(
    name="expectations.outcomes",
    one_row_per="check and site (or the warehouse as a whole), as known on a day",
    description="A broken minimum holds back the site concerned; a broken maximum warns and shows in the report.",
    key=("as_of", "stage", "check_name", "site_domain"),
    slice="night",
    columns=(
        AS_OF,
        text("stage", "Stage after which it ran.", required=True),
        text("table_name", "Table checked.", required=True),
        text("check_name", "Name, also the key of its sentence.", required=True),
        text("site_domain", "Site concerned; '*' = the warehouse as a whole.", required=True),
        text("severity", "minimum holds back, maximum warns.", required=True, allowed=("minimum", "maximum")),
        flag("is_met", "Whether it held.", required=True),
        number("observed_value", "Value of the metric; null when it could not be measured."),
        number("least_value", "Least allowed, or null."),
        number("most_value", "Most allowed, or null."),
        count("failing_count", "Rows that break it, where it is about rows.", required=True),
    ),
)

FAILING_ROWS = Table(
    name="expectations.failing_rows",
    one_row_per="row that breaks a check (at most 20 a check and site)",
    description="Found by the same predicate as the check, so that a person can look at them.",
    key=("as_of", "check_name", "site_domain", "row_number"),
    slice="night",
    columns=(
        AS_OF,
        text("stage", "Stage.", required=True),
        text("check_name", "Check.", required=True),
        text("site_domain", "Site concerned; '*' = the warehouse as a whole.", required=True),
        count("row_number", "1 to 20, in the order of the table's key.", required=True),
        text("row", "The row as JSON.", required=True),
    ),
)

TABLES = (OUTCOMES, FAILING_ROWS)
