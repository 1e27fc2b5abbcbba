"""What a surge is, in words: its shape and how much more than expected it brought; for the page and the command."""

from __future__ import annotations

from reports.messages import say


def say_shape(shape: str, window_days: int, language: str) -> str:
    """Whether it came as a burst, and over how many days that is clearest, or week after week as a drip."""
    return say(f"surges.shape.{shape}", language, days=window_days)


def say_excess(low: float, high: float, language: str) -> str:
    """How many domains more than expected, as an interval of whole domains; one number where both ends are the same."""
    least, most = max(round(low), 0), round(high)
    key = "exact" if least == most else "range" if least else "most"
    return say(f"surges.excess.{key}", language, least=least, most=most)
