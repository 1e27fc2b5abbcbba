"""What the team says of alerts, in English or Dutch; see docs/alerts.md."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.ingest.formats.event_calendar import either_case
from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Choice, Day, Text, Written, sql_text
from transforms.schemas.vocabulary import ALERT_STATUSES

STATUSES = (
    *((status, status) for status in ALERT_STATUSES),
    ("false alarm", "false_alarm"),
    ("right", "handled"),
    ("nieuw", "new"),
    ("gezien", "acknowledged"),
    ("afgehandeld", "handled"),
    ("vals alarm", "false_alarm"),
)
"""Words for a decision; a handled alert was right."""


@dataclass(frozen=True)
class AlertId(Written):
    """The id of an alert, as alert, digest and alerts file show it."""

    expected: str = "an alert_id: 16 of the digits 0-9 and a-f, as the alert shows it"

    def value(self, cell: str) -> str:
        """The id in lower case; null where the cell is empty."""
        return f"nullif(lower(trim({cell})), '')"

    def misfit(self, cell: str) -> str:
        """Filled with anything else."""
        is_shaped = f"regexp_matches(lower(trim({cell})), {sql_text('^[0-9a-f]{16}$')})"
        return f"(trim({cell}) <> '' AND NOT {is_shaped})"


ALERT = either_case("alert", "alert_id", "melding")
DECISION = either_case("decision", "status", "besluit")
WHO = either_case("who", "wie", "name", "naam")
WHEN = either_case("when", "wanneer")

FORMATS = (
    ExportFormat(
        name="decisions",
        family="decisions",
        title="What the team says of alerts (decisions.csv)",
        provider="decisions",
        feed="backlinks",
        thing="decisions",
        recognised_by=(ALERT, DECISION),
        columns=(
            Reads(target="alert_id", headers=ALERT, written=AlertId(), is_required=True, is_filled=True),
            Reads(
                target="status",
                headers=DECISION,
                written=Choice(words=STATUSES, any_case=True),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="decided_by", headers=WHO, written=Text()),
            Reads(target="decided_on", headers=WHEN, written=Day(order="iso_or_dashed")),
            Reads(target="note", headers=either_case("note", "notitie", "opmerking"), written=Text()),
        ),
        key=("alert_id", "status", "decided_by", "decided_on"),
        days=("decided_on",),
        needs_site=False,
        notes=(
            "Kept by the team (docs/alerts.md), with English or Dutch headers and words. The next run takes the rows "
            "over into reports.decisions; of several about one alert the newest day counts, then the later row. A row "
            "whose alert was never raised warns (expectations.failing_rows)."
        ),
    ),
)
