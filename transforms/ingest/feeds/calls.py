"""Asking an API: what may pass is tried again, within limits; what may not stops the site with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TypeVar

T = TypeVar("T")

TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server said, whatever it said."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""

    body: bytes


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long an API that says "not now" is asked again."""

    attempts: int = 5
    """With the waits below 75 seconds in all: the quotas per minute of every provider here have passed by then."""

    first_wait_seconds: float = 5.0
    """Doubled after every attempt; a Retry-After that asks for more counts."""

    lost_attempts: int = 2
    """Attempts whose answer was lost on the way: each may have been paid, and a way that loses two loses a third."""

    longest_wait_seconds: float = 120.0
    """A provider that asks for more has run out for now (Search Console's load quota takes 15 minutes): stop."""


class RefusalError(Exception):
    """The site is not asked further for now; the text says why, for people."""


class CapError(RefusalError):
    """The monthly cap is reached: as agreed, not a failure."""


class PassingError(Exception):
    """An attempt failed in a way that may pass; the text says how."""

    def __init__(self, reason: str, *, wait_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.wait_seconds = wait_seconds
        """What the provider asked for (Retry-After)."""


class LostAnswerError(PassingError):
    """The answer did not come whole; nobody knows whether it was charged."""


def call(attempt: Callable[[], T], patience: Patience, sleep: Callable[[float], None]) -> T:
    """What ``attempt`` returns, trying again after every :class:`PassingError`.

    Raises:
        RefusalError: of the attempt, or when patience has run out.
    """
    wait, lost = patience.first_wait_seconds, 0
    for number in range(1, patience.attempts + 1):
        try:
            return attempt()
        except PassingError as error:
            asked = error.wait_seconds or 0.0
            if asked > patience.longest_wait_seconds:
                raise RefusalError(f"{error}; it asks to wait {asked:.0f} seconds") from error
            lost += isinstance(error, LostAnswerError)
            if number == patience.attempts or lost == patience.lost_attempts:
                raise RefusalError(f"{error}; asked {number} times") from error
            sleep(max(wait, asked))
            wait *= 2
    raise RefusalError("not asked: patience allows no attempt")


def refuse_passing(answer: Answer, said: str) -> None:
    """Raise what a 429 or 5xx means; ``said`` is the provider's own message."""
    if answer.status == TOO_MANY_REQUESTS:
        raise PassingError(f"quota exceeded (429): {said}", wait_seconds=retry_after(answer.headers))
    if answer.status >= SERVER_ERROR:
        raise PassingError(f"the server failed ({answer.status}): {said}", wait_seconds=retry_after(answer.headers))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the Retry-After header asks for: a number, or a moment after the answer's own Date; None without."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError):  # no moment, or one with a zone and one without
        return None
    return max(0.0, wait.total_seconds())
