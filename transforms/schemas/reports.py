"""What people were told, what they said of it, and what they asked not to hear for a while."""

from __future__ import annotations

from transforms.schemas import reports_outbox
from transforms.schemas.staging import SITE
from transforms.schemas.table import Table, date, flag, text, timestamp
from transforms.schemas.vocabulary import ALERT_KINDS, ALERT_STATUSES, ALERT_STEPS, DECIDED_THROUGH, SEVERITIES

ALERTED_SITE = text("site_domain", "Registrable domain of the site; '*' = no single site.", required=True)
ALERT_ID = text("alert_id", "16 hex digits of the dedupe_key.", required=True)
FINDING_ID = text(
    "finding_id", "surge_id, drop_id, pair_id, batch_id, group_id, event_id, check_name or provider.", required=True
)

ALERTS = Table(
    name="reports.alerts",
    one_row_per="alert",
    description=(
        "Raised once per finding and step (new, confirmed, worse, cleared); a second run over the same data raises "
        "nothing new. See docs/alerts.md."
    ),
    key=("alert_id",),
    slice="log",
    columns=(
        ALERT_ID,
        text("dedupe_key", "kind:finding id, and the step where it was told before.", required=True),
        ALERTED_SITE,
        text("owner", "Who looks after the site, by sites.toml; null = it does not say."),
        text("group_name", "The site's group, by sites.toml; null = none, or no single site."),
        text("kind", "What it is about.", required=True, allowed=ALERT_KINDS),
        text(
            "step",
            "What of the finding is told: that it is new, or what has changed.",
            required=True,
            allowed=ALERT_STEPS,
        ),
        text(
            "severity", "How urgent, by depth, probability and risk; never by count.", required=True, allowed=SEVERITIES
        ),
        flag("is_page", "Whether it pages someone now; else it waits for the digest.", required=True),
        FINDING_ID,
        text("message_key", "Key of the sentence in the message catalogue.", required=True),
        text("arguments", "JSON object: what the sentence names.", required=True),
        date("as_of", "Day of the run that raised it.", required=True),
        timestamp("raised_at", "When (UTC); a stamp of the run.", required=True),
        text("told_in", "alert_id of the alert that tells of many sites at once; null = it is told by itself."),
        timestamp("last_notified_at", "When people were last told (UTC); null = not told yet."),
        flag("is_open", "Whether what it tells of still goes on.", required=True),
        text("status", "What people say of it.", required=True, allowed=ALERT_STATUSES),
        text("decided_by", "Who said so last; null = nobody."),
        timestamp("decided_at", "When (UTC); null = nobody has."),
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
        text(
            "labels_version",
            "Labels, placements and disavow entries of the site; its allow-list, owner and brand words of sites.toml.",
            required=True,
        ),
        text(
            "data_version", "How many export files there are of each provider, and which is the newest.", required=True
        ),
    ),
)

DECISIONS = Table(
    name="reports.decisions",
    one_row_per="decision of a person about an alert",
    description="Every word of people about alerts, the newest counts; kept when nights are run again.",
    key=("decision_id",),
    slice="log",
    columns=(
        text("decision_id", "16 hex digits of what was decided, by whom and when.", required=True),
        text("alert_id", "As in reports.alerts.", required=True),
        ALERTED_SITE,
        text("kind", "Kind of the alert.", required=True, allowed=ALERT_KINDS),
        FINDING_ID,
        text("status", "What was decided.", required=True, allowed=ALERT_STATUSES),
        text("decided_by", "Who; null = a row of decisions.csv that names nobody."),
        text("note", "Why, in their words."),
        timestamp("decided_at", "When (UTC).", required=True),
        text("told_through", "How it came in.", required=True, allowed=DECIDED_THROUGH),
    ),
)

SILENCES = Table(
    name="reports.silences",
    one_row_per="silence",
    description=(
        "Alerts people asked not to hear of for a while. They are raised and logged all the same, and told when the "
        "silence ends if they still go on."
    ),
    key=("silence_id",),
    slice="log",
    columns=(
        text("silence_id", "16 hex digits of what is silenced, by whom and when.", required=True),
        ALERTED_SITE,
        text("kind", "Only alerts of this kind; null = all of the site.", allowed=ALERT_KINDS),
        text("finding_id", "Only alerts of this finding; null = all of the site."),
        date("until_on", "Last day of the silence.", required=True),
        text("reason", "Why.", required=True),
        text("silenced_by", "Who.", required=True),
        timestamp("silenced_at", "When (UTC).", required=True),
    ),
)

TABLES = (ALERTS, DECISIONS, SILENCES, NIGHTS, *reports_outbox.TABLES)
