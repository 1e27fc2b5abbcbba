"""What people were told."""

from __future__ import annotations

from transforms.schemas.staging import SITE
from transforms.schemas.table import Table, date, text, timestamp
from transforms.schemas.vocabulary import ALERT_JUDGEMENTS, ALERT_KINDS, SEVERITIES

ALERTS = Table(
    name="reports.alerts",
    one_row_per="alert",
    description="Raised once per finding and step up; a second run over the same data raises nothing new.",
    key=("alert_id",),
    slice="log",
    columns=(
        text("alert_id", "16 hex digits of the dedupe_key.", required=True),
        text("dedupe_key", "kind:finding id, and the step up where it was told before.", required=True),
        SITE,
        text("kind", "What it is about.", required=True, allowed=ALERT_KINDS),
        text("severity", "How urgent.", required=True, allowed=SEVERITIES),
        text("finding_id", "surge_id, drop_id, pair_id or check_name.", required=True),
        text("message_key", "Key of the sentence in the message catalogue.", required=True),
        text("arguments", "JSON object: what the sentence names.", required=True),
        date("as_of", "Day of the run that raised it.", required=True),
        timestamp("raised_at", "When (UTC); a stamp of the run.", required=True),
        timestamp("last_notified_at", "When people were last told (UTC); null = not told yet."),
        text("status", "open while the finding is active, closed after.", required=True, allowed=("open", "closed")),
        text("judgement", "What people said of it; null = not handled.", allowed=ALERT_JUDGEMENTS),
        timestamp("judged_at", "When they said so (UTC); null = not handled."),
    ),
)

NIGHTS = Table(
    name="reports.nights",
    one_row_per="night and site",
    description=(
        "What the risk score of a night stands on, as three hashes: a change between two nights can then be put down "
        "to new data, to the method or to what the team says. A repeated night replaces its rows."
    ),
    key=("as_of", "site_domain"),
    slice="night",
    columns=(
        date("as_of", "The night.", required=True),
        SITE,
        text("method_version", "Package version, detector settings, fitted models, rules of origins.", required=True),
        text("labels_version", "Labels, allow-list, placements and disavow entries of the site.", required=True),
        text(
            "data_version", "How many export files there are of each provider, and which is the newest.", required=True
        ),
    ),
)

TABLES = (ALERTS, NIGHTS)
