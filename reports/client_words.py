"""What a page of one site leaves unsaid: counts over other sites, and domains known from other sites' exports.

Rows are cleared where they are read, so that neither a page nor the data beside it can hold them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

ABOUT_OTHERS = ("together.tracker", "together.search", "others.fell")
"""Sayings of the cause model that count other sites; they are said without the counts."""
SEEN_AT_OTHERS = frozenset(
    {"ring", "many_customers", "customers_at_once", "partner_of_many", "lockstep_of_several_sites"}
)
"""Rules of origin that see other monitored sites: what they saw names or counts those."""
_STORED = ("evidence", "confounders")
_PLACE = re.compile(r"(?:: “?| \()\{seen\}[”)]?|\{seen\} ")


def clear_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without counts of other sites in its stored sentences and its rules."""
    return {name: _clear(value) if name in _STORED else value for name, value in row.items()}


def _clear(value: Any) -> Any:
    if isinstance(value, str):
        entries = json.loads(value)
        if any(isinstance(entry, dict) and entry.get("key") in ABOUT_OTHERS for entry in entries):
            cleared = [
                {**entry, "args": {}} if isinstance(entry, dict) and entry.get("key") in ABOUT_OTHERS else entry
                for entry in entries
            ]
            return json.dumps(cleared, ensure_ascii=False)
        return value
    if isinstance(value, list):
        return [
            {**found, "seen": None} if isinstance(found, dict) and found.get("rule") in SEEN_AT_OTHERS else found
            for found in value
        ]
    return value


def fill_seen(sentence: str, seen: str | None) -> str:
    """A rule's sentence with what it saw; without it, the sentence ends before the place of it."""
    return _PLACE.sub("", sentence) if seen is None else sentence.replace("{seen}", seen)
