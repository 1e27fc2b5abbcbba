"""What goes out to people, message by message: planned and committed first, then sent."""

from __future__ import annotations

from transforms.schemas.table import Table, count, text, timestamp

MESSAGE_KINDS = ("page", "digest", "week")
"""What pages someone now; the day's other news; the same on Mondays, with the week."""

MESSAGE_ID = text(
    "message_id", "24 hex digits of who is told and what, or for which day; the same at every try.", required=True
)

OUTBOX = Table(
    name="reports.outbox",
    one_row_per="message to one recipient",
    description=(
        "Planned before it is sent, tried until it is delivered. A message that was never tried is planned anew by "
        "every run; one that was tried keeps what it tells. See docs/alerts.md."
    ),
    key=("message_id",),
    slice="log",
    columns=(
        MESSAGE_ID,
        text("kind", "What sort of message.", required=True, allowed=MESSAGE_KINDS),
        text("recipient", "As sites.toml or the settings name it: a channel, or an e-mail address.", required=True),
        text("channel", "Name of the channel it goes by; its URL is kept nowhere.", required=True),
        text("group_name", "The group it is about; null = sites without a group."),
        text("language", "Language of the message.", required=True),
        text("time_zone", "Time zone of the recipient.", required=True),
        text("subject", "Its subject, as last sent; null = not tried yet."),
        timestamp("planned_at", "When it was planned (UTC).", required=True),
        timestamp("due_at", "Not to be sent before (UTC).", required=True),
        count("attempt_count", "Times it was tried.", required=True),
        timestamp("next_attempt_at", "Not to be tried again before (UTC); null = not tried yet."),
        text("last_error", "What went wrong last, in our words: nothing of the channel's URL; null = nothing."),
        timestamp("delivered_at", "When the channel took it (UTC); null = not yet."),
    ),
)

OUTBOX_ALERTS = Table(
    name="reports.outbox_alerts",
    one_row_per="message, site it is about, and alert it tells",
    description=(
        "What a message of reports.outbox tells. A site of which there is nothing to tell has one row without alert."
    ),
    key=("message_id", "site_domain", "alert_id"),
    slice="log",
    columns=(
        MESSAGE_ID,
        text("site_domain", "Registrable domain of the site; '*' = no single site.", required=True),
        text("alert_id", "As in reports.alerts; '-' = nothing to tell of the site.", required=True),
    ),
)

TABLES = (OUTBOX, OUTBOX_ALERTS)
