"""What moved the probability that links explain a drop, in words."""

from __future__ import annotations

import json
import math

from reports.messages import say

LEAST_LOG_ODDS = 0.1
"""Terms that move the odds by less than a tenth are left out."""

MOST_TERMS = 8


def say_terms(stored: str, language: str) -> list[str]:
    """Sentences for a stored JSON list of {term, seen, log_odds}, the strongest first."""
    told = []
    for entry in json.loads(stored)[:MOST_TERMS]:
        log_odds = float(entry["log_odds"])
        if abs(log_odds) >= LEAST_LOG_ODDS:
            key = "pairs.term.more" if log_odds > 0 else "pairs.term.less"
            what = say(f"moved.{entry['term']}", language)
            told.append(say(key, language, what=what[0].upper() + what[1:], factor=math.exp(abs(log_odds))))
    return told
