"""What the team itself says of a link, in a sentence."""

from __future__ import annotations

import datetime

from reports.messages import say


def say_told(
    told_by: str,
    language: str,
    *,
    origin: str | None,
    subject: str,
    who: str | None = None,
    day: datetime.date | None = None,
) -> str:
    """The sentence for a row of signals.told_links, with who said it and when as far as known. Plain text."""
    key = "told.placement.unsaid" if told_by == "placement" and origin is None else f"told.{told_by}"
    sentence = say(key, language, origin=origin, subject=subject)
    if who and day:
        return f"{sentence} {say('told.who_and_when', language, who=who, day=day)}"
    if who:
        return f"{sentence} {say('told.who', language, who=who)}"
    if day:
        return f"{sentence} {say('told.when', language, day=day)}"
    return sentence
