"""The market and the device a ranking export speaks of, where its name or preamble tells."""

from __future__ import annotations

import re

from transforms.ingest.country_names import OTHER_NAMES, country_named
from transforms.ingest.formats import ExportFormat

LONGEST_PREAMBLE_LINE = 200
"""Characters of a line that are looked at; the provider's have a hundred."""

_PREAMBLE = re.compile(r"^Google\s+(.+?)\s*(?:\(.*\))?,\s*(?:.+,\s*)?interface language", re.IGNORECASE)


def country_of(declared: ExportFormat, preamble: tuple[str, ...], names: tuple[str, ...]) -> str | None:
    """The country an export says it is about: by its preamble, its provider's place in the name, or a word in it."""
    for line in preamble:
        if found := _PREAMBLE.match(line.strip()[:LONGEST_PREAMBLE_LINE]):
            for part in (found.group(1), *found.group(1).split(", ")):
                if code := country_named(part):
                    return code
    for name in names:
        if declared.country_in_name and (told := declared.country_in_name.search(name)):
            code = told.group(1).lower()
            return OTHER_NAMES.get(code, code)
    return _country_word(names[0]) if names and declared.country_in_name else None


def device_of(declared: ExportFormat, names: tuple[str, ...]) -> str | None:
    """The device an export says it is about, by its provider's place in the name; None when no name tells."""
    if declared.device_in_name is None:
        return None
    told = (declared.device_in_name.search(name) for name in names)
    return next((found.group(1).lower() for found in told if found), None)


def _country_word(name: str) -> str | None:
    words = re.split(r"[\s_\-.()]+", name.lower())
    told = {code for word in words if len(word) > 2 and (code := country_named(word))}
    return told.pop() if len(told) == 1 else None
