"""Countries by name and code, in the interface languages that are read; from the common locale data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from babel import Locale
from babel.core import get_global

LANGUAGES = ("en", "nl", "fr", "es", "de", "vi")
OTHER_NAMES = {
    "uk": "gb",
    "usa": "us",
    "eeuu": "us",
    "u.s.a.": "us",
    "holland": "nl",
    "hong kong": "hk",
    "macau": "mo",
    "macedonia": "mk",
    "palestine": "ps",
    "swaziland": "sz",
    "turkey": "tr",
    "us virgin islands": "vi",
    "bulgari": "bg",
    "bê-la-rút": "by",
    "bờ biển ngà": "ci",
    "cộng hoà dominica": "do",
    "i-ran": "ir",
    "i-rắc": "iq",
    "philippin": "ph",
    "rumani": "ro",
    "thuỵ sĩ": "ch",
    "thuỵ điển": "se",
    "tiếng bồ đào nha": "pt",
    "tiếng somalia": "so",
    "vùng không biết": "zz",
    "úc": "au",
    "ý": "it",
    "đài loan": "tw",
    "đảo síp": "cy",
    "ả-rập xê-út": "sa",
}
"""Codes and names in exports that are neither ISO codes nor names of the common locale data."""


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Names, lower case, to ISO 3166-1 alpha-2 codes, lower case."""
    codes = dict(OTHER_NAMES)
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if re.fullmatch(r"[A-Z]{2}", code):
                codes.setdefault(str(name).lower(), code.lower())
    return codes


@lru_cache(maxsize=1)
def three_letter_codes() -> dict[str, str]:
    """ISO 3166-1 alpha-3 to alpha-2, both lower case (``zzz``, no country known, is ``zz``)."""
    aliases: Mapping[str, list[str]] = get_global("territory_aliases")
    return {
        code.lower(): stands_for[0].lower()
        for code, stands_for in sorted(aliases.items())
        if re.fullmatch(r"[A-Z]{3}", code) and len(stands_for) == 1
    }


def country_named(name: str) -> str | None:
    """ISO 3166-1 alpha-2, lower case, of a country's name in one of ``LANGUAGES``; None when it is none."""
    return country_names().get(name.strip().lower())
