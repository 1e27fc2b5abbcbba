"""Which messages an audience gets and when each is due: alerts and a clock in, messages out."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from reports.alert_rows import Alert
from reports.audiences import Audience

MONDAY = 0


@dataclass(frozen=True, kw_only=True)
class OutboxParameters:
    """When messages are due, and how long they are tried."""

    digest_hour: int = 8
    """Hour of the digest on the recipient's clock."""
    quiet_from: int | None = 22
    """Hour from which nobody is paged; None = no quiet hours."""
    quiet_until: int = 7
    """Hour at which they end."""
    manual_action_wakes: bool = False
    """Whether a manual action pages people in their quiet hours."""
    first_wait_minutes: int = 5
    """Wait after the first try; each later wait is ``wait_factor`` times as long."""
    wait_factor: int = 3
    longest_wait_minutes: int = 360
    """A server that is down for a day is asked four times."""
    most_attempts: int = 10
    """About a day and a half of trying; then its alerts come in the recipient's next digest."""
    memory_days: int = 7
    """Days an alert waits for a message: a channel set up today is not sent last year's."""

    def is_quiet(self, hour: int) -> bool:
        """Whether nobody is paged in that hour of the day."""
        if self.quiet_from is None or self.quiet_from == self.quiet_until:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until

    def wait(self, attempt_count: int) -> datetime.timedelta:
        """How long to wait after that many tries."""
        minutes = self.first_wait_minutes * self.wait_factor ** (attempt_count - 1)
        return datetime.timedelta(minutes=min(minutes, self.longest_wait_minutes))


@dataclass(frozen=True, kw_only=True)
class Message:
    """A row of reports.outbox with whom it is for and what it tells."""

    message_id: str
    kind: str
    audience: Audience
    due_at: datetime.datetime
    alert_ids: tuple[str, ...]
    """Most urgent first."""
    attempt_count: int = 0
    """Times it was tried, this one included once it is taken out to be sent."""


def plan_pages(
    audience: Audience, alerts: Sequence[Alert], now: datetime.datetime, parameters: OutboxParameters
) -> Iterator[Message]:
    """One message for all that pages now, and in quiet hours one for all that can wait until they end."""
    local = audience.local(now)
    quiet = parameters.is_quiet(local.hour)
    waking = [
        alert for alert in alerts if not quiet or (parameters.manual_action_wakes and alert.kind == "manual_action")
    ]
    waits = [alert for alert in alerts if alert not in waking]
    for told, due_at in ((waking, now), (waits, _next_hour(audience, now, parameters.quiet_until))):
        if told:
            parts = ["page", *audience.key, *sorted(f"{alert.alert_id}:{alert.step}" for alert in told)]
            alert_ids = tuple(alert.alert_id for alert in told)
            yield Message(
                message_id=_make_id(parts), kind="page", audience=audience, due_at=due_at, alert_ids=alert_ids
            )


def plan_digest(
    audience: Audience,
    alerts: Sequence[Alert],
    carried: datetime.datetime | None,
    used: Collection[str],
    now: datetime.datetime,
    parameters: OutboxParameters,
) -> Message:
    """The digest at its next hour, or at the one it was planned for: one a day, also when there is nothing to tell."""
    due_at = carried or _next_hour(audience, now, parameters.digest_hour)
    day = audience.local(due_at).date()
    while (message_id := _make_id(["digest", *audience.key, day.isoformat()])) in used:  # that day's has been tried
        due_at = _next_hour(audience, due_at, parameters.digest_hour)
        day = audience.local(due_at).date()
    return Message(
        message_id=message_id,
        kind="week" if day.weekday() == MONDAY else "digest",
        audience=audience,
        due_at=due_at,
        alert_ids=tuple(alert.alert_id for alert in alerts),
    )


def _next_hour(audience: Audience, now: datetime.datetime, hour: int) -> datetime.datetime:
    """The next time (UTC) at which it is that hour on the recipient's clock."""
    local = audience.local(now)
    due = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if due <= local:
        due = (local + datetime.timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)
    return due.astimezone(datetime.UTC).replace(tzinfo=None)


def _make_id(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
