"""One event, one id, whoever lists it: how ``event_id`` and ``scope`` are told where a file does not give them.

**Search updates** of all sites: the bundled calendar's id when it has an event of the same kind, scope and first day
(``March 2024 Core Update + spam updates`` of 5 March 2024 is its ``march-2024-core-update``); else the name in small
letters with dashes, which is how the bundled calendar makes its ids (``november-2026-core-update``), so that lists that
name an update alike and differ by a day are one event too.

**Anything else** of all sites: the bundled calendar's id by the same rule, else first day and name
(``2026-05-04-ranking-issue``). **What concerns one site**: site, first day, kind and name. A changed name or first day
is another event; a list that people keep up takes the place of its former contents, so that none is left behind.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

from transforms.ingest.formats.format import Derived
from transforms.ingest.formats.written import sql_text

BUNDLED = "calendar/search_updates.csv"

SCOPES_IN_NAMES = (
    (r"link spam", "link_spam"),
    (r"\bcore\b", "core"),
    (r"spam", "spam"),
    (r"review", "reviews"),
    (r"helpful content", "helpful_content"),
    (r"page experience", "page_experience"),
    (r"\bdiscover\b", "discover"),
)
"""What the name of an update says of its scope; the first that fits counts."""

OUTAGE_SCOPE = "ranking"
"""Scope of the bundled calendar's ranking incidents."""


_BETWEEN_WORDS = sql_text(r"[^\p{{L}}\p{{N}}]+")
"""Everything but letters and digits; braces are doubled for :class:`Derived`."""


def _slug(text: str) -> str:
    return f"trim(regexp_replace(strip_accents(lower({text})), {_BETWEEN_WORDS}, '-', 'g'), '-')"


@lru_cache(maxsize=1)
def _bundled_ids() -> dict[str, str]:
    """``kind|scope|first day`` to ``event_id``."""
    text = files("transforms.ingest").joinpath(BUNDLED).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {f"{row['kind']}|{row['scope']}|{row['starts_on']}": row["event_id"] for row in rows}


def scope_of_name() -> Derived:
    """The scope of an update as its name tells, else as the file says."""
    cases = " ".join(
        f"WHEN regexp_matches(lower({{name}}), {sql_text(pattern)}) THEN {sql_text(scope)}"
        for pattern, scope in SCOPES_IN_NAMES
    )
    return Derived(
        target="scope", sql=f"CASE WHEN {{kind}} = 'update' THEN CASE {cases} ELSE {{scope}} END ELSE {{scope}} END"
    )


def event_id() -> Derived:
    """The id of the event; see the module."""
    known = ", ".join(f"{sql_text(key)}: {sql_text(found)}" for key, found in sorted(_bundled_ids().items()))
    key = "concat({kind}, '|', {scope}, '|', CAST({starts_on} AS VARCHAR))"
    named = (
        f"CASE WHEN {{kind}} = 'update' THEN {_slug('{name}')} ELSE concat({{starts_on}}, '-', {_slug('{name}')}) END"
    )
    of_site = f"concat({{site_domain}}, '-', {{starts_on}}, '-', {{kind}}, '-', {_slug('{name}')})"
    of_all = f"coalesce(MAP {{{{{known}}}}}[{key}], {named})"
    return Derived(
        target="event_id",
        sql=f"coalesce({{event_id}}, CASE WHEN {{site_domain}} IS NULL THEN {of_all} ELSE {of_site} END)",
    )
